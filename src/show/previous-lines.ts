import type { RuleActions } from '../moderation/packs/index.js';
import { judgeAcross, recentText, type TextJudge } from '../moderation/index.js';
import type { RuleAction, TextHit } from '../core/verdict.js';

const MILD: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review']);
const AS_IT_IS: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review', 'tone', 'stop']);
/** The line is already scheduled: it cannot be skipped any more. */
const WITHHELD = { speech: 'mute', caption: 'drop-caption' } as const;

/**
 * The previous lines, spoken or shown. A number in two halves, each harmless alone, is complete for somebody who hears
 * both lines; the second half never leaves.
 */
export class PreviousLines {
  private recent = '';

  constructor(
    private readonly judge: Pick<TextJudge, 'judge'>,
    private readonly surface: 'speech' | 'caption',
    private readonly actions: Pick<RuleActions, 'action'>,
  ) {}

  /** The last words, to return to with `restore`. */
  get words(): string {
    return this.recent;
  }

  /** Returns to earlier words: the lines since then are not heard or shown. */
  restore(words: string): void {
    this.recent = words;
  }

  /** Hits that this text would complete. */
  completes(text: string, language: string): TextHit[] {
    const hits: TextHit[] = [];
    for (const hit of judgeAcross(this.judge, this.recent, text, language)) {
      const action = this.actions.action(hit.rule, this.surface);
      if (action !== undefined) hits.push({ ...hit, action: AS_IT_IS.has(action) ? action : WITHHELD[this.surface] });
    }
    return hits;
  }

  /** This text is spoken or shown, except the parts it completes. */
  add(text: string, completed: readonly TextHit[]): void {
    const withheld = completed.filter((h) => !MILD.has(h.action)).map((h) => h.end);
    this.recent = recentText(this.recent, text.slice(Math.max(0, ...withheld)));
  }
}
