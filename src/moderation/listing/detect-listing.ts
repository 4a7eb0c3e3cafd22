import type { Product } from '../../config/sections/product.js';
import { countsOf, isTooSoonAt, isTotal, isWrongPriceAt, sentenceAround, sentencesIn } from './by-quantity.js';
import { describing, detectCertificates, statements } from './detect-certificates.js';
import type { Match } from '../match.js';
import { detectSaidMinimum, type LastingTimes, lastingTimes, outlasts } from '../rules/lasting-times.js';
import { normalise } from '../normalise/normalise.js';
import { withFigures } from '../numbers/number-words.js';
import { type Quantity, quantities } from '../numbers/quantities.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-listing');

/**
 * Detects contradictions to the listing: a different price (5.5), an unlisted discount, gift, stock or warranty (5.1),
 * a measure that differs from the listed one (2.1). Facts missing from the listing are not contradictions, except money
 * and promises.
 */

const DISCOUNT = new RegExp(String.raw`(?:${WORDS.any('discount')})`);
const MINIMUM = new RegExp(String.raw`(?:${WORDS.any('minimum')})`);
/** "A hundred pieces, that's the minimum": no other figure follows. */
const MIN_BEHIND = new RegExp(String.raw`^[^\d.!?]{0,16}(?:${WORDS.any('minimum-behind')})[^\d]*$`);
const WARRANTY = new RegExp(String.raw`(?:${WORDS.any('warranty')})`);
const LIFETIME = new RegExp(String.raw`(?:${WORDS.any('lifetime-warranty')})`, 'g');
const SHIPPING = new RegExp(String.raw`(?:${WORDS.any('free-shipping')})`, 'g');
const TENTHS = /(?<![\d.])(\d(?:\.\d)?)\s?折/g;
const SAME = 0.005;
const NEAR_CHARS = 24;
const CLAUSE_CHARS = 48;
/** A minimum without a unit: "MOQ is just 50", 起订量五十. */
const BARE_MINIMUM = /(?:moq|minimum order|起订量?|起批量?)[^\d.。]{0,12}(\d{1,6})(?!\d|\.\d)/g;
const HALF_PRICE = new RegExp(String.raw`(?:${WORDS.any('half-price')})`, 'g');
const SHIPS = new RegExp(String.raw`(?:${WORDS.any('ships')})`);
/** The height of a person is not a measure of the product. */
const BODY_HEIGHT = new RegExp(WORDS.any('body-height'));
const GIFT = new RegExp(WORDS.any('gifts'));
const SAMPLES = new RegExp(String.raw`(?:${WORDS.any('samples')})`);
/** A shorter sentence of the listing would stand in too many others. */
const MIN_STATED_CHARS = 12;
/** Durations are compared with the listing's only where both concern the same thing. */
const TIMES: ReadonlySet<string> = new Set(['minutes', 'hours', 'days', 'months', 'years']);
const WORD = /[a-z\u0430-\u044f]{4,}|\p{Script=Han}{2}/gu;

interface Listing {
  readonly text: string;
  readonly products: readonly Product[];
  readonly quantities: readonly Quantity[];
  readonly figures: ReadonlySet<number>;
  /** Each statement by itself, folded. */
  readonly statements: readonly string[];
  /** Sentences with figures, as the listing has them: whoever says one repeats the listing. */
  readonly sentences: readonly string[];
  /** Days until a sample is shipped. */
  readonly sampleDays: readonly number[];
  /** The facts, folded. */
  readonly facts: readonly string[];
  /** The titles, folded. */
  readonly titles: readonly string[];
  /** Stems of the words in facts about durations. */
  readonly timed: ReadonlySet<string>;
  readonly lasting: LastingTimes;
}

const cache = new WeakMap<readonly Product[], Listing>();

const stems = (text: string): string[] =>
  [...text.matchAll(WORD)].flatMap((m) => (m[0].length > 2 ? [m[0].slice(0, 4)] : [m[0]]));
/** Pairs of Chinese characters at every position. */
const allStems = (text: string): string[] => [...stems(text), ...stems(text.replace(/\p{Script=Han}/u, ' '))];

