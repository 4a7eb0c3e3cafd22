import type { Match } from '../match.js';
import { countSmallWords, hasSmallWords, languagesOfSmallWords, smallWordsOf } from '../normalise/small-words.js';
import { wordTable } from '../words/word-table.js';
import { findLanguage } from '../../config/languages/language-table.js';
import { LatinLanguages } from './latin-languages.js';

/** Scripts that name their language, or the one of the packs that is written so; kana before the characters amid them. */
export const LANGUAGE_OF_SCRIPT: readonly (readonly [script: string, language: string])[] = [
  ['kana', 'ja'],
  ['hangul', 'ko'],
  ['han', 'zh'],
  ['thai', 'th'],
  ['arabic', 'ar'],
  ['cyrillic', 'ru'],
  ['devanagari', 'hi'],
];

/** The counted scripts by ISO 15924; letters of others are never foreign. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  Arab: ['arabic'],
  Cyrl: ['cyrillic'],
  Deva: ['devanagari'],
  Hans: ['han'],
  Hant: ['han'],
  Jpan: ['kana', 'han'],
  Kore: ['hangul'],
  Latn: ['latin'],
  Thai: ['thai'],
};
const LATIN = ['latin'];

const known = new Map<string, readonly string[]>();

/** The scripts in which a room's language is written, the usual one first; Latin for one that nobody knows. */
function roomScripts(room: string): readonly string[] {
  let scripts = known.get(room);
  if (scripts === undefined) {
    const row = findLanguage(room);
    const all = row === undefined ? [] : [row.script, ...(row.alsoScripts ?? [])].flatMap((one) => COUNTED[one] ?? []);
    scripts = all.length === 0 ? LATIN : all;
    if (known.size < MAX_KNOWN) known.set(room, scripts);
  }
  return scripts;
}

const MAX_KNOWN = 200;

const WORDS = wordTable('detect-language');

/** Detects a text's language from its letters, and whether it is the room's (rule 5.6). */

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['han', /\p{Script=Han}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['thai', /\p{Script=Thai}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['devanagari', /\p{Script=Devanagari}/u],
  ['latin', /\p{Script=Latin}/u],
];
/** Languages whose lines the letter runs take for another one's: what the runs call them. */
const GUESSED_AS: Readonly<Record<string, string>> = { nb: 'no', nn: 'no', bs: 'hr', sr: 'hr', fil: 'tl' };

export interface LetterCounts {
  readonly letters: number;
  readonly byScript: Readonly<Record<string, number>>;
}

export function countLetters(text: string): LetterCounts {
  const byScript: Record<string, number> = {};
  let letters = 0;
  for (const c of text) {
    if (c < 'A') continue;
    for (const [name, script] of SCRIPTS) {
      if (!script.test(c)) continue;
      byScript[name] = (byScript[name] ?? 0) + 1;
      letters += 1;
      break;
    }
  }
  return { letters, byScript };
}

/** ISO 639-1 base of a BCP-47 tag; Malay counts as Indonesian, because no detector distinguishes their lines. */
export function baseLanguage(tag: string): string {
  const base = tag.toLowerCase().split(/[-_]/)[0]!;
  return base === 'ms' || base === 'in' ? 'id' : base === 'cmn' || base === 'yue' ? 'zh' : base;
}

let table: LatinLanguages | undefined;
const openTable = (): LatinLanguages => (table ??= LatinLanguages.open());

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
const PLAIN_SENTENCE_SHARE = 0.6;
const PLAIN_SHARE_ABROAD = 0.7;
/** Minimum lead of another language's score over the room's. */
const FOREIGN_SENTENCE_SCORE_LEAD = 0.25;
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
  if (plain.length < words.length * (isLatinRoom ? PLAIN_SENTENCE_SHARE : PLAIN_SHARE_ABROAD)) return false;
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
  if (score - (guess.scores[room] ?? 0) < FOREIGN_SENTENCE_SCORE_LEAD) return false;
  return smallWordsOf(text, room, guess.language) === 0;
}

const languageOf = (guess: Guess | undefined): string => guess?.language ?? '';

