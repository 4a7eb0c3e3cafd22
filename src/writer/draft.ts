import type { Product } from '../config/sections/product.js';
import type { Gesture } from '../config/sections/script.js';
import { hashString, seededRandom } from '../core/random.js';
import type { TextHit } from '../core/verdict.js';
import { judgeAcross, type TextJudge } from '../moderation/index.js';
import { judgeSpoken } from '../show/judge-spoken.js';
import { Listings } from '../show/listings.js';
import { spokenText } from '../speech/spoken-text.js';
import { expandWordings, fillSentence, readingOut } from './expand-wordings.js';
import type { SentenceName, SentencePlan, Style } from './plan-schema.js';
import { type PlannedSentence, productSentences, sentence } from './product-sentences.js';
import { spokenName } from './spoken-name.js';
import type { KnownWords } from './spoken-values.js';

/** Wordings with a warning are kept; those that would mute, skip or end are not. */
const forbids = ({ action }: TextHit): boolean => action !== 'warn' && action !== 'review';

interface JudgedLine {
  readonly text: string;
  readonly language: string;
  readonly product: string | undefined;
}

/** Judges wordings as the room will: as they are spoken, as a caption, and behind the line before. */
export class WordingJudge {
  private readonly listings: Listings;

  constructor(
    private readonly judge: TextJudge,
    products: readonly Product[],
  ) {
    this.listings = new Listings(products);
  }

  /** The rules that the wording breaks; empty when clean. */
  refusals({ text, language, product }: JudgedLine): readonly TextHit[] {
    const entry = this.listings.of(product, text);
    const said = judgeSpoken(this.judge, text, spokenText(text, language), { surface: 'speech', language, entry });
    const shown = this.judge.judge(text, { surface: 'caption', language, entry });
    return [...said.hits, ...shown.hits].filter(forbids);
  }

  /** Whether a contact is completed by saying `text` after `before`. */
  completes(before: string, { text, language }: Pick<JudgedLine, 'text' | 'language'>): boolean {
    return judgeAcross(this.judge, before, text, language).some(forbids);
  }
}

/** A line with the wordings that were judged clean. */
export interface DraftLine {
  readonly about: string;
  wordings: string[];
  readonly gesture: Gesture;
  readonly worth: number;
}

/** A part of the show in one language. */
export interface DraftSegment {
  readonly product: Product | undefined;
  readonly language: string;
  readonly plan: SentencePlan;
  lines: DraftLine[];
}

/**
 * Which wording a line begins with.
 *
 * The trouble: ten attributes said with the same three wordings sound like a form, and two products of one kind like
 * copies. The rule: the seed chooses, among wordings that this kind of sentence has not just used and that no other line with the
 * same content has; where all were, the one used longest ago.
 */
export class Rotation {
  private readonly recent = new Map<string, number[]>();
  private readonly used = new Map<string, Set<number>>();

  /** Whether no line has said this content yet. */
  isFresh(content: string): boolean {
    return !this.used.has(content);
  }

  /** An index below `count`. */
  next(name: string, content: string, count: number, seed: string): number {
    const recent = this.recent.get(name) ?? [];
    const used = this.used.get(content) ?? new Set<number>();
    const first = hashString(seed) % count;
    const all = Array.from({ length: count }, (_, i) => (first + i) % count);
    const fresh = all.filter((i) => !used.has(i));
    const pool = fresh.length > 0 ? fresh : all;
    const chosen = pool.toSorted((a, b) => recent.lastIndexOf(a) - recent.lastIndexOf(b))[0]!;
    this.recent.set(name, [...recent.filter((i) => i !== chosen), chosen]);
    this.used.set(content, used.add(chosen));
    return chosen;
  }
}

/** A line that was left out, and why. */
export interface LeftOut {
  readonly product: string | undefined;
  readonly language: string;
  readonly about: string;
  readonly rule: string;
  readonly found: string;
}

/** "Left out: kettle (en), faq 2: delivery "3 days" [rule 5.1]". */
export const leftOutText = ({ product, language, about, rule, found }: LeftOut): string =>
  `Left out: ${product ?? 'show'} (${language}), ${about}: ${found}${rule === '' ? '' : ` [rule ${rule}]`}`;

export interface DraftTools {
  readonly known: KnownWords;
  readonly judge: WordingJudge;
  readonly rotation: Rotation;
  readonly style: Style;
  /** Wordings kept of a line. */
  readonly maxWordings: number;
  readonly leftOut: (line: LeftOut) => void;
}

/** A caption of more characters covers the picture. */
const MAX_LINE_CHARS = 320;

/** Sentences without a product: greeting and good-bye. */
export function draftFrame(name: 'welcome' | 'goodbye', plan: SentencePlan, tools: DraftTools): DraftSegment {
  const segment: DraftSegment = { product: undefined, language: plan.language, plan, lines: [] };
  addLine(segment, sentence([name], {}, 'wave', 100, name), tools);
  return segment;
}

export interface DraftOptions {
  readonly product: Product;
  readonly plan: SentencePlan;
  readonly listingLanguage: string;
  readonly others: readonly Product[];
  /** The product that comes after this one. */
  readonly next: Product | undefined;
  readonly nextLanguage: string;
  /** The product's place in the show. */
  readonly place: number;
}