function readListing(products: readonly Product[], languages: ReadonlySet<string>): Listing {
  let listing = cache.get(products);
  if (listing === undefined) {
    const text = products.map((p) => statements(p).join(' \n ')).join(' \n ');
    const described = products.flatMap(describing);
    const view = withFigures(normalise(text).folded, languages);
    const facts = described.map((f) => normalise(f).folded.text);
    const titles = products.map((p) => normalise(p.title).folded.text);
    const timed = described.flatMap((fact) => {
      const { text: read } = withFigures(normalise(fact).folded, languages);
      const times = quantities(read).filter((q) => TIMES.has(q.family));
      return times.length > 0 ? allStems(without(read, times)) : [];
    });
    const lasting = new Map<string, number>();
    for (const fact of described) {
      const { text: read } = withFigures(normalise(fact).folded, languages);
      lastingTimes(read, quantities(read), lasting);
    }
    const sentences = described.flatMap((fact) => sentencesIn(withFigures(normalise(fact).folded, languages).text));
    const figures = new Set<number>(
      [...view.text.matchAll(/\d{1,9}(?:[.,]\d{1,3})?/g)].map((m) => Number(m[0].replace(',', '.'))),
    );
    listing = {
      text: view.text,
      products,
      quantities: quantities(view.text),
      figures,
      statements: products.flatMap(statements).map((one) => normalise(one).folded.text.trim()),
      sentences: sentences.filter((one) => one.length >= MIN_STATED_CHARS && /\d/.test(one)),
      sampleDays: [
        ...products.flatMap(({ sample }) => sample?.days ?? []),
        ...sentences.filter((one) => SAMPLES.test(one)).flatMap(daysIn),
      ],
      facts,
      titles,
      timed: new Set(timed),
      lasting,
    };
    cache.set(products, listing);
  }
  return listing;
}

const daysIn = (text: string): number[] =>
  quantities(text)
    .filter(({ family }) => family === 'days')
    .map(({ value }) => value);

/** The text without its quantities. */
const without = (text: string, of: readonly Quantity[]): string =>
  of.reduceRight((t, q) => `${t.slice(0, q.start)} ${t.slice(q.end)}`, text);

/** The text before a figure in its clause, back to the previous figure. */
const clauseBefore = (text: string, at: number): string =>
  /[^\d,.;:!?，。；：]*$/.exec(text.slice(Math.max(0, at - CLAUSE_CHARS), at))![0];

const same = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(SAME, Math.abs(b) * 1e-4);

function isListedPrice(value: number, listing: Listing, others: readonly number[]): boolean {
  if (listing.quantities.some((q) => q.family === 'money' && same(q.value, value))) return true;
  return listing.products.some((product) => {
    const { amount, was } = product.price;
    if (same(amount, value) || (was !== undefined && same(was, value))) return true;
    return others.some((n) => n >= 2 && Number.isInteger(n) && isTotal(value, n, product));
  });
}

function isListedDiscount(value: number, percent: boolean, listing: Listing): boolean {
  if (listing.quantities.some((q) => q.family === (percent ? 'percent' : 'money') && same(q.value, value))) return true;
  return listing.products.some(({ price }) => {
    if (price.was === undefined || price.was <= 0) return false;
    return percent
      ? Math.abs((1 - price.amount / price.was) * 100 - value) <= 1
      : same(price.was - price.amount, value);
  });
}

function isListedWarranty(q: Quantity, listing: Listing): boolean {
  const months = q.family === 'months' ? q.value : q.value * 12;
  return listing.quantities.some(
    (o) => (o.family === 'months' && same(o.value, months)) || (o.family === 'years' && same(o.value * 12, months)),
  );
}

const minimumsOf = (products: readonly Product[]): number[] =>
  products.flatMap((p) => {
    const figure = /\d{1,9}/.exec(p.minimumOrder.replace(/[,. ](?=\d{3})/g, ''));
    return figure === null ? [] : [Number(figure[0])];
  });

/** "From 500 pieces it is 3.65": where a step of the ladder, of the lead time or the buyer's own logo begins. */
function isStep(count: Quantity, said: readonly Quantity[], products: readonly Product[]): boolean {
  const amounts = new Set(said.map((q) => q.family));
  return products.some(
    ({ priceLadder, leadTime, customisation }) =>
      customisation?.from === count.value ||
      (amounts.has('money') && priceLadder.some((step) => step.from === count.value)) ||
      (amounts.has('days') && leadTime.some((step) => step.from === count.value)),
  );
}

