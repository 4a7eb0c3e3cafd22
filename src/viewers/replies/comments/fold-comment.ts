/** Marks that readers leave out: accents of Latin and Cyrillic letters, Arabic vowel signs. */
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640]/gu;
const LETTERS: Readonly<Record<string, string>> = {
  đ: 'd',
  ł: 'l',
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ة: 'ه',
  ى: 'ي',
  ё: 'е',
};
const OF_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
/** Everything between words; digits, and the signs within figures, stay. */
const BETWEEN = /[^\p{L}\p{M}\p{N}.,/]+|(?<!\p{N})[.,/]+|[.,/]+(?!\p{N})/gu;

/**
 * A comment as words with one space between them: lower case, without accents, with Latin digits. "¿Cuánto cuesta?" is
 * "cuanto cuesta". Keywords are folded the same way.
 */
export function foldComment(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(OF_LETTERS, (letter) => LETTERS[letter]!)
    .replace(/\p{Nd}/gu, latinDigit)
    .replace(BETWEEN, ' ')
    .trim();
}

/** The value of a decimal digit of any script: each script's digits stand in a row that begins at a multiple of ten. */
function latinDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 0x80) return digit;
  for (let zero = code; zero > code - 10; zero -= 1) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) return String(code - zero);
  }
  return digit;
}

/** A folded comment, in the forms that keywords are looked for in. */
export interface FoldedComment {
  readonly text: string;
  /** Without spaces, for scripts that use none. */
  readonly tight: string;
  readonly words: readonly string[];
}

const SIGN = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Hangul}]';
/** Latin words stand within Chinese text without spaces: "有logo吗". */
const EDGE = new RegExp(`(?<=${SIGN})(?=[a-z0-9])|(?<=[a-z0-9])(?=${SIGN})`, 'gu');

export function foldedComment(comment: string): FoldedComment {
  const text = foldComment(comment);
  return { text, tight: text.replaceAll(' ', ''), words: text.replace(EDGE, ' ').split(' ') };
}
