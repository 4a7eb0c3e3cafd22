import type { RepliesConfig } from '../../config/sections/replies.js';
import type { ReplyPacks } from './comments/reply-packs.js';
import { ruleText, type RuleText } from './reply-rules.js';

/** Stock lines are rarer than answers. */
const MIN_GAP_MS = 45_000;

export interface StockLinesOptions {
  readonly config: Pick<RepliesConfig, 'unknown' | 'stockLines'>;
  readonly packs: ReplyPacks;
  /** Whether a line in its language serves a viewer in this one. */
  readonly isOf: (language: string | undefined, wanted: string) => boolean;
}

/** Lines for questions that nobody can answer: "Ask our staff in the chat". */
export class StockLines {
  private lastMs = -Infinity;

  constructor(private readonly options: StockLinesOptions) {}

  /** The wordings of the next one; undefined when stock lines are off or the last one was lately. */
  next(language: string, nowMs: number): readonly RuleText[] | undefined {
    const { config, isOf } = this.options;
    if (config.unknown !== 'stock-line' || nowMs - this.lastMs < MIN_GAP_MS) return undefined;
    this.lastMs = nowMs;
    const own = config.stockLines.map(ruleText).filter((one) => isOf(one.language, language));
    return own.length > 0 ? own : this.ofPack(language);
  }

  private ofPack(language: string): RuleText[] {
    const { packs } = this.options;
    const pack = packs.get(language) ?? packs.get('en')!;
    return pack.sentences.unknown.map((text) => ({
      text: text.replace(/\(([^|()]*)\|[^()]*\)/g, '$1'),
      language: pack.language,
    }));
  }
}
