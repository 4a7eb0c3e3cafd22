import { SAMPLE_RATE_HZ } from '../core/time.js';
import type { PhonemeTiming } from '../core/speech.js';
import { firstFormants, frameFigures, type FrameFigures } from './voice-figures.js';

/**
 * The sounds of a voice whose words were not synthesised, as phonemes for the mouth.
 *
 * Problem: a recogniser gives words at best, and lips that follow words alone look wrong; the exact vowel is not needed,
 * since a viewer sees how far the mouth opens and whether it is round.
 * Rule: every 10 ms is silence, hiss, a closed murmur or a vowel. A vowel's class comes from its first two formants
 * (linear prediction), which is the acoustic side of jaw and lips: F1 rises as the jaw opens, F2 falls as lips round.
 * Equal neighbours join; a class shorter than 30 ms takes that of the sound beside it. The result is a function of the
 * samples alone.
 */

const HOP_MS = 10;
const MIN_RUN = 3;
/** Below the loud frames of the voice by this much nobody speaks. */
const SILENT_DB = 32;
/** A murmur (m, n, l) is this much weaker than the vowels around it. */
const MURMUR_DB = 13;
/** Level of the loud frames: nine tenths are quieter. */
const LOUD_QUANTILE = 0.9;
const MIN_LOUD_DB = -55;
/** Share of the energy above 3 kHz in s, f, sh. */
const HISS_SHARE = 0.55;

const SILENCE = '';

/** Sounds with their samples at 48 kHz, in order; silence is left out. */
export function heardSounds(pcm: Float32Array): PhonemeTiming[] {
  const frames = frameFigures(pcm, HOP_MS);
  if (frames.length === 0) return [];
  const levels = Float64Array.from(frames, ({ levelDb }) => levelDb).sort();
  const loudDb = Math.max(MIN_LOUD_DB, levels[Math.floor((levels.length - 1) * LOUD_QUANTILE)]!);
  const classes = frames.map((frame) => classOf(frame, loudDb));
  smooth(classes);
  const hop = (HOP_MS * SAMPLE_RATE_HZ) / 1000;
  const sounds: PhonemeTiming[] = [];
  for (let from = 0; from < classes.length;) {
    let to = from + 1;
    while (to < classes.length && classes[to] === classes[from]) to += 1;
    const ipa = classes[from]!;
    if (ipa !== SILENCE) {
      sounds.push({ ipa, startSample: from * hop, endSample: Math.min(pcm.length, to * hop) });
    }
    from = to;
  }
  return sounds;
}

function classOf(frame: FrameFigures, loudDb: number): string {
  const { levelDb, highShare } = frame;
  if (levelDb < loudDb - SILENT_DB) return SILENCE;
  if (highShare > HISS_SHARE) return 's';
  const [f1, f2] = firstFormants(frame.samples);
  if (levelDb < loudDb - MURMUR_DB && f1 < 400) return 'n';
  if (f1 >= 620) return 'a';
  if (f1 >= 480) return f2 >= 1500 ? 'ɛ' : f2 < 1100 ? 'ɔ' : 'ə';
  if (f2 >= 1700) return 'i';
  return f2 < 1100 ? 'u' : 'ə';
}

/** A run that is too short to see takes the class before it, or after it at the beginning. */
function smooth(classes: string[]): void {
  for (let from = 0; from < classes.length;) {
    let to = from + 1;
    while (to < classes.length && classes[to] === classes[from]) to += 1;
    const before = classes[from - 1];
    if (to - from < MIN_RUN && before !== undefined) classes.fill(before, from, to);
    from = to;
  }
}
