import type { HeardText, Transcript } from './recogniser.js';

/** sherpa-onnx's result for a sound. */
export interface SherpaResult {
  readonly text: string;
  readonly tokens?: readonly string[];
  /** Seconds at which each token begins. */
  readonly timestamps?: readonly number[];
}

const WORD_BEGINS = /^[\s▁]/;
const CONTINUES = /@@$/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Control tokens such as `<|zh|>`, and word boundaries. */
const CONTROL = /^<.*>$/;
/** A last token has no successor that would end it. */
const LAST_MS = 400;

/**
 * Joins tokens into words. Pieces of words begin with a space or `▁` where a word begins (BPE), or end with `@@` where it
 * goes on; letters of scripts without spaces are words of their own. A word ends where the next one begins.
 */
export function sherpaTranscript({ text, tokens = [], timestamps = [] }: SherpaResult, lengthMs: number): Transcript {
  if (tokens.length === 0 || tokens.length !== timestamps.length) return { text, words: [], segments: [] };
  const words: { text: string; startMs: number; endMs: number }[] = [];
  let goesOn = false;
  for (const [i, token] of tokens.entries()) {
    if (CONTROL.test(token)) continue;
    const piece = token.replace(/^▁|@@$/g, '').trim();
    const startMs = timestamps[i]! * 1000;
    const last = words.at(-1);
    const begins =
      last === undefined ||
      (!goesOn && (WORD_BEGINS.test(token) || tokens.some((one) => CONTINUES.test(one)))) ||
      UNSPACED.test(piece) ||
      (UNSPACED.test(last.text) && piece !== '');
    goesOn = CONTINUES.test(token);
    if (begins) {
      if (last !== undefined) last.endMs = Math.max(last.startMs, startMs);
      words.push({ text: piece, startMs, endMs: Math.min(lengthMs, startMs + LAST_MS) });
    } else last.text += piece;
  }
  const last = words.at(-1);
  if (last !== undefined) {
    const lastToken = timestamps.at(-1)! * 1000;
    last.endMs = Math.max(last.endMs, Math.min(lengthMs, lastToken + LAST_MS));
  }
  return { text, words: words satisfies HeardText[], segments: [] };
}
