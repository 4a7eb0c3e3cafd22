import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('small-words');

/**
 * Small words that occur in nearly every sentence, with greetings and thanks, for the languages in Latin letters. They
 * identify the language of a line that is too short for letter runs. Words shared by several languages are in each of
 * their lists.
 */
const LISTS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  WORDS.groups('small').map(([language, words]) => [language, new Set(words)]),
);
/** Words, including the stem before an apostrophe; parts of an address are excluded. */
const WORD = /(?<![\p{L}\d.@_-])\p{L}+(?:'(?=\p{L})|(?:-\p{L}+)*(?![\p{L}\d@_]|\.\p{L}))/gu;
/** Maximum words examined; more would not change the result. */
const MAX_WORDS = 60;

/** Whether a language has a list. */
export const hasSmallWords = (language: string): boolean => LISTS[language] !== undefined;

/** Whether this lower-case word is a small word of any language. */
export const isSmallWord = (word: string): boolean => Object.values(LISTS).some((list) => list.has(word));

/** Whether this lower-case word is a small word of one of these languages, or of English. */
export const isSmallWordOf = (languages: ReadonlySet<string>, word: string): boolean =>
  LISTS['en']!.has(word) || [...languages].some((language) => LISTS[language]?.has(word) === true);

/**
 * The languages whose small words occur in a text. "a" and "o" are shared by too many, and short Vietnamese words
 * without accents are ambiguous.
 */
export function languagesOfSmallWords(text: string): readonly string[] {
  const words = wordsOf(text).filter((word) => word.length > 1);
  return Object.keys(LISTS).filter((language) => language !== 'vi' && words.some((word) => LISTS[language]!.has(word)));
}

export interface SmallWords {
  /** ISO 639-1 of the language with the most small words; empty without any. */
  readonly language: string;
  /** Distinct small words of that language that the room's language lacks. */
  readonly foreign: number;
  /** Distinct small words of the room's language that the other language lacks. */
  readonly own: number;
  readonly words: number;
}

/** Counts the small words of a text against those of the room's language. */
export function countSmallWords(text: string, room: string): SmallWords {
  const words = wordsOf(text);
  const different = new Set(words);
  const home = LISTS[room];
  let best: SmallWords = { language: '', foreign: 0, own: 0, words: words.length };
  for (const [language, list] of Object.entries(LISTS)) {
    if (language === room) continue;
    let foreign = 0;
    let own = 0;
    for (const word of different) {
      const isHome = home?.has(word) === true;
      if (list.has(word)) foreign += isHome ? 0 : 1;
      else if (isHome) own += 1;
    }
    if (foreign > best.foreign) best = { language, foreign, own, words: words.length };
  }
  return best;
}

/** The number of words that are small ones of `language` and not of `but`. */
export function smallWordsOf(text: string, language: string, but: string): number {
  const list = LISTS[language];
  if (list === undefined) return 0;
  return wordsOf(text).filter((word) => list.has(word) && LISTS[but]?.has(word) !== true).length;
}

const wordsOf = (text: string): readonly string[] =>
  text.normalize('NFC').replaceAll('İ', 'i').replaceAll('’', "'").toLowerCase().match(WORD)?.slice(0, MAX_WORDS) ?? [];
