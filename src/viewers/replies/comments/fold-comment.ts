/** Laughter that stands behind a sentence with or without a space: "真人吗哈哈", "realwww", "คนจริงไหม555". */
const LAUGHTER = /(?:[wｗ]{2,}|k{2,}|5{3,}|2?3{3,}|[哈呵嘿嘻]+|[笑草]+|[ㅋㅎㅠㅜ]+|ه{3,}|[)）]{2,})$/u;
/** Words of chats that carry no meaning, each behind a space or a sign. */
const WORD = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(?:${[
    // Laughter.
    'l+o+l+(?:o*l+)*z?s?|lm+f?a+o+|rofl|x+d+|mdr+|ptdr+|h{2,}|(?:rs)+|(?:s?js?){3,}|w|k',
    '(?:a?[hj][aeiou]){2,}[hj]?|a?(?:ha)+h?|(?:ah){2,}a?|(?:wk)+w?|(?:хах|ахах|ха|хе|хи|ах)+а*х*|лол|кек|لول|هه+|อิ+อิ+|แหะๆ?|ฮ่า+|เอ้า',
    // How viewers call the host, and what fills a sentence.
    'bro+|bruh|dude|man|girl|guys?|sis|buddy|mate|omg|wtf|fr|ngl|tho|though|pls|please|seriously|honestly|just asking|no offen[cs]e',
    'amig[oa]|tí[oa]|wey|güey|mano|cara|menin[ao]|frère|meuf|wesh|alter|digga|raga|oddio|stary|kurde|abi|abla|kanka|ya|yaar|bhai|yar|kak|kakak|bang|vậy|thế|бро|блин|чел',
    '老铁|亲|宝子?|姐妹|主播|啊+|呀+|呢|吧|嘛|라고|언니|ねえ|まじ|ครับ|ค่ะ|คะ|จ้า|นะ',
  ].join('|')})$`,
  'iu',
);
/** Emoji, smileys, signs and spaces. */
const SIGNS = /(?:[\s\p{P}\p{S}\p{M}\p{Extended_Pictographic}]|\u200d|\ufe0f|(?<=[:;=])[dpо)(3])+$/iu;

/** A comment without the laughter and the filling words at its end: "are you real lol haha 😂" is "are you real". */
export function withoutTail(comment: string): string {
  let text = comment.normalize('NFC');
  for (;;) {
    const shorter = text.replace(SIGNS, '').replace(LAUGHTER, '').replace(WORD, '');
    if (shorter === text) return text;
    if (shorter.trim() === '') return text;
    text = shorter;
  }
}

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
