import type { ViewerEventKind } from '../../config/api/events-handle.js';
import type { RepliesConfig, ReplyRule, RuleAnswer } from '../../config/sections/replies.js';
import { foldedComment, Keywords } from './comments/comment-reader.js';
import type { ReplyPacks } from './comments/reply-packs.js';

export interface RuleText {
  readonly text: string;
  /** BCP-47; undefined for the room's. */
  readonly language: string | undefined;
}

export const ruleText = (answer: RuleAnswer): RuleText =>
  typeof answer === 'string' ? { text: answer, language: undefined } : { text: answer.text, language: answer.language };

/** The room's own rules: which one an event matches, whether it may speak, and which of its answers is next. */
export class ReplyRules {
  private readonly rules: readonly { rule: ReplyRule; words: Keywords | undefined }[];
  private readonly lastMs: Map<string, number>;
  private readonly turns: Map<string, number>;
  /** Ids of rules that the operator has switched off. */
  private readonly off: Set<string>;

  constructor(
    rules: readonly ReplyRule[],
    /** Seeded numbers in [0, 1). */
    private readonly random: () => number,
    /** Rules as they were: quiet times, turns and switches of the same ids go on. */
    before?: ReplyRules,
  ) {
    this.lastMs = new Map(before?.lastMs);
    this.turns = new Map(before?.turns);
    this.off = new Set(before?.off);
    this.rules = rules.map((rule) => {
      const terms = rule.match.split('|').filter((term) => term.trim() !== '');
      return { rule, words: terms.length === 0 ? undefined : new Keywords(terms) };
    });
  }

  /** The first rule that matches, in the order of the room file. */
  find(kind: ViewerEventKind, text: string): ReplyRule | undefined {
    const said = foldedComment(text);
    return this.rules.find(
      ({ rule, words }) =>
        !this.off.has(rule.id) && rule.kinds.includes(kind) && (words === undefined || words.in(said)),
    )?.rule;
  }

  /** All rules in their order. */
  list(): { readonly rule: ReplyRule; readonly on: boolean }[] {
    return this.rules.map(({ rule }) => ({ rule, on: !this.off.has(rule.id) }));
  }

  /** False for an unknown rule. */
  switch(id: string, on: boolean): boolean {
    if (!this.rules.some(({ rule }) => rule.id === id)) return false;
    if (on) this.off.delete(id);
    else this.off.add(id);
    return true;
  }

  /** Whether the rule has to be silent at this time. */
  isQuiet({ id, quietMs }: ReplyRule, nowMs: number): boolean {
    const last = this.lastMs.get(id);
    return last !== undefined && (quietMs < 0 || nowMs - last < quietMs);
  }

  used({ id }: ReplyRule, nowMs: number): void {
    this.lastMs.set(id, nowMs);
  }

  /** The rule's answers in the order in which they are tried now: those in the viewer's language first. */
  answers({ id, order, answers }: ReplyRule, isViewers: (language: string | undefined) => boolean): RuleText[] {
    const texts = answers.map(ruleText);
    const fitting = texts.filter(({ language }) => isViewers(language));
    const list = fitting.length > 0 ? fitting : texts.filter(({ language }) => language === undefined);
    if (list.length === 0) return texts;
    const turn = this.turns.get(id) ?? 0;
    this.turns.set(id, turn + 1);
    const first = order === 'random' ? Math.floor(this.random() * list.length) : turn % list.length;
    return [...list.slice(first), ...list.slice(0, first)];
  }
}

/** Stock lines are rarer than answers. */
const MIN_GAP_MS = 45_000;

interface StockLinesOptions {
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
