import type { WordMark } from '../speech-provider.js';
import type { HeardWord } from './voice-source.js';

/** Letters of a search window: a service may skip a few words, but must not jump to the end. */
const WINDOW_CHARS = 80;

/**
 * The places of a service's words in the text.
 *
 * Problem: services report words with or without punctuation, numbers as read, and characters one by one.
 * Rule: a word is looked for from the end of the one before it, without case; a word that is not found, such as a number
 * in words, gets no mark, and its time is then divided by letters. A word that is found far ahead is taken for a
 * mistake.
 */
export function wordMarks(text: string, words: readonly HeardWord[], rateHz: number): WordMark[] {
  const lower = text.toLowerCase();
  const same = lower.length === text.length ? lower : text;
  const marks: WordMark[] = [];
  let from = 0;
  let lastMs = 0;
  for (const word of words) {
    if (!Number.isFinite(word.atMs) || word.atMs < lastMs) continue;
    const bare = word.text.toLowerCase().replace(/^[^\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
    if (bare === '') continue;
    const at = word.at ?? placeOf(bare, same, from);
    if (at < from || at >= text.length) continue;
    marks.push({ char: at, sample: Math.round((word.atMs * rateHz) / 1000) });
    lastMs = word.atMs;
    from = word.at === undefined ? at + bare.length : at;
  }
  return marks;
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]$/u;

/** In spaced scripts only where a word begins: "a" is not in "that". */
function placeOf(word: string, text: string, from: number): number {
  const anywhere = UNSPACED.test(word);
  for (let at = text.indexOf(word, from); at >= 0 && at < from + WINDOW_CHARS; at = text.indexOf(word, at + 1)) {
    if (anywhere || !LETTER.test(text.slice(Math.max(0, at - 2), at))) return at;
  }
  return -1;
}