/** Best guess for a text in Latin letters. */
export function guessLatin(text: string): Guess {
  const { language, reliable, scores: raw } = openTable().guess(text);
  const scores: Record<string, number> = {};
  for (const [one, score] of Object.entries(raw)) scores[baseLanguage(one)] = score;
  return { language: baseLanguage(language), reliable, scores };
}

/** Minimum letters and words for a verdict by letter runs. */
const MIN_LATIN_LETTERS = 32;
const MIN_LATIN_WORDS = 6;
/** Minimum letters in a script other than the room's: a name or a greeting has fewer. */
const MIN_OTHER_LETTERS: Readonly<Record<string, number>> = { han: 6, kana: 6, hangul: 6 };
const MIN_SPELLED_LETTERS = 9;
/** Share of letters in a foreign script that makes the text foreign. */
const FOREIGN_SHARE = 0.8;
/** Minimum lead of another language's score over the room's. */
const SCORE_LEAD = 0.22;
/** Limits for shorter lines: words in total, small words of another language, and their share of the words. */
const MIN_SHORT_WORDS = 3;
const MIN_SHORT_LETTERS = 12;
const MIN_SMALL_WORDS = 2;
const SMALL_SHARE = 0.3;
const MIN_PLAIN_WORDS = 4;
const PLAIN_SHARE = 0.75;

/** A hit over the whole text when it is certainly not in the room's language. */
export function detectWrongLanguage(
  text: string,
  room: string,
  counts: LetterCounts,
  guess: Guess | undefined,
): Match[] {
  return isForeign(text, room, counts, guess) ? [{ rule: '5.6', kind: 'language', start: 0, end: text.length }] : [];
}

function isForeign(
  text: string,
  spoken: string,
  { letters, byScript }: LetterCounts,
  guess: Guess | undefined,
): boolean {
  const room = GUESSED_AS[spoken] ?? spoken;
  const home = roomScripts(spoken);
  let own = 0;
  for (const script of home) own += byScript[script] ?? 0;
  const foreign = letters - own;
  const kana = byScript['kana'] ?? 0;
  const latin = byScript['latin'] ?? 0;
  if (room === 'zh' && kana >= 6 && kana / Math.max(1, letters) > 0.3) return true;
  if (room === 'ja' && letters >= 16 && own / letters > FOREIGN_SHARE && kana === 0) return true;
  if (foreign / Math.max(1, letters) >= FOREIGN_SHARE) {
    if (latin <= foreign / 2) return foreign >= leastOf(byScript);
    if ((room === 'zh' && isPinyinLike(text)) || (room === 'hi' && isRomanHindi(text))) return false;
    if (latin >= MIN_LATIN_LETTERS && wordCount(text) >= MIN_LATIN_WORDS) return true;
    if (saySmallWords(text, room, latin, guess)) return true;
    const own = (room === 'zh' && pinyinShare(text) >= PINYIN_SHARE) || (room === 'hi' && romanHindi(text).length > 0);
    return !own && isForeignSentence(text, room, false, guess);
  }
  // A language that the letter runs do not know looks like its neighbours; English alone is certainly another one.
  if (!home.includes('latin') || latin === 0) return false;
  if (guess?.language !== 'en' && !openTable().languages.some((one) => baseLanguage(one) === room)) return false;
  if (saySmallWords(text, room, latin, guess) || isForeignSentence(text, room, true, guess)) return true;
  if (guess === undefined || !guess.reliable || guess.language === room) return false;
  if ((guess.scores[guess.language] ?? 0) - (guess.scores[room] ?? 0) < SCORE_LEAD) return false;
  if (latin >= MIN_LATIN_LETTERS && wordCount(text) >= MIN_LATIN_WORDS) return true;
  const small = countSmallWords(text, room);
  return small.foreign > 0 && small.own === 0 && small.words >= MIN_PLAIN_WORDS;
}

/** Minimum letters in the most frequent script. */
function leastOf(byScript: Readonly<Record<string, number>>): number {
  let [most, count] = ['', 0];
  for (const [script, n] of Object.entries(byScript)) if (n > count) [most, count] = [script, n];
  return MIN_OTHER_LETTERS[most] ?? MIN_SPELLED_LETTERS;
}

