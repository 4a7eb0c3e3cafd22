import { SAMPLE_RATE_HZ } from '../../core/time.js';
import type { WordTiming } from '../../core/speech.js';
import { levelOf, VOICE_FRAME } from './voice-chunker.js';

/*
 * Problem: recognisers leave out words, above all mumbled ones and those of another language, and such a word has no
 * verdict.
 * Rule: frames as loud as speech that lie further from every recognised word than its times may be wrong are silenced.
 * Numbers: 250 ms around a word; stretches of 100 ms and more; within 24 dB of the loud frames and above −50 dBFS.
 */

const REACH = (250 * SAMPLE_RATE_HZ) / 1000;
const MIN_FRAMES = 5;
const BELOW_LOUD_DB = 24;
const MIN_DB = -50;
const LOUD_QUANTILE = 0.9;
const RAMP = 240;

/** Silences, in place, speech that no word covers; returns how many samples. */
export function silenceUnheard(pcm: Float32Array, words: readonly WordTiming[]): number {
  const levels = Array.from({ length: Math.ceil(pcm.length / VOICE_FRAME) }, (_, i) =>
    levelOf(pcm.subarray(i * VOICE_FRAME, (i + 1) * VOICE_FRAME)),
  );
  const loud = levels.toSorted((a, b) => a - b)[Math.floor((levels.length - 1) * LOUD_QUANTILE)] ?? -120;
  const threshold = Math.max(MIN_DB, loud - BELOW_LOUD_DB);
  const isUnheard = (i: number): boolean => {
    const from = i * VOICE_FRAME;
    const to = from + VOICE_FRAME;
    return levels[i]! > threshold && !words.some((w) => from < w.endSample + REACH && to > w.startSample - REACH);
  };
  let silenced = 0;
  for (let i = 0; i < levels.length; i += 1) {
    if (!isUnheard(i)) continue;
    let end = i + 1;
    // Short dips belong to the speech around them.
    while (end < levels.length && (isUnheard(end) || (end + 1 < levels.length && isUnheard(end + 1)))) end += 1;
    if (end - i >= MIN_FRAMES) {
      const to = Math.min(pcm.length, end * VOICE_FRAME);
      silence(pcm, i * VOICE_FRAME, to);
      silenced += to - i * VOICE_FRAME;
    }
    i = end;
  }
  return silenced;
}

/** With short fades outside of the silent part. */
function silence(pcm: Float32Array, from: number, to: number): void {
  pcm.fill(0, from, to);
  for (let k = 1; k <= RAMP; k += 1) {
    const gain = k / (RAMP + 1);
    if (from - k >= 0) pcm[from - k]! *= gain;
    if (to + k - 1 < pcm.length) pcm[to + k - 1]! *= gain;
  }
}
