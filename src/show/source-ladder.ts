import type { StallStep } from '../core/source-step.js';

/**
 * The fallback ladder for a stalled source of the show.
 *
 * Problem: when a voice does not answer or a script cannot go on, the presenter says nothing; minutes of that are no
 * show, and platforms punish it. A hiccup must not be visible, minutes must not update like a broken room, and the show
 * must return at once.
 * Rule: the step depends on how long a line has been due. A late frame repeats the previous one (done by the tick
 * clock, up to half a second). From the first moment without a line the presenter idles: breathes, blinks, looks
 * around. After `reportAfterMs` the stall is reported; after `slateMs` the slate is shown. The next line returns to the first
 * step at once.
 * Numbers: reported after 5 s; slate after 120 s by default; 0 never.
 */
const REPORT_AFTER_MS = 5000;
const SLATE_MS = 120_000;

export class SourceLadder {
  private step: StallStep = 'fresh';

  constructor(
    private readonly slateMs = SLATE_MS,
    private readonly reportAfterMs = REPORT_AFTER_MS,
  ) {}

  get at(): StallStep {
    return this.step;
  }

  /** `owedMs`: how long a line has been due, 0 when none is. Returns the step when it has changed. */
  update(owedMs: number): StallStep | undefined {
    const slate = this.slateMs > 0 && owedMs >= this.slateMs;
    const next: StallStep = slate ? 'slate' : owedMs >= this.reportAfterMs ? 'idle' : 'fresh';
    if (next === this.step) return undefined;
    this.step = next;
    return next;
  }
}
