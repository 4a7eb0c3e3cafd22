import type { Product } from '../../config/sections/product.js';
import { readLanguages } from '../language/detect-language.js';
import { normalise } from '../normalise/normalise.js';
import { withFigures } from '../numbers/number-words.js';
import { quantities, type Quantity } from '../numbers/quantities.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('by-quantity');

/**
 * Amounts that a listing gives by quantity: prices and lead times.
 *
 * Problem: a price of the ladder is the listing's own, and still wrong at another quantity.
 * Rule: in each sentence an amount belongs to the counts before it if the sentence begins with a count, else to those
 * after it. A count given as a bound ("less than 500") may be one off.
 */

/** A bound that leaves the count itself out, in the languages, folded. */
const BOUND = new RegExp(WORDS.any('bounds'));
const BOUND_CHARS = 20;
const SENTENCE_END = /[.!?](?=\s|$)|[。！？;；]/g;

interface Step {
  readonly from: number;
  readonly to?: number | undefined;
}

const stepAt = <S extends Step>(steps: readonly S[], count: number): S | undefined =>
  steps.findLast((step) => count >= step.from && (step.to === undefined || count <= step.to));

/** The counts of pieces that an amount is said for; none where its sentence names no count. */
export function countsOf(text: string, amount: Quantity, said: readonly Quantity[]): number[] {
  const [start, end] = sentenceAround(text, amount);
  const inside = said.filter((q) => q.start >= start && q.end <= end);
  const counts = inside.filter((q) => q.family === 'pieces');
  const others = inside.filter((q) => q.family === amount.family && q !== amount);
  const before = counts.filter(
    (c) => c.end <= amount.start && !others.some((o) => o.start > c.start && o.end <= amount.start),
  );
  const behind = counts.filter(
    (c) => c.start >= amount.end && !others.some((o) => o.start >= amount.end && o.end <= c.start),
  );
  const first = [...counts, amount, ...others].reduce((a, b) => (a.start <= b.start ? a : b), amount);
  const beside = first.family === 'pieces' ? [before, behind] : [behind, before];
  const chosen = beside.find((list) => list.length > 0) ?? [];
  return chosen.flatMap(({ value, start: at, end: to }) => {
    const around = `${text.slice(Math.max(start, at - BOUND_CHARS), at)} ${text.slice(to, Math.min(end, to + BOUND_CHARS / 2))}`;
    return BOUND.test(around) ? [value - 1, value, value + 1] : [value];
  });
}

/** The sentences of a text, without their signs at the end. */
export const sentencesIn = (text: string): string[] =>
  text
    .split(SENTENCE_END)
    .map((one) => one.trim())
    .filter((one) => one !== '');

export function sentenceAround(text: string, { start, end }: Quantity): [number, number] {
  let from = 0;
  for (const m of text.matchAll(SENTENCE_END)) {
    if (m.index >= end) return [from, m.index];
    if (m.index < start) from = m.index + m[0].length;
  }
  return [from, text.length];
}

/** Whether a price is the one of another quantity than the one it is said for. */
export function isWrongPriceAt(value: number, counts: readonly number[], products: readonly Product[]): boolean {
  if (counts.length === 0) return false;
  const laddered = products.filter((one) => one.priceLadder.length > 0);
  const owners = laddered.filter(({ priceLadder }) => priceLadder.some((step) => same(step.price, value)));
  if (owners.length === 0 || products.some((one) => one.priceLadder.length === 0 && same(one.price.amount, value)))
    return false;
  return !owners.some(({ priceLadder, sample }) =>
    counts.some((count) => {
      const step = stepAt(priceLadder, count);
      // Below the first step nothing is sold but samples.
      return step !== undefined ? same(step.price, value) : sample !== undefined && same(sample.price, value);
    }),
  );
}

/** Whether a time is shorter than the listing's for that quantity; undefined where the listing gives none by quantity. */
export function isTooSoonAt(
  days: number,
  counts: readonly number[],
  products: readonly Product[],
): boolean | undefined {
  const timed = products.filter((one) => one.leadTime.length > 0);
  if (timed.length === 0) return undefined;
  const stated = timed.flatMap(({ leadTime }) =>
    counts.length === 0 ? leadTime : counts.flatMap((count) => stepAt(leadTime, count) ?? []),
  );
  // Beyond the last step the time is agreed on: no figure is the listing's.
  return !stated.some((step) => step.days <= days);
}

/** Whether a price for all pieces together is the listing's. */
export const isTotal = (value: number, count: number, { price, priceLadder }: Product): boolean =>
  same((stepAt(priceLadder, count)?.price ?? price.amount) * count, value);

const same = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(0.005, Math.abs(b) * 1e-4);

const SAMPLES = new RegExp(String.raw`(?:${wordTable('detect-listing').any('samples')})`);
const OWN_LOGO = new RegExp(String.raw`(?:${wordTable('faq-facts').any('own-logo')})`);
const CURRENCIES = wordTable('faq-facts')
  .groups('currencies')
  .map(([code, words]) => [code.toUpperCase(), new RegExp(String.raw`(?:${words.join('|')})`)] as const);

/** What a listing's questions and answers state in figures. */
interface FaqFacts {
  readonly samplePrice?: number;
  readonly sampleDays?: number;
  /** Smallest quantity with the buyer's own logo. */
  readonly ownLogoFrom?: number;
}

/**
 * Reads the price and lead time of a sample, and from how many pieces on a buyer's logo is put on, out of a listing's
 * answers: figures can be said in every language, while an answer stays in its own. A price in another currency than
 * the listing's is left where it is.
 */
export function faqFacts(
  faq: readonly { readonly question: string; readonly answer: string }[],
  currency: string,
): FaqFacts {
  const facts: { -readonly [K in keyof FaqFacts]: FaqFacts[K] } = {};
  for (const { question, answer } of faq) {
    const languages = new Set([readLanguages(`${question} ${answer}`, 'en').guess?.language ?? 'en']);
    const read = (text: string): string => withFigures(normalise(text).folded, languages).text;
    const asked = read(question);
    const sentences = sentencesIn(read(answer));
    const sample = firstIn(sentences, asked, SAMPLES);
    const price = sample.find(({ family, text }) => family === 'money' && isIn(currency, text))?.value;
    const days = sample.find(({ family }) => family === 'days')?.value;
    if (price !== undefined && price > 0) facts.samplePrice ??= price;
    if (days !== undefined && days > 0) facts.sampleDays ??= days;
    const from = firstIn(sentences, asked, OWN_LOGO).find(({ family }) => family === 'pieces')?.value;
    if (from !== undefined && Number.isInteger(from) && from >= 1) facts.ownLogoFrom ??= from;
  }
  return facts;
}

/** The quantities behind the first mention of the subject; all of an answer whose question names it. */
function firstIn(sentences: readonly string[], asked: string, about: RegExp): (Quantity & { text: string })[] {
  const isAsked = about.test(asked);
  return sentences.flatMap((sentence) => {
    const at = sentence.search(about);
    if (at < 0 && !isAsked) return [];
    const found = quantities(sentence).map((q) => ({ ...q, text: sentence.slice(q.start, q.end) }));
    const behind = found.filter(({ start }) => start >= at);
    return behind.length > 0 ? behind : found;
  });
}

const isIn = (currency: string, text: string): boolean =>
  CURRENCIES.some(([code, words]) => code === currency && words.test(text));