const COLOUR_WORDS = wordTable('detect-listing-colours');

/** Detects an offered colour that is missing from the listing's colours (2.1). */

/** Names of each colour in all languages, folded. */
const COLOURS: readonly string[] = COLOUR_WORDS.groups('colours').map(([, names]) => names.join('|'));
const NAMES = COLOURS.map((c) => new RegExp(`(?<![\\p{L}\\p{M}])(?:${c})|(?<=[\\p{Script=Han}])(?:${c})`, 'gu'));
/** Words that offer colours. */
const OFFER = new RegExp(COLOUR_WORDS.any('offer'), 'u');
const LISTED = new RegExp(COLOUR_WORDS.any('listed'), 'u');

const namesIn = (text: string): Set<number> => {
  const found = new Set<number>();
  for (const [i, name] of NAMES.entries()) {
    name.lastIndex = 0;
    if (name.test(text)) found.add(i);
  }
  return found;
};

/** `facts` of the listings, folded. */
function detectListingColours(view: TextView, facts: readonly string[]): Match[] {
  if (!OFFER.test(view.text)) return [];
  const listed = new Set(facts.filter((f) => LISTED.test(f)).flatMap((f) => [...namesIn(f)]));
  // A listing with one colour describes its picture; two or more are a choice.
  if (listed.size < 2) return [];
  const found: Match[] = [];
  for (const [i, name] of NAMES.entries()) {
    if (listed.has(i)) continue;
    for (const m of view.text.matchAll(name)) {
      found.push({ rule: '2.1', kind: 'colour', ...originalRange(view, m.index, m.index + m[0].length) });
    }
  }
  return found;
}

const COUNT_WORDS = wordTable('detect-listing-counts');

/**
 * Counts said without "pieces": the size of a set (2.1), and less than the minimum order counted in the product's own
 * noun, "as few as ten bottles" (5.5).
 */

const SET_OF = new RegExp(COUNT_WORDS.any('sets-of'), 'g');
/** Words before a count that make it a minimum order. */
const MIN = new RegExp(String.raw`(?:${COUNT_WORDS.any('minimum-before')})\s*$`);
const MIN_AFTER = new RegExp(String.raw`^\s*(?:${COUNT_WORDS.any('minimum-after')})`);
const NOUN = /[a-z\u0430-\u044f]{4,}/g;
const STEM = 4;

