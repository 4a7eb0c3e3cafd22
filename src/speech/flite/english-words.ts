import type { TextRange } from '../split-text.js';
import { wordsOf } from '../words-of.js';
import { englishNumber, englishOrdinal } from './english-numbers.js';

/**
 * English text as words that Flite reads well: lower case only, one list per word of the text.
 *
 * Flite's own rules are weak: signs are dropped or become letters ("CE & FDA" gives "ce & f d _a"), three digits are
 * read one by one, and non-Latin text is silently skipped. So numbers, signs, units and abbreviations are written out
 * here, and a text with another script is refused, for a voice that reads it.
 */
export interface EnglishToken {
  readonly range: TextRange;
  /** Empty for a silent sign. */
  readonly words: readonly string[];
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': 'and',
  '%': 'percent',
  '@': 'at',
  '+': 'plus',
  '=': 'equals',
  '#': 'number',
  '°': 'degrees',
  $: 'dollars',
  '€': 'euros',
  '£': 'pounds',
  '¥': 'yuan',
  '×': 'by',
};
/** Read after a number only. */
const UNITS: Readonly<Record<string, string>> = {
  ml: 'milliliters',
  cl: 'centiliters',
  l: 'liters',
  mm: 'millimeters',
  cm: 'centimeters',
  m: 'meters',
  km: 'kilometers',
  mg: 'milligrams',
  g: 'grams',
  kg: 'kilograms',
  w: 'watts',
  kw: 'kilowatts',
  v: 'volts',
  ma: 'milliamps',
  mah: 'milliamp hours',
  ah: 'amp hours',
  hz: 'hertz',
  ghz: 'gigahertz',
  mhz: 'megahertz',
  gb: 'gigabytes',
  mb: 'megabytes',
  tb: 'terabytes',
  oz: 'ounces',
  lb: 'pounds',
  lbs: 'pounds',
  ft: 'feet',
  pcs: 'pieces',
  c: 'celsius',
  x: 'times',
};
const SHORT: Readonly<Record<string, string>> = {
  mr: 'mister',
  mrs: 'missus',
  ms: 'miss',
  dr: 'doctor',
  vs: 'versus',
  etc: 'et cetera',
  approx: 'approximately',
};
const CONTRACTED: Readonly<Record<string, string>> = { m: 'am', ll: 'will', re: 'are', ve: 'have', d: 'would' };
/** Contractions that Flite reads correctly without the apostrophe. */
const READ_AS_ONE = /^(?:do|does|did|wo|ca|are|could|would|should|was|were)n't$/;
/** British spellings missing from the American word list. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/(?<=[a-z]{2})metre(s?)$/, 'meter$1'],
  [/litre(s?)$/, 'liter$1'],
  [/^(col|fav|flav|harb|hon|lab|neighb)our/, '$1or'],
  [/^centre(s?)$/, 'center$1'],
  [/^aluminium$/, 'aluminum'],
];
const VOWELS = /[aeiouy]/i;
const PART = /\d+(?:,\d{3})*(?:\.\d+)?|[A-Za-z]+(?:['’][A-Za-z]+)*|[^\sA-Za-z\d]/gu;
const NOT_LATIN = /[^\p{Script=Latin}\P{L}]/u;
/** Letters as words that sound like their names. */
const LETTER_NAMES: Readonly<Record<string, string>> = { a: 'ay' };

/** Undefined when the text holds letters of another script. */
export function englishTokens(text: string): EnglishToken[] | undefined {
  if (NOT_LATIN.test(text)) return undefined;
  const ranges = wordsOf(text, 'en');
  const written = ranges.map(({ start, end }) => text.slice(start, end));
  return ranges.map((range, i) => ({
    range,
    words: read(plainLatin(written[i]!), isNumber(written[i - 1]), shouted(written[i - 1]) || shouted(written[i + 1])),
  }));
}

