import type { SourceRung } from '../core/room-handle.js';

/**
 * What viewers get while a source of the show stalls.
 *
 * Problem: a voice that does not answer, or a script that cannot go on, leaves a presenter who says nothing; for
 * minutes that is no show at all, and platforms punish it. Demands: a hiccup must not be seen; a fault of minutes
 * must not look like a broken room; back at once when the source is.
 * Rule: rungs by how long the source has owed something. A frame that is late repeats the last one (the tick
 * clock does that by itself, up to half a second). From the first moment without a line the presenter idles:
 * breathes, blinks, looks about. After `tellMs` that is told; after `slateMs` the slate is shown, as an operator would
 * do. Whatever comes from the source leads straight back.
 * Numbers: told after 5 s; slate after 120 s unless the room says otherwise; 0 never.
 */
export const TELL_MS = 5000;
export const SLATE_MS = 120_000;

export class SourceLadder {
  private rung: SourceRung = 'fresh';

  constructor(
    private readonly slateMs = SLATE_MS,
    private readonly tellMs = TELL_MS,
  ) {}

  get at(): SourceRung {
    return this.rung;
  }

  /** `owedMs`: for how long something has been due, 0 when nothing is. Gives the rung when it has changed. */
  look(owedMs: number): SourceRung | undefined {
    const slate = this.slateMs > 0 && owedMs >= this.slateMs;
    const next: SourceRung = slate ? 'slate' : owedMs >= this.tellMs ? 'idle' : 'fresh';
    if (next === this.rung) return undefined;
    this.rung = next;
    return next;
  }
}