/** Whether its small words belong to another language and none to the room's. */
function saySmallWords(text: string, room: string, letters: number, guess: Guess | undefined): boolean {
  if (letters < MIN_SHORT_LETTERS) return false;
  const { language, foreign, own, words } = countSmallWords(text, room);
  if (words < MIN_SHORT_WORDS || own > 0) return false;
  const isLatinRoom = roomScripts(room).includes('latin');
  // Neighbours share small words: without a list of its own, the room's language has none to show, and the letter runs
  // must agree.
  if (isLatinRoom && !hasSmallWords(room) && language !== 'en' && guess?.language !== language) return false;
  if (foreign >= MIN_SMALL_WORDS && foreign >= words * SMALL_SHARE) return true;
  // Names are capitalised; in a room with another script, other Latin words form a sentence.
  if (isLatinRoom || foreign === 0 || words < MIN_PLAIN_WORDS) return false;
  if (plainWords(text) < words * PLAIN_SHARE) return false;
  return !(room === 'zh' && pinyinShare(text) >= PINYIN_SHARE) && !(room === 'hi' && romanHindi(text).length > 0);
}

/** Chinese in pinyin is Chinese: nearly all words are rows of its syllables, some of which no other language has. */
const PINYIN =
  /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|a|o|e|i|u|v)){1,8}$/;
/** A single pinyin syllable. */
export const PINYIN_SYLLABLE = new RegExp(PINYIN.source.replace('{1,8}', ''));
const PINYIN_ONLY =
  /zh|x[iu]|q[iu]|iang|uang|iao|uo|sh[aeiu]|ian|(?<![a-z])(?:de|shi|hao|wo|ni|da|jia|bu|ge)(?![a-z])/g;
const PINYIN_SHARE = 0.85;

const lettersOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .slice(0, 600)
    .match(/[a-z]+/g) ?? [];
const isSyllables = (word: string): boolean => word.length <= 24 && PINYIN.test(word);

function pinyinShare(text: string): number {
  const words = lettersOf(text);
  return words.filter(isSyllables).length / Math.max(1, words.length);
}

function isPinyin(text: string): boolean {
  const words = lettersOf(text);
  const pinyin = words.filter(isSyllables);
  return pinyin.length >= words.length * PINYIN_SHARE && (pinyin.join(' ').match(PINYIN_ONLY)?.length ?? 0) >= 3;
}

/** Letter names in Chinese. */
const CHINESE_LETTERS: ReadonlySet<string> = new Set([
  'qq',
  'vx',
  'wx',
  'v',
  'b',
  'x',
  'u',
  'logo',
  'vip',
  'app',
  'nike',
  'lv',
]);
const LIKE_PINYIN_SYLLABLES = 4;
const LIKE_PINYIN_MARKS = 2;

/** Whether a line may be read as pinyin; its matches must also be listed words. */
export function isPinyinLike(text: string): boolean {
  const words = lettersOf(text).filter((word) => !CHINESE_LETTERS.has(word));
  const pinyin = words.filter(isSyllables);
  if (pinyin.join('').length < LIKE_PINYIN_SYLLABLES * 2 || pinyin.length < words.length * PINYIN_SHARE) return false;
  return (pinyin.join(' ').match(PINYIN_ONLY)?.length ?? 0) >= LIKE_PINYIN_MARKS;
}

/**
 * Hindi in Latin letters is Hindi, recognised by small words that occur in every sentence. Words shared with English do
 * not count.
 */
const ROMAN_HINDI = new RegExp(String.raw`(?<![a-z])(?:${WORDS.any('roman-hindi')})(?![a-z])`, 'g');
const ROMAN_HINDI_SHARE = 0.3;

const romanHindi = (text: string): readonly string[] => text.toLowerCase().slice(0, 600).match(ROMAN_HINDI) ?? [];

const romanHindiShare = (text: string): number => romanHindi(text).length / Math.max(1, lettersOf(text).length);

function isRomanHindi(text: string): boolean {
  const found = romanHindi(text);
  return new Set(found).size >= 2 && found.length >= lettersOf(text).length * ROMAN_HINDI_SHARE;
}

