/** Sounds of the Moscow voice in IPA, for the mouth: a doubled vowel is stressed, a doubled consonant soft. */
const IPA: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'ii:i yy:ɨ uu:u ee:ɛ oo:o aa:a i:i y:ɨ u:u e:ɛ a:ʌ ae:ə ay:ə ur:ʊ p:p b:b t:t d:d k:k g:ɡ m:m n:n l:l r:r ' +
    'f:f v:v s:s z:z sh:ʃ zh:ʒ h:x c:ts ch:tʃ sch:ʃ j:j'
  )
    .split(' ')
    .map((pair) => pair.split(':')),
);

/** The IPA of a sound; empty for an unknown one, at which the mouth stays. */
export const russianIpa = (name: string): string => IPA[name] ?? IPA[name.slice(0, name.length / 2)] ?? '';

const OTHER_LETTERS = /(?![\u0400-\u045f]|\u0300|\u0301)[\p{L}\p{M}]/u;

/** Whether the voice can read all of a text: it skips letters of other scripts, and most signs. */
export const isRussian = (text: string): boolean =>
  /[\u0400-\u045f]/.test(text) && !OTHER_LETTERS.test(text) && !/[₽$€£%@#&+=*/\\^~]/.test(text);

/**
 * The text as the voice reads it, of the same length: quotes, brackets and dashes would be spelled or swallow the word
 * beside them.
 */
export const plainRussian = (text: string): string =>
  text
    .replace(/[«»„“”"'()‐‑–—]|\u0300|\u0301/gu, ' ')
    .replace(/(?<=\s)-(?=\s)/gu, ' ')
    .replace(/…/gu, '.');
