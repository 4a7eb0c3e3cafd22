import { smallWordsOf } from '../normalise/small-words.js';

/** A guess at the language of a text in Latin letters. */
export interface Guess {
  readonly language: string;
  readonly reliable: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * Whether a line in Latin letters, too short for a verdict by letter runs, is still certainly a sentence of another
 * language: it consists of plain words, none of them a small word of the room's language, and either two of them have
 * letters unknown to that language ("Kapak başta biraz sert"), or the letter runs fit another language far better.
 */

const MIN_WORDS = 3;
const MIN_LETTERS = 16;
/** A room in another script contains Latin names and measures; a sentence is longer and has fewer capitals. */
const MIN_LETTERS_ABROAD = 18;
/** Names, models and brands are capitalised. */
const PLAIN_SHARE = 0.6;
const PLAIN_SHARE_ABROAD = 0.7;
/** Minimum lead of another language's score over the room's. */
const SCORE_LEAD = 0.25;
/** …and its minimum score for a line of three words, two of which may be loan words: "crème brûlée torch". */
const SCORE_OF_THREE = 0.65;
/** Minimum words with distinctive letters of another language. */
const MIN_DISTINCTIVE_WORDS = 2;

const WORD = /\p{L}+(?:['’]\p{L}+)*/gu;
/** Parts of an address or account are not words. */
const ADDRESS = /[\p{L}\d_-]*[@.][\p{L}\d_.@-]*\p{L}/gu;
const PLAIN = /^\p{Ll}{2,}/u;

/** Letters that only these languages use. */
const DISTINCTIVE_LETTERS: readonly (readonly [languages: readonly string[], letters: RegExp])[] = [
  [['vi'], /[ơư\u1ea0-\u1ef9]/],
  [['vi', 'ro'], /ă/],
  [['vi', 'hr', 'bs', 'sr'], /đ/],
  [['pl', 'lt'], /[ąę]/],
  [['pl', 'hr', 'bs', 'sr'], /ć/],
  [['pl'], /ł/],
  [['pl', 'kaa'], /[ńśź]/],
  [['pl', 'mt'], /ż/],
  [['tr', 'az'], /[ğı]/],
  [['tr', 'az', 'ku', 'ro', 'tk'], /ş/],
  [['pt', 'vi', 'gn', 'et'], /[ãõ]/],
];

/** Maximum characters examined; more would not change the result. */
const MAX_EXAMINED_CHARS = 240;

/** `isLatinRoom`: the room's language is written in Latin letters. */
export function isForeignSentence(text: string, room: string, isLatinRoom: boolean, guess: Guess | undefined): boolean {
  const words = text.slice(0, MAX_EXAMINED_CHARS).normalize('NFC').replace(ADDRESS, ' ').match(WORD) ?? [];
  if (words.length < MIN_WORDS) return false;
  const plain = words.filter((word) => PLAIN.test(word));
  if (plain.length < words.length * (isLatinRoom ? PLAIN_SHARE : PLAIN_SHARE_ABROAD)) return false;
  const isDistinctive = DISTINCTIVE_LETTERS.some(
    ([languages, letters]) =>
      !languages.includes(room) && new Set(plain.filter((word) => letters.test(word))).size >= MIN_DISTINCTIVE_WORDS,
  );
  if (isDistinctive && smallWordsOf(text, room, languageOf(guess)) === 0) return true;
  if (guess === undefined || !guess.reliable || guess.language === room) return false;
  if (words.join('').length < (isLatinRoom ? MIN_LETTERS : MIN_LETTERS_ABROAD)) return false;
  // Every language borrows from English: "power bank, fast charging".
  if (guess.language === 'en' && (!isLatinRoom || smallWordsOf(text, 'en', room) === 0)) return false;
  if (!isLatinRoom) return true;
  const score = guess.scores[guess.language] ?? 0;
  if (words.length === MIN_WORDS && score < SCORE_OF_THREE) return false;
  if (score - (guess.scores[room] ?? 0) < SCORE_LEAD) return false;
  return smallWordsOf(text, room, guess.language) === 0;
}

const languageOf = (guess: Guess | undefined): string => guess?.language ?? '';
