import { normalise } from '../normalise/normalise.js';
import { DIGIT_WORDS } from '../normalise/spelled-digits.js';
import { numberWords } from './number-tables.js';

const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'nl', 'it', 'ru', 'pl', 'tr', 'id', 'vi', 'hi', 'ar', 'ko'];
/** Digits of Chinese as it is written in Latin letters, and the signs of cheques. */
const MORE = new Set(
  'ling yi er san si wu liu qi ba jiu yao dong guai liang shi bai qian wan'
    .split(' ')
    .concat([...'零〇一二三四五六七八九十百千万亿两幺壹贰叁肆伍陆柒捌玖拾佰仟廿卅']),
);

/** Whether a word is a number in any language: no viewer is called by it, and no line may hide a figure in it. */
export function isNumberWord(word: string): boolean {
  const { text } = normalise(word).folded;
  return (
    /^\p{N}+$/u.test(text) ||
    DIGIT_WORDS.has(text) ||
    MORE.has(text) ||
    LANGUAGES.some((one) => numberWords(one).has(text))
  );
}
