/**
 * What comments mean, by the sentence model in its own process.
 *
 * Problem: an answer should not wait for a process that starts, and a flood of comments must not become a queue of
 * texts for the model.
 * Rule: a comment is given to the model only while fewer than MAX_WAITING wait, and at most MAX_PER_SECOND of them in a
 * second; equal comments share one result. All others, and all while the process is down, are understood by known words
 * alone. After a failure the model rests for REST_MS.
 */
import type { Product } from '../../../config/sections/product.js';
import type { ReplyRule } from '../../../config/sections/replies.js';
import {
  foldName,
  type Hints,
  isNoQuestion,
  likeness,
  MeaningIndex,
  packVector,
  readVectors,
  takeApart,
  type Understood,
  understand,
  VECTOR_SIZE,
  type ExampleRow,
  exampleRows,
  meaningTables,
} from '../../../meaning/index.js';
import { templatePath } from '../../../core/files/paths.js';
import { type Intent, replyPacks } from '../comments/reply-packs.js';
import { type CommentReader, foldComment } from '../comments/comment-reader.js';
import { type MeaningAnswers, NO_MEANINGS, type ProductMeanings } from './meaning-answers.js';

const MAX_WAITING = 12;
const MAX_PER_SECOND = 8;
const MAX_CHARS = 160;
const MAX_CACHED = 400;
const MAX_NAMES = 40;
const REST_MS = 10_000;
/** Then known words answer; a busy machine takes seconds to start the process. */
const TIMEOUT_MS = 4000;
/** A name of a listing's attribute or question takes a canonical name where it is so near. */
const MIN_OWN = 0.9;
const MIN_OWN_MARGIN = 0.07;
const MIN_RULE = 0.9;
/** What equal letters add to the score of an example, and not to a rule's phrase. */
const LETTERS = 0.13;

/** Vectors of texts, VECTOR_SIZE numbers each. */
export type Embed = (texts: readonly string[]) => Promise<Float32Array>;

/** Intents that are several attributes. */
const COVERS: Partial<Readonly<Record<Intent, readonly string[]>>> = {
  size: ['size', 'capacity', 'weight', 'thickness'],
  variants: ['colour', 'style', 'pattern', 'size'],
};
/** Only known words ask for these: their examples are near to every question with "you". */
const BY_WORDS: ReadonlySet<string> = new Set(['ai', 'who', 'link']);

export interface Reading {
  /** One, or each of several questions. */
  readonly questions: readonly Understood[];
  readonly meanings: ProductMeanings;
  /** A rule with `matchBy: "meaning"` that the comment means. */
  readonly rule: ReplyRule | undefined;
  readonly tookMs: number;
}

export interface CommentMeaningsOptions {
  readonly embed: Embed;
  readonly comments: CommentReader;
  readonly answers: MeaningAnswers;
  readonly rules?: readonly ReplyRule[];
  readonly nowMs: () => number;
  /** Default MAX_PER_SECOND. */
  readonly perSecond?: number | undefined;
  /** Default TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
  /** The model did not answer. */
  readonly onFault?: (cause: unknown) => void;
  /** Another comment is left to known words, because too many come at once; `total` of them since the start. */
  readonly onPassedOver?: (total: number) => void;
}

/** The meaning of each intent of the reply packs; `size` and `variants` cover several attributes, so their words teach none. */
const MEANING_OF_INTENT: Readonly<Record<Intent, string | undefined>> = {
  ai: 'ai',
  who: 'who',
  warranty: 'warranty',
  sample: 'sample',
  customisation: 'logo',
  certificate: 'certificate',
  moq: 'minimum-order',
  packing: 'packing',
  leadTime: 'lead-time',
  shipping: 'shipping',
  material: 'material',
  size: undefined,
  variants: undefined,
  link: 'link',
  stock: 'stock',
  price: 'price',
};

/** The intent of a meaning, for the sentences of the reply packs. */
export const INTENT_OF_MEANING: Readonly<Record<string, Intent>> = {
  discount: 'price',
  colour: 'variants',
  ...Object.fromEntries(
    Object.entries(MEANING_OF_INTENT).flatMap(([intent, meaning]) =>
      meaning === undefined ? [] : [[meaning, intent]],
    ),
  ),
} as Record<string, Intent>;

