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
import { expandWordings, fillSentence, readingOut, withLeadIns } from '../expand-wordings.js';
import { KnownWords } from '../spoken-values.js';
import { listingLanguage } from '../listing-language.js';
import { type SentencePlan, type SentencePlans, sentencePlans, STYLES } from '../plan-schema.js';
import { type PlannedSentence, productSentences, sentence } from '../product-sentences.js';
import { spokenName } from '../spoken-name.js';
import { WordingJudge } from '../draft.js';
import { type FreshWordings, wantedWordings } from './kept-wordings.js';

/** Greetings have beginnings of their own. */
const WITHOUT_LEAD_IN: ReadonlySet<string> = new Set(['welcome', 'goodbye']);

/**
 * All wordings of the sentences that plans make of some products, by each of them: for a line that was written by a plan it
 * gives every other way to say the same. A sentence has the same key in the index of a changed listing, whose figures differ.
 */
export class PlanIndex {
  private readonly byWording = new Map<string, { readonly key: string; readonly all: readonly string[] }>();
  private readonly byKey = new Map<string, readonly string[]>();

  constructor(
    private readonly plans: SentencePlans,
    private readonly products: readonly Product[],
    private readonly roomLanguage: string,
  ) {}

  /** Adds the sentences of a product in a language; of the show's frame without a product. */
  add(product: Product | undefined, language: string): void {
    const plan = this.plans.get(language);
    if (plan === undefined) return;
    const lists = product === undefined ? [this.frame()] : this.sentences(product, plan);
    for (const [list, planned] of lists.entries()) {
      const seen = new Map<string, number>();
      for (const one of planned) {
        const kind = `${language} ${product?.id ?? ''} ${list} ${one.about} ${one.names.join('+')}`;
        const number = seen.get(kind) ?? 0;
        seen.set(kind, number + 1);
        this.note(one, plan, `${kind} ${number}`);
      }
    }
  }

  /** Every wording of a sentence that has one of these; none for a line of another hand. */
  of(wordings: readonly string[]): readonly string[] {
    return this.find(wordings)?.all ?? [];
  }

  /** The key of the sentence that has one of these wordings. */
  keyOf(wordings: readonly string[]): string | undefined {
    return this.find(wordings)?.key;
  }

  /** Every wording of the sentence with that key. */
  withKey(key: string): readonly string[] {
    return this.byKey.get(key) ?? [];
  }

  private find(wordings: readonly string[]) {
    for (const one of wordings) {
      const found = this.byWording.get(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private frame(): PlannedSentence[] {
    return (['welcome', 'goodbye'] as const).map((name) => sentence([name], {}, 'wave', 0, name));
  }

  private sentences(product: Product, plan: SentencePlan): PlannedSentence[][] {
    const others = this.products.filter((one) => one !== product);
    const language = listingLanguage(product, this.roomLanguage);
    const options = {
      plan,
      known: new KnownWords(this.plans),
      listingLanguage: language,
      others,
      random: () => 0,
      place: 0,
    };
    const titles = others.flatMap((one) => {
      const title = spokenName(one, { ...options, listingLanguage: listingLanguage(one, this.roomLanguage) });
      return title === undefined ? [] : [sentence(['next'], { title }, 'wave', 0, 'next')];
    });
    return [
      ...STYLES.map((style) => productSentences(product, { ...options, style })),
      [...titles, sentence(['nextPlain'], {}, 'wave', 0, 'next')],
    ];
  }

  private note({ names, slots, readsOut, literal, first }: PlannedSentence, plan: SentencePlan, key: string): void {
    if (literal !== undefined) {
      const plain = expandWordings([literal]);
      return this.keep(key, plain, withLeadIns(plain, plan.leadIns));
    }
    for (const name of names) {
      const templates = readsOut ? readingOut(plan.sentences[name]) : plan.sentences[name];
      const plain = expandWordings(templates);
      const more = WITHOUT_LEAD_IN.has(name) ? [] : withLeadIns(plain, plan.leadIns);
      const fill = (list: readonly string[]): string[] => list.map((one) => fillSentence(one, slots));
      this.keep(`${key} ${name}`, [...(first === undefined ? [] : [first]), ...fill(plain)], fill(more));
    }
  }

  private keep(key: string, plain: readonly string[], more: readonly string[]): void {
    const all = [...plain, ...more];
    this.byKey.set(key, all);
    for (const one of plain) if (!this.byWording.has(one)) this.byWording.set(one, { key, all });
  }
}

const PER_STEP = 4;
const MAX_WORDING_CHARS = 320;

interface PlanWriterOptions {
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
