import { createRequire } from 'node:module';
import type { Place } from '../language/clause-around.js';
import { digitRuns } from '../numbers/digit-runs.js';
import { baseLanguage } from '../language/detect-language.js';
import { normalise } from '../normalise/normalise.js';
import { withFigures } from '../numbers/number-words.js';
import { numberWords } from '../numbers/number-tables.js';
import { quantities } from '../numbers/quantities.js';
import { isSmallWord } from '../normalise/small-words.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { DOT_WORDS, SIGN_WORDS, SPAN_WORDS } from './account-words.js';

/**
 * Signs of a spoken account: numbers without a unit, spelled letters, a handle, a spoken address.
 *
 * Problem: next to a forbidden word any of these may be the account itself, but prices, sizes and days occur there as
 * well.
 * Rule: a number with its unit or currency is an amount; any other number is a sign. Five digits in a row, or six in
 * one sentence, are a strong sign by themselves.
 */
export interface AccountSigns {
  /** Accounts by their form alone. */
  readonly strong: readonly Place[];
  /** Numbers without a unit. */
  readonly numbers: readonly Place[];
  /** Those of `numbers` that count nothing: "four colours" is excluded, "king eighty eight" is not. */
  readonly uncounted: readonly Place[];
}

const STRONG_DIGITS = 5;
const STRONG_SUM = 6;
/** Maximum digits of a spoken amount. */
const MAX_AMOUNT_DIGITS = 6;
/** Minimum digit words of a number: shorter runs are articles and particles of some language. */
const MIN_SPOKEN_DIGITS = 3;

const HANDLE = /(?<![\p{L}\p{N}])@ ?[\p{L}\p{N}_.]{2,}/gu;
/** Lamp_88, kettle88: letters with an underscore or digits; X200 is a model. */
const IDENTIFIER = /(?<![\p{L}\p{N}_-])(?:\p{L}[\p{L}\p{N}.]*_[\p{L}\p{N}_.]+|[a-z]{3,20}\d{2,6})(?![\p{L}\p{N}-])/gu;
const SPELLED =
  /(?<![\p{L}\p{N}\p{M}'’])(?:[a-z\u0430-\u044f][\s.,-]{1,3}){2,}[a-z\u0430-\u044f](?![\p{L}\p{N}\p{M}'’])/giu;
const SAID_SIGN = new RegExp(`(?<![\\p{L}\\p{M}])(?:${SIGN_WORDS})(?![\\p{L}\\p{M}])`, 'giu');
const SAID_DOT = new RegExp(
  `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Arabic}])(?:${DOT_WORDS})\\s*(?<end>[a-z]{2,12})(?![\\p{L}])`,
  'giu',
);
const WRITTEN = /\d+/g;
const WORD = /\p{L}[\p{L}\p{M}]*/gu;
/** A noun follows at once: the counted thing. */
const COUNTED = /^[\s-]*\p{L}{2,}/u;
/** Excludes one, because "a", "un", 一 are articles as often. */
const MIN_VALUE = 2;

const ADDRESS_ENDS: ReadonlySet<string> = new Set(createRequire(import.meta.url)('tlds') as string[]);
/** Domain endings that count although they are small words. */
const ENDS_ANYWAY: ReadonlySet<string> = new Set(['com', 'net', 'org', 'es', 'it', 'de', 'me', 'in', 'to']);

export function accountSigns(text: string, language: string): AccountSigns {
  const { folded } = normalise(text);
  const languages = new Set([baseLanguage(language), 'en']);
  const strong = [
    ...match(text, HANDLE),
    ...match(text, IDENTIFIER),
    ...match(text, SPELLED),
    ...match(text, SAID_SIGN),
  ];
  strong.push(...saidAddresses(text));
  const amounts = amountsOf(folded, languages);
  const found = numbersOf(folded, languages).filter(({ digits, place }) => {
    return digits > MAX_AMOUNT_DIGITS || !isAmount(text, place, amounts);
  });
  strong.push(...found.filter(({ digits }) => digits >= STRONG_DIGITS).map(({ place }) => place));
  const numbers = found.map(({ place }) => place);
  if (found.length > 1 && found.reduce((sum, { digits }) => sum + digits, 0) >= STRONG_SUM) strong.push(...numbers);
  return { strong, numbers, uncounted: numbers.filter(({ end }) => !COUNTED.test(text.slice(end, end + 4))) };
}

const match = (text: string, form: RegExp): Place[] =>
  Array.from(text.matchAll(form), (m) => ({ start: m.index, end: m.index + m[0].length }));

/** "Teteras punto casa", 海港 点 com. */
function saidAddresses(text: string): Place[] {
  const places: Place[] = [];
  for (const m of text.matchAll(SAID_DOT)) {
    const end = m.groups!['end']!.toLowerCase();
    if (!ADDRESS_ENDS.has(end) || (isSmallWord(end) && !ENDS_ANYWAY.has(end))) continue;
    places.push({ start: m.index, end: m.index + m[0].length });
  }
  return places;
}

interface SaidNumber {
  readonly place: Place;
  readonly digits: number;
}

/** Written figures, spoken digits and number words, each once, in order. */
function numbersOf(folded: TextView, languages: ReadonlySet<string>): SaidNumber[] {
  const { text } = folded;
  const all: { start: number; end: number; digits: number }[] = digitRuns(folded, MIN_SPOKEN_DIGITS).map(
    ({ start, end, digits }) => ({ start, end, digits: digits.length }),
  );
  for (const m of text.matchAll(WRITTEN)) all.push({ start: m.index, end: m.index + m[0].length, digits: m[0].length });
  for (const m of text.matchAll(WORD)) {
    const value = Math.max(...[...languages].map((l) => numberWords(l).get(m[0]) ?? 0));
    if (value >= MIN_VALUE)
      all.push({ start: m.index, end: m.index + m[0].length, digits: String(value).replace(/0+$/, '').length });
  }
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: typeof all = [];
  for (const n of all) if (kept.length === 0 || n.start >= kept.at(-1)!.end) kept.push(n);
  return kept.map(({ start, end, digits }) => ({ place: originalRange(folded, start, end), digits }));
}

/** Figures with their unit or currency, spoken or written. */
function amountsOf(folded: TextView, languages: ReadonlySet<string>): Place[] {
  const figures = withFigures(folded, languages);
  return quantities(figures.text).map(({ start, end }) => originalRange(figures, start, end));
}

/** Whether a number is an amount, or the beginning of a range: "7 to 15 days". */
const isAmount = (text: string, { start, end }: Place, amounts: readonly Place[]): boolean =>
  amounts.some(
    (a) =>
      (a.start <= start && end <= a.end) ||
      (a.start >= end && a.start - end <= 8 && SPAN_WORDS.test(text.slice(end, a.start))),
  );
