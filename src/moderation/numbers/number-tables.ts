import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('number-tables');

/**
 * Number words by language, without accents as in a folded text. Regular forms (German compounds, Italian elisions)
 * are added by `numberWords`.
 */
const TABLES: ReadonlyMap<string, readonly string[]> = new Map(WORDS.groups('numbers'));

const ITALIAN_ONES = 'due tre quattro cinque sei sette'.split(' ');
const ITALIAN_TENS = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ');
interface CompoundNames {
  readonly and: string;
  readonly hundred: string;
  readonly thousand: string;
}
const NAMES: Readonly<Record<string, CompoundNames>> = {
  de: { and: 'und', hundred: 'hundert', thousand: 'tausend' },
  nl: { and: 'en', hundred: 'honderd', thousand: 'duizend' },
};

const made = new Map<string, ReadonlyMap<string, number>>();

/** Words for whole numbers of one language; empty for a language without a table. */
export function numberWords(language: string): ReadonlyMap<string, number> {
  const kept = made.get(language);
  if (kept !== undefined) return kept;
  const words = new Map<string, number>();
  for (const pair of TABLES.get(language) ?? []) {
    const [word, value] = pair.split('=');
    words.set(word!, Number(value));
  }
  const names = NAMES[language];
  if (names !== undefined) addCompounds(words, names);
  if (language === 'it') {
    for (const [t, tens] of ITALIAN_TENS.entries()) {
      const stem = tens.slice(0, -1);
      words.set(`${stem}uno`, t * 10 + 21);
      words.set(`${stem}otto`, t * 10 + 28);
      words.set(`${tens}nove`, t * 10 + 29);
      for (const [o, one] of ITALIAN_ONES.entries()) words.set(`${tens}${one}`, t * 10 + 22 + o);
    }
    for (const [o, one] of [...ITALIAN_ONES, 'otto', 'nove'].entries()) {
      words.set(`${one}cento`, (o + 2) * 100);
      words.set(`${one}mila`, (o + 2) * 1000);
    }
    words.set('diecimila', 10_000);
  }
  made.set(language, words);
  return words;
}

/** fünfundzwanzig, zweihundert, dreihundertfünfzig. */
function addCompounds(words: Map<string, number>, { and, hundred, thousand }: CompoundNames): void {
  const simple = [...words].filter(([, v]) => v > 0 && v < 100);
  const ones = simple.filter(([, v]) => v < 10);
  const tens = simple.filter(([, v]) => v >= 20);
  for (const [one, o] of ones) for (const [ten, t] of tens) words.set(`${one}${and}${ten}`, o + t);
  const below = [...words].filter(([, v]) => v > 0 && v < 100);
  for (const [one, o] of ones) {
    words.set(`${one}${thousand}`, o * 1000);
    words.set(`${one}${hundred}`, o * 100);
    for (const [rest, r] of below) words.set(`${one}${hundred}${rest}`, o * 100 + r);
  }
  for (const [rest, r] of below) words.set(`${hundred}${rest}`, 100 + r);
}