/** The examples of the meaning tables, and the questions of the reply packs that ask by themselves. */
export function meaningRows(): ExampleRow[] {
  const tables = meaningTables();
  const own = exampleRows(tables);
  const seen = new Set(own.map(({ language, text }) => `${language} ${text}`));
  const more: ExampleRow[] = [];
  for (const [language, { intents }] of replyPacks()) {
    for (const [intent, { strong }] of Object.entries(intents)) {
      const label = MEANING_OF_INTENT[intent as Intent];
      if (label === undefined) continue;
      for (const term of strong) {
        const text = term.replaceAll('+', ' ').replaceAll('*', '');
        if (!seen.has(`${language} ${text}`)) more.push({ label, language, text });
      }
    }
  }
  return exampleRows(tables, more);
}

export class CommentMeanings {
  private readonly products = new WeakMap<Product, Promise<ProductMeanings>>();
  private readonly known = new Map<string, Promise<Reading | undefined>>();
  private rulePhrases: Promise<readonly { rule: ReplyRule; packed: Int8Array }[]> | undefined;
  private waiting = 0;
  private secondMs = -Infinity;
  private inSecond = 0;
  private restUntilMs = -Infinity;
  private passedOver = 0;

  constructor(private readonly options: CommentMeaningsOptions) {}

