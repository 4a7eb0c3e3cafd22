import { judgeAcross, recentText } from '../../compliance/text/judge-across.js';
import type { TextJudge } from '../../compliance/text/text-judge.js';
import type { RuleAction, TextHit } from '../../core/verdict.js';

const MILD: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review']);

/**
 * What was said, or shown, last: a number in two halves, each harmless by itself, is whole in the ears of who hears both lines.
 * The second half is what never leaves.
 */
export class LinesBefore {
  private recent = '';

  /** `action`: what is done about a half that completes another. */
  constructor(
    private readonly judge: Pick<TextJudge, 'judge'>,
    private readonly action: RuleAction,
  ) {}

  /** What this text completes; it counts as said or shown, but for that. */
  add(text: string, language: string): TextHit[] {
    const hits = judgeAcross(this.judge, this.recent, text, language).map((h) =>
      MILD.has(h.action) ? h : { ...h, action: this.action },
    );
    const kept = hits.some((h) => !MILD.has(h.action)) ? text.slice(Math.max(...hits.map((h) => h.end))) : text;
    this.recent = recentText(this.recent, kept);
    return hits;
  }
}
