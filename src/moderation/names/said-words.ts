import { isSmallWordOf } from '../normalise/small-words.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('said-words');

/** The words of a spoken text, marked by their role: introducing a name, holding it together or ending it. */

/** "Dot" in a spoken address. */
export const DOT = WORDS.any('dots');
const DOTS: ReadonlySet<string> = new Set(DOT.split('|'));
/** "At" in a spoken address. */
const ATS: ReadonlySet<string> = new Set(WORDS.list('ats'));
/** Spoken signs of a name. */
const SIGNS: ReadonlySet<string> = new Set(WORDS.list('signs'));
/** Words inside a name: "house of lamps", "casa das luzes". */
const INNER: ReadonlySet<string> = new Set(WORDS.list('inner'));
const ARTICLES: ReadonlySet<string> = new Set(WORDS.list('articles'));
/**
 * Words that end a name and are missing from the lists of small words, and verbs and nouns that introduce an address.
 */
const ENDS: ReadonlySet<string> = new Set(WORDS.list('name-ends'));

/** Chinese and Japanese next to other letters are separate words: 邮箱lamp. */
const HAN = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー';
const LETTER = `(?:(?![${HAN}])[\\p{L}\\p{M}\\p{N}])`;
const WORD = new RegExp(`[${HAN}]+|${LETTER}+(?:[._’'-]${LETTER}+)*`, 'gu');
/** Text allowed between two words of one name. */
const JOINT = /^[ \t'’"“”«»_-]{0,3}$/u;

export interface SaidWord {
  readonly start: number;
  readonly end: number;
  /** Lower case. */
  readonly word: string;
  /** "Dot", "at", or another spoken sign of a name. */
  readonly isDot: boolean;
  readonly isAt: boolean;
  readonly isSign: boolean;
  /** "Of", "the": allowed within a name. */
  readonly isInner: boolean;
  readonly isArticle: boolean;
  /** Ends a name. */
  readonly endsName: boolean;
}

/** The words of a text with their positions; `languages`: those whose small words end a name. */
export function saidWords(text: string, languages: ReadonlySet<string>): SaidWord[] {
  const words: SaidWord[] = [];
  for (const m of text.matchAll(WORD)) {
    const word = m[0].normalize('NFC').toLowerCase();
    const isDot = DOTS.has(word);
    const isSign = isDot || SIGNS.has(word);
    words.push({
      start: m.index,
      end: m.index + m[0].length,
      word,
      isDot,
      isAt: ATS.has(word),
      isSign,
      isInner: INNER.has(word) && (!/[a-z]/.test(word) || isSmallWordOf(languages, word)),
      isArticle: ARTICLES.has(word),
      endsName: !isSign && (ENDS.has(word) || isSmallWordOf(languages, word)),
    });
  }
  return words;
}

/** Whether two neighbouring words may belong to one name: only a blank or a quote between them. */
export const areJoined = (text: string, a: SaidWord, b: SaidWord): boolean => JOINT.test(text.slice(a.end, b.start));

/** The index of the first word at or after this position. */
export function wordAt(words: readonly SaidWord[], place: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (words[mid]!.start < place) low = mid + 1;
    else high = mid;
  }
  return low;
}