  /**
   * What the comment asks; undefined at once where known words have to do, and a promise of undefined where the model
   * failed.
   */
  read(comment: string, product: Product | undefined): Promise<Reading | undefined> | undefined {
    const text = comment.trim();
    if (text.length > MAX_CHARS || !/\p{L}/u.test(text)) return undefined;
    const key = `${product?.id}\n${foldComment(text)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const now = this.options.nowMs();
    if (now < this.restUntilMs) return undefined;
    if (now - this.secondMs >= 1000) [this.secondMs, this.inSecond] = [now, 0];
    if (this.waiting >= MAX_WAITING || this.inSecond >= (this.options.perSecond ?? MAX_PER_SECOND)) {
      this.passedOver += 1;
      this.options.onPassedOver?.(this.passedOver);
      return undefined;
    }
    this.inSecond += 1;
    this.waiting += 1;
    const reading = this.understand(text, product)
      .catch((cause: unknown) => {
        this.restUntilMs = this.options.nowMs() + REST_MS;
        this.known.delete(key);
        this.options.onFault?.(cause);
        return undefined;
      })
      .finally(() => (this.waiting -= 1));
    this.known.set(key, reading);
    if (this.known.size > MAX_CACHED) this.known.delete(this.known.keys().next().value!);
    return reading;
  }

  /** Listings changed: their answers are looked up again. */
  forget(): void {
    this.known.clear();
  }

  private async understand(text: string, product: Product | undefined): Promise<Reading> {
    const startedMs = this.options.nowMs();
    const index = openIndex();
    const { whole, parts } = takeApart(text, this.options.comments.read(text).language);
    const texts = [whole, ...parts.map((one) => one.text)];
    const vectors = await this.embed(texts);
    const meanings = product === undefined ? NO_MEANINGS : await this.meaningsOf(product, index);
    const listed = product === undefined ? new Set<string>() : this.options.answers.listed(product, meanings);
    const each = texts.map((one, i) => {
      const vector = vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE);
      return understand(index, one, vector, this.hints(i === 0 ? text : one, product, meanings, listed));
    });
    const [all, ...single] = each;
    const sure = single.filter(({ label }) => label !== undefined);
    const labels = new Set(sure.map(({ label }) => label));
    // "I need 500, what is the price and is there a UK plug": what asks nothing takes nothing from the questions.
    const { comments } = this.options;
    const isClear = single.every(
      ({ label }, i) => label !== undefined || parts[i]!.hadFigure || !comments.read(parts[i]!.text).isQuestion,
    );
    const isSeveral = isClear && labels.size > 1;
    const rule = await this.ruleOf(vectors.subarray(0, VECTOR_SIZE), all!);
    return {
      questions: isSeveral ? sure.filter(({ label }) => !isNoQuestion(label!)) : [all!],
      meanings,
      rule,
      tookMs: this.options.nowMs() - startedMs,
    };
  }

  private hints(text: string, product: Product | undefined, meanings: ProductMeanings, listed: Set<string>): Hints {
    const { comments, answers } = this.options;
    const { intent, isStrong, isQuestion } = comments.read(text);
    const labels = intent === undefined ? [] : (COVERS[intent] ?? [MEANING_OF_INTENT[intent]!]);
    const words = new Set(foldName(text).split(' '));
    const byValue = new Set<string>();
    if (product !== undefined)
      for (const [label, list] of answers.attributes(product, meanings))
        if (
          list.some(({ value }) =>
            foldName(value)
              .split(' ')
              .some((word) => isTelling(word) && words.has(word)),
          )
        )
          byValue.add(label);
    return {
      listed,
      byValue,
      byWords: BY_WORDS,
      isAsking: isQuestion,
      ...(labels.length === 0 ? {} : { known: { labels, isStrong } }),
    };
  }

  /** Canonical names of what a listing names in its own words. */
  private meaningsOf(product: Product, index: MeaningIndex): Promise<ProductMeanings> {
    let meanings = this.products.get(product);
    if (meanings === undefined) {
      meanings = this.nameAll(product, index);
      this.products.set(product, meanings);
      meanings.catch(() => this.products.delete(product));
    }
    return meanings;
  }

  private async nameAll(product: Product, index: MeaningIndex): Promise<ProductMeanings> {
    const { answers } = this.options;
    const unnamed = [...product.attributes, ...product.packing]
      .map(({ name }) => name)
      .filter((name) => answers.labelOf(name) === undefined)
      .slice(0, MAX_NAMES);
    const questions = product.faq.map(({ question }) => question).slice(0, MAX_NAMES);
    const texts = [...unnamed, ...questions];
    if (texts.length === 0) return NO_MEANINGS;
    const vectors = await this.embed(texts);
    const attributes = new Map<string, string>();
    const faq = new Map<number, string>();
    for (const [i, text] of texts.entries()) {
      const [first, second] = index.rank(text, vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE), 2);
      if (first === undefined || isNoQuestion(first.label)) continue;
      if (first.near < MIN_OWN || first.score - (second?.score ?? 0) < MIN_OWN_MARGIN) continue;
      if (i < unnamed.length) attributes.set(text, first.label);
      else faq.set(i - unnamed.length, first.label);
    }
    return { attributes, faq };
  }

  private async ruleOf(vector: Float32Array, { score }: Understood): Promise<ReplyRule | undefined> {
    const rules = (this.options.rules ?? []).filter((one) => one.matchBy === 'meaning' && one.match.trim() !== '');
    if (rules.length === 0) return undefined;
    this.rulePhrases ??= this.embedRules(rules);
    const packed = new Int8Array(VECTOR_SIZE);
    packVector(vector, packed, 0);
    let best: { rule: ReplyRule; near: number } | undefined;
    for (const { rule, packed: phrase } of await this.rulePhrases) {
      const near = likeness(packed, phrase, 0);
      if (near >= Math.max(MIN_RULE, score - LETTERS) && near > (best?.near ?? 0)) best = { rule, near };
    }
    return best?.rule;
  }

  private async embedRules(rules: readonly ReplyRule[]): Promise<readonly { rule: ReplyRule; packed: Int8Array }[]> {
    const phrases = rules.flatMap((rule) =>
      rule.match
        .split('|')
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .map((phrase) => ({ rule, phrase })),
    );
    const vectors = await this.embed(phrases.map(({ phrase }) => phrase));
    return phrases.map(({ rule }, i) => {
      const packed = new Int8Array(VECTOR_SIZE);
      packVector(vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE), packed, 0);
      return { rule, packed };
    });
  }

  private embed(texts: readonly string[]): Promise<Float32Array> {
    const { timeoutMs = TIMEOUT_MS } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer of the sentence model within ${timeoutMs} ms`)), timeoutMs);
      timer.unref();
    });
    return Promise.race([this.options.embed(texts), late]).finally(() => clearTimeout(timer));
  }
}

const isTelling = (word: string): boolean => word.length >= 2 && !/^\d+$/.test(word);

let shared: MeaningIndex | undefined;
/** The examples of the package, read once. */
function openIndex(): MeaningIndex {
  if (shared === undefined) {
    const rows = meaningRows();
    shared = new MeaningIndex(rows, readVectors(templatePath('meaning', 'vectors.bin'), rows));
  }
  return shared;
}