/** The digits of `text` are figures; `entry` is the listing's text, folded the same way. */
function detectListingCounts(
  view: TextView,
  entry: string,
  titles: readonly string[],
  minima: readonly number[],
): Match[] {
  const found: Match[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const count = (m: RegExpMatchArray): number => Number(m.slice(1).find((g) => g !== undefined));
  const listed = [...entry.matchAll(SET_OF)].map(count);
  if (listed.length > 0) {
    for (const m of view.text.matchAll(SET_OF)) {
      if (!listed.includes(count(m))) add('2.1', 'spec', m.index, m.index + m[0].length);
    }
  }
  if (minima.length === 0) return found;
  const minimum = Math.min(...minima);
  const stems = new Set(titles.flatMap((t) => [...t.matchAll(NOUN)].map((m) => m[0].slice(0, STEM))));
  for (const m of view.text.matchAll(/(?<![\d.,$€£¥])(\d{1,6}) (?:\p{L}+ )?(\p{L}{4,})/gu)) {
    const word = m[0].slice(m[0].lastIndexOf(' ') + 1);
    if (!stems.has(word.slice(0, STEM)) || Number(m[1]) >= minimum) continue;
    const before = view.text.slice(Math.max(0, m.index - 24), m.index);
    if (MIN.test(before) || MIN_AFTER.test(view.text.slice(m.index + m[0].length)))
      add('5.5', 'minimum-order', m.index, m.index + m[0].length);
  }
  return found;
}

const AVAILABILITY_WORDS = wordTable('detect-availability');

/** A claim that goods can be had while the listing says they are sold out (5.1). */

/** "In stock", "still available" in the languages, folded. Variants ("available in six colours") claim no stock. */
const AVAILABLE = new RegExp(AVAILABILITY_WORDS.any('available'), 'gu');
/** Before or after it: goods that cannot be had, or will be again. */
const NOT_NOW = new RegExp(
  String.raw`\b(?:${AVAILABILITY_WORDS.any('not-now')})\b|нет|не |скоро|沒|没|无|無|不|很快|即将|ませ|ない|なし|近日|없|곧|لا |ليس|غير|قريبا|नहीं|जल्द|ไม่|หมด|เร็ว`,
);
const AVAILABILITY_NEAR_CHARS = 14;

const AVAILABILITY_WORD = /[\p{L}\p{M}]{4,}/gu;
const HAN = /\p{Script=Han}{2}|\p{Script=Katakana}{3}|\p{Script=Hangul}{2}|\p{Script=Thai}{4}/gu;

/** Title words as far as they survive inflection. */
const stemsOf = (title: string): string[] => [
  ...[...title.matchAll(AVAILABILITY_WORD)].map(([word]) => word.slice(0, Math.max(4, Math.ceil(word.length * 0.75)))),
  ...[...title.matchAll(HAN)].map(([word]) => word),
];

/** The products that a text names by a title word no other title has; all of them when it names none. */
function named(text: string, products: readonly Product[], titles: readonly string[]): readonly Product[] {
  const stems = titles.map(stemsOf);
  const found = products.filter((_, i) =>
    stems[i]!.some((stem) => text.includes(stem) && !titles.some((title, k) => k !== i && title.includes(stem))),
  );
  return found.length === 0 ? products : found;
}

/** Only where all listings that the line may be about are sold out. `titles`: folded, one for each product. */
function detectAvailability(view: TextView, products: readonly Product[], titles: readonly string[]): Match[] {
  if (!products.some(({ stock }) => stock === 'sold-out')) return [];
  const { text } = view;
  if (named(text, products, titles).some(({ stock }) => stock !== 'sold-out')) return [];
  const found: Match[] = [];
  for (const m of text.matchAll(AVAILABLE)) {
    const end = m.index + m[0].length;
    const around = `${text.slice(Math.max(0, m.index - AVAILABILITY_NEAR_CHARS), m.index)} ${text.slice(end, end + AVAILABILITY_NEAR_CHARS)}`;
    // "Still" holds "no longer" apart: لا يزال means "still".
    if (NOT_NOW.test(around.replace('لا يزال', ''))) continue;
    found.push({ rule: '5.1', kind: 'sold-out', ...originalRange(view, m.index, end) });
  }
  return found;
}

/** `languages`: those the text may be in. `gifts` and `scarcity` are original ranges of words such as "free gift" and "only … left". */
export function detectListingConflicts(
  folded: TextView,
  products: readonly Product[],
  gifts: readonly { start: number; end: number }[],
  scarcity: readonly { start: number; end: number }[],
  languages: ReadonlySet<string>,
): Match[] {
  const listing = readListing(products, languages);
  const view = withFigures(folded, languages);
  const text = view.text;
  const found: Match[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const said = quantities(text);
  const around = (q: Quantity): string => text.slice(Math.max(0, q.start - NEAR_CHARS), q.end + NEAR_CHARS);
  const sentenceOf = (q: Quantity): string => text.slice(...sentenceAround(text, q));
  for (const q of said) {
    const context = around(q);
    const sentence = sentenceOf(q);
    if (listing.sentences.some((stated) => sentence.includes(stated))) continue;
    if (q.family === 'money') {
      const counts = said.filter((o) => o.family === 'pieces').map((o) => o.value);
      if (DISCOUNT.test(context) && isListedDiscount(q.value, false, listing)) continue;
      if (!isListedPrice(q.value, listing, counts) || isWrongPriceAt(q.value, countsOf(text, q, said), products))
        add(DISCOUNT.test(context) ? '5.1' : '5.5', 'price', q.start, q.end);
    } else if (q.family === 'percent' && DISCOUNT.test(context)) {
      if (!isListedDiscount(q.value, true, listing)) add('5.1', 'discount', q.start, q.end);
    } else if (q.family === 'pieces') {
      const before = text.slice(Math.max(0, q.start - NEAR_CHARS), q.end + 6);
      if (
        !MINIMUM.test(before) &&
        !MINIMUM.test(clauseBefore(text, q.start)) &&
        !MIN_BEHIND.test(text.slice(q.end, q.end + NEAR_CHARS + 6))
      )
        continue;
      if (isStep(q, said, products)) continue;
      const minimum = minimumsOf(products);
      if (minimum.length > 0 && !minimum.includes(q.value)) add('5.5', 'minimum-order', q.start, q.end);
    } else if ((q.family === 'years' || q.family === 'months') && WARRANTY.test(context)) {
      if (!isListedWarranty(q, listing)) add('5.1', 'warranty', q.start, q.end);
    } else if ((q.family === 'days' || q.family === 'hours') && SHIPS.test(context)) {
      const days = q.family === 'days' ? q.value : q.value / 24;
      if (SAMPLES.test(sentence) && listing.sampleDays.some((stated) => stated <= days)) continue;
      const stated = listing.quantities.filter((o) => o.family === 'days');
      const tooSoon =
        isTooSoonAt(days, countsOf(text, q, said), products) ??
        (stated.length > 0 && !stated.some((o) => o.value <= days));
      if (tooSoon) add('5.1', 'delivery', q.start, q.end);
    } else if (outlasts(text, q, listing.lasting)) {
      add('2.1', 'spec', q.start, q.end);
    } else if (q.family === 'length' && BODY_HEIGHT.test(context)) {
      continue;
    } else if (TIMES.has(q.family) && !allStems(context).some((w) => listing.timed.has(w))) {
      continue;
    } else {
      const stated = listing.quantities.filter((o) => o.family === q.family);
      if (stated.length > 0 && !stated.some((o) => Math.abs(o.value - q.value) <= Math.abs(o.value) * 0.011))
        add('2.1', 'spec', q.start, q.end);
    }
  }
  const minima = minimumsOf(products);
  for (const m of text.matchAll(BARE_MINIMUM)) {
    const counted = said.some((q) => q.start < m.index + m[0].length && q.end > m.index);
    if (!counted && minima.length > 0 && !minima.includes(Number(m[1])))
      add('5.5', 'minimum-order', m.index, m.index + m[0].length);
  }
  for (const m of text.matchAll(HALF_PRICE)) {
    if (!isListedDiscount(50, true, listing)) add('5.1', 'discount', m.index, m.index + m[0].length);
  }
  for (const m of text.matchAll(TENTHS)) {
    if (!isListedDiscount(100 - Number(m[1]) * 10, true, listing))
      add('5.1', 'discount', m.index, m.index + m[0].length);
  }
  for (const pattern of [LIFETIME, SHIPPING]) {
    for (const m of text.matchAll(pattern)) {
      if (!listing.text.includes(m[0])) add('5.1', 'promise', m.index, m.index + m[0].length);
    }
  }
  if (!GIFT.test(listing.text)) {
    for (const g of gifts) found.push({ rule: '5.1', kind: 'gift', ...g });
  }
  for (const s of scarcity) {
    const number = said.find((q) => {
      const r = originalRange(view, q.start, q.end);
      return r.start < s.end + 12 && r.end > s.start - 12;
    });
    if (number !== undefined && number.family !== 'pieces') continue;
    const figures = [...text.matchAll(/\d{1,7}/g)].map((m) => ({
      value: Number(m[0]),
      ...originalRange(view, m.index, m.index + m[0].length),
    }));
    const near = figures.find((f) => f.start < s.end + 14 && f.end > s.start - 14);
    const value = number?.value ?? near?.value;
    if (value !== undefined && !listing.figures.has(value))
      found.push({
        rule: '5.1',
        kind: 'stock',
        start: Math.min(s.start, near?.start ?? s.start),
        end: Math.max(s.end, near?.end ?? s.end),
      });
  }
  found.push(
    ...detectListingColours(view, listing.facts),
    ...detectCertificates(view, listing.statements),
    ...detectAvailability(view, products, listing.titles),
    ...detectListingCounts(view, listing.text, listing.titles, minima),
  );
  found.push(...detectSaidMinimum(view, minima));
  return found;
}
