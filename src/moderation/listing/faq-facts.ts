import { normalise } from '../normalise/normalise.js';
import { withFigures } from '../numbers/number-words.js';
import { type Quantity, quantities } from '../numbers/quantities.js';
import { readLanguages } from '../language/detect-language.js';
import { wordTable } from '../words/word-table.js';
import { sentencesIn } from './by-quantity.js';

const SAMPLES = new RegExp(String.raw`(?:${wordTable('detect-listing').any('samples')})`);
const OWN_LOGO = new RegExp(String.raw`(?:${wordTable('faq-facts').any('own-logo')})`);
const CURRENCIES = wordTable('faq-facts')
  .groups('currencies')
  .map(([code, words]) => [code.toUpperCase(), new RegExp(String.raw`(?:${words.join('|')})`)] as const);

/** What a listing's questions and answers state in figures. */
export interface FaqFacts {
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
