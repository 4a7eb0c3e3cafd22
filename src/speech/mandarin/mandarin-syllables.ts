import { pinyin } from 'pinyin-pro';
import { chineseNumber } from './chinese-number.js';
import { zhuyinOf, type Zhuyin } from './zhuyin.js';

export interface MandarinSyllable extends Zhuyin {
  /** 1–4; 5: neutral. */
  readonly tone: number;
  /** UTF-16 offset of the character, or of the number, in the text. */
  readonly at: number;
  /** Pause after it in ms; 0 within a phrase. */
  readonly pauseMs: number;
}

const PAUSES: readonly (readonly [RegExp, number])[] = [
  [/[。！？!?；;…\n]/u, 420],
  [/[，,：:、—]/u, 220],
];
const NUMBER = /\d+(?:[.,]\d+)*/gu;
const THIRD = 3;

/** The syllables of a text with their tones after sandhi; undefined when it has letters that are not Chinese. */
export function mandarinSyllables(text: string): MandarinSyllable[] | undefined {
  if (/(?!\p{Script=Han})\p{L}/u.test(text) || /[$€£¥%@#&+=*/\\^~]/u.test(text)) return undefined;
  const { spoken, origin } = withNumbers(text);
  const out: { -readonly [K in keyof MandarinSyllable]: MandarinSyllable[K] }[] = [];
  let unit = 0;
  for (const one of pinyin(spoken, { type: 'all', toneType: 'none', toneSandhi: true })) {
    const at = origin[unit]!;
    unit += one.origin.length;
    const zhuyin = one.isZh ? zhuyinOf(one.pinyin) : undefined;
    if (zhuyin !== undefined) {
      out.push({ ...zhuyin, tone: one.num === 0 ? 5 : one.num, at, pauseMs: 0 });
      continue;
    }
    if (one.isZh) return undefined;
    const pauseMs = PAUSES.find(([signs]) => signs.test(one.origin))?.[1] ?? 0;
    const before = out.at(-1);
    if (before !== undefined) before.pauseMs = Math.max(before.pauseMs, pauseMs);
  }
  // Of two third tones in a phrase the first is spoken as a second.
  for (let i = 0; i + 1 < out.length; i += 1) {
    if (out[i]!.tone === THIRD && out[i + 1]!.tone === THIRD && out[i]!.pauseMs === 0) out[i]!.tone = 2;
  }
  return out;
}

/** Numbers in words; for each unit of the spoken text its offset in the written one. */
function withNumbers(text: string): { spoken: string; origin: number[] } {
  let spoken = '';
  const origin: number[] = [];
  const put = (part: string, at: number, spread: boolean): void => {
    for (let i = 0; i < part.length; i += 1) origin.push(spread ? at + i : at);
    spoken += part;
  };
  let done = 0;
  for (const match of text.matchAll(NUMBER)) {
    put(text.slice(done, match.index), done, true);
    put(chineseNumber(match[0]), match.index, false);
    done = match.index + match[0].length;
  }
  put(text.slice(done), done, true);
  return { spoken, origin };
}