export function draftProduct(options: DraftOptions, tools: DraftTools): DraftSegment {
  const { product, plan, listingLanguage, others, next, nextLanguage, place } = options;
  const random = seededRandom(hashString(`${product.id} ${plan.language}`));
  const segment: DraftSegment = { product, language: plan.language, plan, lines: [] };
  const { known, style } = tools;
  const sentences = productSentences(product, { plan, known, style, listingLanguage, others, random, place });
  for (const one of sentences) addLine(segment, one, tools);
  if (next !== undefined) {
    const title = spokenName(next, { plan, known, listingLanguage: nextLanguage });
    const names: SentenceName[] = title === undefined ? ['nextPlain'] : ['next', 'nextPlain'];
    addLine(segment, sentence(names, { title: title ?? '' }, 'wave', 40, 'next'), tools);
  }
  segment.lines = wholePairs(segment.lines);
  return segment;
}

function addLine(segment: DraftSegment, planned: PlannedSentence, tools: DraftTools): void {
  const { plan, product, language } = segment;
  const { judge, rotation, maxWordings } = tools;
  let refused: TextHit | undefined;
  const keep = (wordings: readonly string[]): string[] => {
    const kept: string[] = [];
    for (const text of wordings) {
      if (kept.length >= maxWordings) break;
      if (text.length > MAX_LINE_CHARS) continue;
      const [hit] = judge.refusals({ text, language, product: product?.id });
      if (hit === undefined) kept.push(text);
      else refused ??= hit;
    }
    return kept;
  };
  const { about, gesture, worth, literal, slots } = planned;
  const turnedTo = (list: readonly string[]): readonly string[] => {
    const first = rotation.next(`${language} ${about}`, list[0]!, list.length, `${product?.id} ${about}`);
    return [...list.slice(first), ...list.slice(0, first)];
  };
  let wordings = literal === undefined ? [] : keep(turnedTo(expandWordings([literal])));
  for (const name of planned.names) {
    if (wordings.length > 0) break;
    const templates = planned.readsOut ? readingOut(plan.sentences[name]) : plan.sentences[name];
    const content = `${language} ${name} ${JSON.stringify(slots)}`;
    // Two products with one attribute do not say it with the same words.
    const own = planned.first === undefined ? [] : [planned.first];
    const leads = rotation.isFresh(content);
    const first = rotation.next(`${language} ${name}`, content, templates.length, `${product?.id} ${about}`);
    const turned = [...templates.slice(first), ...templates.slice(0, first)];
    const bridges = planned.begins === undefined ? [] : (plan.bridges[planned.begins] ?? []);
    const filled = expandWordings(turned).map((one) => fillSentence(one, slots));
    const plain = leads ? [...own, ...filled] : [...filled, ...own];
    wordings = keep(plain.map((one, i) => bridged(one, i, bridges, language)));
  }
  if (wordings.length > 0) segment.lines.push({ about, wordings, gesture, worth });
  else
    tools.leftOut({
      product: product?.id,
      language,
      about,
      rule: refused?.rule ?? '',
      found: refused === undefined ? 'too long to say' : `"${refused.match.slice(0, 60)}" (${refused.kind})`,
    });
}

/** Every other wording behind a sentence that leads over; a question leads over by itself. */
function bridged(wording: string, i: number, bridges: readonly string[], language: string): string {
  if (bridges.length === 0 || i % 2 !== 0 || /[?？؟]/.test(wording)) return wording;
  const bridge = bridges[(i / 2) % bridges.length]!;
  return repeats(bridge, wording, language) ? wording : bridge + wording;
}

const MIN_REPEATED = 4;
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** "So, the price. The price is …": a word of the bridge comes again at once. */
function repeats(bridge: string, wording: string, language: string): boolean {
  const small = (text: string): string => text.toLocaleLowerCase(language);
  const words = small(bridge).match(/[\p{L}\p{M}]+/gu) ?? [];
  const said = small(wording);
  return words.some((word) =>
    DENSE.test(word)
      ? (word.match(/\p{Script=Han}{2,}/gu) ?? []).some((run) => pairsOf(run).some((pair) => said.includes(pair)))
      : word.length >= MIN_REPEATED && said.includes(word),
  );
}

const pairsOf = (run: string): string[] => {
  const signs = Array.from(run);
  return signs.slice(1).map((sign, i) => signs[i]! + sign);
};

/** A question without its answer, or the other way round, is no line. */
function wholePairs(lines: readonly DraftLine[]): DraftLine[] {
  const count = (about: string): number => lines.filter((one) => one.about === about).length;
  return lines.filter(({ about }) => !about.startsWith('faq ') || count(about) === 2);
}

/** A product that is on air has at least a name, a price and a way to order. */
const MIN_LINES = 3;

/** How long a line takes to say, with the silence after it. */
export function lineSeconds(
  { wordings }: { readonly wordings: readonly string[] },
  charsPerSecond: number,
  gapMs: number,
): number {
  const chars = wordings.reduce((sum, text) => sum + Array.from(text).length, 0) / Math.max(1, wordings.length);
  return chars / charsPerSecond + gapMs / 1000;
}

export const segmentSeconds = ({ lines, plan }: DraftSegment, gapMs: number): number =>
  lines.reduce((sum, one) => sum + lineSeconds(one, plan.charsPerSecond, gapMs), 0);

/** Keeps the lines that are worth most, in their order, until the time is filled. */
export function fitSeconds(segment: DraftSegment, seconds: number, gapMs: number): void {
  const byWorth = segment.lines.toSorted((a, b) => b.worth - a.worth);
  const kept = new Set<DraftLine>();
  let used = 0;
  for (const one of byWorth) {
    const takes = lineSeconds(one, segment.plan.charsPerSecond, gapMs);
    if (kept.size >= MIN_LINES && used + takes > seconds) continue;
    kept.add(one);
    used += takes;
  }
  segment.lines = wholePairs(segment.lines.filter((one) => kept.has(one)));
}