/** Input for Flite: the words with the text's pauses, and the same with a pause after each token. */
export function fliteTexts(text: string, tokens: readonly EnglishToken[]): { text: string; spaced: string } {
  let whole = '';
  let after = 0;
  for (const { range, words } of tokens) {
    whole += pauseIn(text.slice(after, range.start), whole === '');
    whole += `${words.join(' ')} `;
    after = range.end;
  }
  whole = `${whole.trim()}${pauseIn(text.slice(after), whole === '').trim()}`;
  const spaced = tokens.flatMap(({ words }) => (words.length === 0 ? [] : [words.join(' ')])).join(', ');
  return { text: whole.replaceAll(/\s+(?=[,.?])/g, ''), spaced };
}

function pauseIn(between: string, first: boolean): string {
  if (first) return '';
  if (/[.!…]/.test(between)) return '. ';
  if (between.includes('?')) return '? ';
  return /[,;:()"“”–—]|\s-\s/.test(between) ? ', ' : '';
}

const plainLatin = (word: string): string =>
  word
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[æÆ]/g, 'ae')
    .replaceAll(/[øØ]/g, 'o')
    .replaceAll(/[đĐð]/g, 'd')
    .replaceAll(/[łŁ]/g, 'l')
    .replaceAll('⁄', '/');

const isNumber = (word: string | undefined): boolean => word !== undefined && /\d$/.test(word);
const shouted = (word: string | undefined): boolean => word !== undefined && /^[A-Z]{2,}$/.test(word);

function read(token: string, afterNumber: boolean, amongCapitals: boolean): string[] {
  const words: string[] = [];
  const parts = token.match(PART) ?? [];
  let number = afterNumber;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i]!;
    if (/^\d/.test(part)) {
      const suffix = parts[i + 1];
      if (suffix !== undefined && /^(?:st|nd|rd|th)$/i.test(suffix)) {
        words.push(...englishOrdinal(part));
        i += 1;
      } else words.push(...englishNumber(part));
      number = true;
      continue;
    }
    if (/^[A-Za-z]/.test(part)) words.push(...readLetters(part, number, amongCapitals));
    else words.push(...readSign(part, parts[i - 1], parts[i + 1]));
    number = false;
  }
  return words;
}

function readSign(sign: string, before: string | undefined, after: string | undefined): string[] {
  if (sign === '.' && before !== undefined && after !== undefined) return ['dot'];
  if (sign === '/') return [/^\d/.test(before ?? '') && /^\d/.test(after ?? '') ? '' : 'or'].filter((w) => w !== '');
  const name = SIGNS[sign];
  return name === undefined ? [] : [name];
}

function readLetters(part: string, afterNumber: boolean, amongCapitals: boolean): string[] {
  const small = part.toLowerCase().replaceAll('’', "'");
  const unit = afterNumber ? UNITS[small] : undefined;
  if (unit !== undefined) return unit.split(' ');
  const short = SHORT[small];
  if (short !== undefined && !amongCapitals) return short.split(' ');
  if (isSpelled(part, amongCapitals)) return Array.from(small, (letter) => LETTER_NAMES[letter] ?? letter);
  // Flite drops the apostrophe: "i'll" would be read as "ill".
  const negated = READ_AS_ONE.test(small) ? null : /^([a-z]+)n't$/.exec(small);
  if (negated !== null) return [negated[1]!, 'not'];
  const contracted = /^([a-z]+)'(m|ll|re|ve|d)$/.exec(small);
  if (contracted !== null) return [contracted[1]!, CONTRACTED[contracted[2]!]!];
  return [SPELLINGS.reduce((word, [pattern, better]) => word.replace(pattern, better), small)];
}

/** Acronyms are spelled letter by letter; a shouted word is read as a word. */
function isSpelled(part: string, amongCapitals: boolean): boolean {
  if (part.length === 1) return !/^[aAI]$/.test(part);
  if (!/^[A-Z]{2,5}$/.test(part)) return false;
  return !VOWELS.test(part) || (part.length <= 3 && !amongCapitals);
}
