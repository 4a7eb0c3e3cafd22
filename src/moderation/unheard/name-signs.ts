import { NAME_CUE, SEARCH_VERB } from '../names/said-names.js';
import { isSmallWord } from '../normalise/small-words.js';
import { BACK_SIGNS, BACK_WORDS, SMALL_TALK, WHO_SIGNS, WHO_WORDS } from './account-words.js';

/**
 * Whether a sentence after an app's name contains an account name.
 *
 * Problem: "Harbour Kettles" could be any two words.
 * Rule: a name is announced ("the name is", "search for", 叫), follows "we are", stands by itself, or is capitalised
 * inside the sentence.
 */

const MAX_ALONE_WORDS = 5;
/** The maximum without capitals; more words are a sentence. */
const MAX_PLAIN_WORDS = 3;
const MAX_ALONE_SIGNS = 12;
/** "We're harbour kettles there": more words are an ordinary sentence. */
const MAX_WHO_WORDS = 6;
const MAX_WHO_SIGNS = 16;

const CUE = new RegExp(`${NAME_CUE.source}|名は|(?<![a-z])idは|아이디|店名|号码是`, 'giu');
/** "Handle" may refer to a pan as well as an account. */
const HANDLE = /^(?:the|my|our) handle(?: there)?$/iu;
const SEARCH = new RegExp(
  `${SEARCH_VERB}|搜|找|关注|加一?下|検索|探して|フォロー|검색|찾|팔로우|ค้นหา|แอด|ติดตาม|खोज|ढूंढ|सर्च|फॉलो|diye |aratın|arayın|adıyla|ismiyle`,
  'iu',
);
const WHO = new RegExp(`^(?:(?:${WHO_WORDS})(?![\\p{L}\\p{M}])|(?:${WHO_SIGNS}))`, 'iu');
const BACK = new RegExp(`^(?:(?:${BACK_WORDS})(?![\\p{L}\\p{M}]))|${BACK_SIGNS}`, 'iu');
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{M}\p{N}'’-]+/gu;
const CAPITAL = /^\p{Lu}\p{L}/u;

/** "The name is", 叫: phrases that announce a name. */
export const announcesName = (sentence: string): boolean =>
  Array.from(sentence.matchAll(CUE)).some(([cue]) => !HANDLE.test(cue));

/**
 * Whether a sentence right after the mention of an app may contain a name. In a separate line (`isLine`) capitals often
 * belong to product names.
 */
export function mayBeName(sentence: string, language: string, isLine: boolean): boolean {
  if (announcesName(sentence) || SEARCH.test(sentence)) return true;
  if (standsAlone(sentence)) return true;
  const bare = withoutSigns(sentence);
  const words = bare.match(WORD) ?? [];
  if (WHO.test(bare)) {
    if (DENSE.test(bare) ? bare.length <= MAX_WHO_SIGNS : words.length <= MAX_WHO_WORDS) return true;
  }
  if (isLine) return false;
  return language.startsWith('de') ? hasCapitalPair(words) : words.some((word, at) => at > 0 && isName(word));
}

/** Whether a clause points back at a name before it: "that's us on Telegram". */
export const pointsBack = (clause: string): boolean => BACK.test(clause);

/** A few words that do not form a sentence: "Harbour Kettles", 铜锅小铺. */
export function standsAlone(part: string): boolean {
  const bare = withoutSigns(part);
  if (bare === '' || SMALL_TALK.test(bare)) return false;
  if (DENSE.test(bare)) return bare.length <= MAX_ALONE_SIGNS;
  const words = bare.match(WORD) ?? [];
  return words.length <= MAX_ALONE_WORDS && isNameAlone(words);
}

const withoutSigns = (part: string): string =>
  part.replace(/^[\s"'“”«»「」『』(¿¡-]+|[\s.,!?…。，、！？।؟،"'“”«»「」『』)]+$/gu, '');

/** Content words with at most an "of the" between them: "Teteras del Puerto"; a sentence has other small words. */
function isNameAlone(words: readonly string[]): boolean {
  const sense = words.filter((word) => !isSmallWord(word.toLowerCase()));
  const edges = [words[0], words.at(-1)].every((word) => sense.includes(word!));
  if (!edges || sense.length === 0) return false;
  if (words.length === sense.length && words.length <= MAX_PLAIN_WORDS) return true;
  return sense.every((word) => CAPITAL.test(word)) && words.length - sense.length <= 2;
}

const isName = (word: string): boolean => CAPITAL.test(word) && !/^I['’]/.test(word);

/** German capitalises every noun: only two in a row suggest a name. */
const hasCapitalPair = (words: readonly string[]): boolean =>
  words.some((word, at) => at > 1 && isName(word) && isName(words[at - 1]!));