const plainWords = (text: string): number => text.match(/(?<![\p{L}\d])\p{Ll}{2,}(?![\p{L}\d])/gu)?.length ?? 0;
const wordCount = (text: string): number => text.trim().split(/\s+/).length;

/** The languages that a text may be in, whose words count in it. */
export interface ReadLanguages {
  readonly counts: LetterCounts;
  readonly guess: Guess | undefined;
  readonly languages: ReadonlySet<string>;
  /** Languages of the countries in which its numbers may be telephone numbers. */
  readonly dialled: ReadonlySet<string>;
  /** It contains kana, so its Chinese characters are Japanese words. */
  readonly japanese: boolean;
}

/** Languages with word lists in Latin letters. */
const LISTED_LATIN = ['en', 'es', 'pt', 'fr', 'de', 'it', 'tr', 'id', 'vi', 'pl', 'nl'];

const LISTED = [...LISTED_LATIN, 'zh', 'ja', 'ko', 'th', 'ar', 'ru', 'hi'];

/** A short Spanish line may be classified as Catalan: then the best listed languages count too. */
function nearest({ scores }: Guess, share: number): readonly string[] {
  const best = Math.max(...LISTED_LATIN.map((one) => scores[one] ?? 0));
  return LISTED_LATIN.filter((one) => best > 0 && (scores[one] ?? 0) >= best * share);
}

/** Minimum Latin letters for letter runs to suggest a language, and to decide it. */
const MIN_GUESSED_LETTERS = 5;
const MIN_DECIDED_LETTERS = 12;
/** Maximum letters beside a lone number, and the beginning of a dialled number. */
const MAX_NUMBER_LETTERS = 8;
const NUMBER_FROM_ZERO = /(?<!\d[ .,-]?)0\d(?:[ .-]?\d){7}/;
/** A text with fewer Latin letters may be in any language with one of its small words or distinctive letters. */
const MIN_SURE_LETTERS = 28;
/** …or whose score is at least this share of the best one's. */
const NEAR_SHARE = 0.85;
/** Letters that distinguish one listed language, or a few, from the others. */
const OWN_LETTERS: readonly (readonly [language: string, letters: RegExp])[] = [
  ['vi', /[ăđơư\u1ea0-\u1ef9]/i],
  ['pl', /[ąćęłńśźż]/i],
  ['tr', /[ğışİ]/],
  ['de', /[äöüß]/i],
  ['es', /[ñ¿¡]/i],
  ['pt', /[ãõ]/i],
  ['fr', /[èêëïîœ]/i],
];

export function readLanguages(text: string, room: string): ReadLanguages {
  const counts = countLetters(text);
  const latin = counts.byScript['latin'] ?? 0;
  const scores = latin >= MIN_GUESSED_LETTERS ? guessLatin(text) : undefined;
  const guess = latin >= MIN_DECIDED_LETTERS ? scores : undefined;
  const languages = new Set([room, 'en', 'any']);
  if (counts.byScript['han'] !== undefined) languages.add('zh');
  if (latin > 0 && isPinyinLike(text)) languages.add('zh');
  if (latin > 0 && !isPinyin(text)) {
    const isShort = latin < MIN_SURE_LETTERS;
    if (scores !== undefined) {
      languages.add(scores.language);
      for (const one of nearest(scores, isShort ? NEAR_SHARE : 1)) languages.add(one);
    }
    if (isShort && counts.byScript['han'] === undefined) {
      for (const one of languagesOfSmallWords(text)) languages.add(one);
      for (const [one, letters] of OWN_LETTERS) if (letters.test(text)) languages.add(one);
    }
    if (romanHindiShare(text) >= ROMAN_HINDI_SHARE) languages.add('hi');
  }
  // A number with a word or two may be dialled in any country.
  const alone = counts.letters === 0 || (counts.letters <= MAX_NUMBER_LETTERS && NUMBER_FROM_ZERO.test(text));
  const dialled = alone ? new Set([...languages, ...LISTED]) : languages;
  return { counts, guess, languages, dialled, japanese: (counts.byScript['kana'] ?? 0) > 0 && room !== 'zh' };
}
