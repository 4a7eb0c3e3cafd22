import { normalise } from '../normalise/normalise.js';
import { DIGIT_WORDS } from '../normalise/spelled-digits.js';
import { numberWords } from './number-tables.js';

const LANGUAGES = ['en', 'es', 'pt', 'fr', 'de', 'nl', 'it', 'ru', 'pl', 'tr', 'id', 'vi', 'hi', 'ar', 'ko'];
/** Digits of Chinese as it is written in Latin letters. */
const PINYIN = new Set('ling yi er san si wu liu qi ba jiu yao dong guai liang shi bai qian wan'.split(' '));
const SIGNS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000, 两: 2, 幺: 1,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9, 拾: 10, 佰: 100, 仟: 1000, 廿: 20, 卅: 30,
}; // prettier-ignore

/** Whether a word is a number in any language: no viewer is called by it. */
export function isNumberWord(word: string): boolean {
  const { text } = normalise(word).folded;
  return (
    /^\p{N}+$/u.test(text) ||
    DIGIT_WORDS.has(text) ||
    PINYIN.has(text) ||
    text in SIGNS ||
    LANGUAGES.some((one) => numberWords(one).has(text))
  );
}

/** The value of a number word of one language; undefined for any other word. */
export function valueOfWord(word: string, language: string): number | undefined {
  const { text } = normalise(word).folded;
  return numberWords(language).get(text) ?? SIGNS[text];
}
