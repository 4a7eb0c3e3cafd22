/**
 * Adds wordings of the sentence plans to the lines of a running script, in rooms without a language model.
 *
 * Problem: a room file holds at most twenty wordings a line, each judged before the show begins, and a round of some minutes
 * needs thirty for two hours.
 * Rule: for lines that a plan wrote, the plan's other wordings are judged beside the show, a few at a time, and added
 * until the line has enough; each line gets one before any gets two. Lines of another hand stay as they are. A product that
 * changes takes the wordings about it with it.
 * Numbers: four wordings a step; the caller steps every five seconds.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Product } from '../../config/sections/product.js';
import { wordingsOf } from '../../config/sections/script.js';
import { baseLanguage, type TextJudge } from '../../moderation/index.js';
import type { LiveLine, ScriptContent } from '../../show/script/live-script.js';
import { sentencePlans } from '../plan-schema.js';
import { WordingJudge } from '../wording-judge.js';
import { type FreshWordings, wantedWordings } from './fresh-wordings.js';
import { PlanIndex } from './plan-index.js';

const PER_STEP = 4;
const MAX_WORDING_CHARS = 320;

export interface PlanWriterOptions {
  readonly judge: TextJudge;
  readonly hours: number;
  readonly pool: FreshWordings;
  readonly products: () => readonly Product[];
  /** BCP-47 language of the room. */
  readonly language: string;
  readonly content: () => ScriptContent;
  readonly speaks: (segment: number) => boolean;
  readonly signal: AbortSignal;
}

interface Open {
  readonly line: LiveLine;
  readonly product: string | undefined;
  readonly language: string;
  /** Wordings that were not looked at yet. */
  readonly rest: string[];
}

export class PlanWriter {
  written = 0;
  refused = 0;
  private products: readonly Product[] | undefined;
  private content: ScriptContent | undefined;
  private open: Open[] = [];
  private wordings: WordingJudge | undefined;
  private stepping: Promise<void> | undefined;

  constructor(private readonly options: PlanWriterOptions) {}

  /** Whether every line has enough, or no other wording. */
  get isDone(): boolean {
    return this.content !== undefined && this.open.length === 0;
  }

  /** Judges a few wordings. A call meanwhile waits for the same. */
  step(): Promise<void> {
    this.stepping ??= this.turn().finally(() => (this.stepping = undefined));
    return this.stepping;
  }

  private async turn(): Promise<void> {
    const { content, products, pool, signal, hours, language, speaks } = this.options;
    if (this.content !== content() || this.products !== products()) this.begin();
    const wanted = wantedWordings(content(), language, hours, speaks);
    for (let i = 0; i < PER_STEP && !signal.aborted; i += 1) {
      // Lines with the fewest wordings come first; lines with enough, or without plans left, are done.
      this.open = this.open.filter(({ line, rest }) => rest.length > 0 && this.count(line) < wanted);
      const next = this.open.reduce<Open | undefined>(
        (least, one) => (least === undefined || this.count(one.line) < this.count(least.line) ? one : least),
        undefined,
      );
      if (next === undefined) return;
      await breathe();
      const text = next.rest.shift()!;
      const isClean =
        text.length <= MAX_WORDING_CHARS &&
        this.wordings!.refusals({ text, language: next.language, product: next.product }).length === 0;
      if (isClean) pool.add(next.line, text);
      if (isClean) this.written += 1;
      else this.refused += 1;
    }
  }

  private begin(): void {
    const { content, products, pool, judge, language: room } = this.options;
    const before = new Map(this.products?.map((one) => [one.id, one]));
    const now = new Map(products().map((one) => [one.id, one]));
    this.content = content();
    this.products = products();
    this.wordings = new WordingJudge(judge, this.products);
    this.open = [];
    const index = new PlanIndex(sentencePlans(), this.products, baseLanguage(room));
    const added = new Set<string>();
    for (const { product: id, lines } of this.content.segments) {
      const product = now.get(id ?? '');
      const isOther = before.get(id ?? '') !== product;
      for (const line of lines) {
        if (isOther) pool.clear(line);
        const language = baseLanguage(line.language ?? room);
        const place = `${id} ${language}`;
        if (!added.has(place)) index.add(product, language);
        added.add(place);
        const own = wordingsOf(line);
        const known = new Set([...own, ...pool.of(line)]);
        const rest = index.of(own).filter((one) => !known.has(one));
        if (rest.length > 0) this.open.push({ line, product: id, language, rest: [...rest] });
      }
    }
  }

  private count(line: LiveLine): number {
    return wordingsOf(line).length + this.options.pool.of(line).length;
  }
}
