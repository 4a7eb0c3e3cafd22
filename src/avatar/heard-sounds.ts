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
/** Level of the loud frames: nine tenths are quieter. Below it by these much are silence, a voice behind closed lips… */
const LOUD_QUANTILE = 0.9;
const MIN_LOUD_DB = -55;
const SILENT_DB = 32;
/** …a consonant, and a nasal. */
const CLOSED_DB = 6;
const CONSONANT_DB = 12;
const NASAL_DB = 6.5;
/** Share of the energy above 3 kHz: of s, f, sh, t; of vowels; of nasals. */
const HISS_SHARE = 0.18;
const CLOSED_SHARE = 0.03;
const NASAL_SHARE = 0.02;
/** Lips that are shut leave one low resonance. */
const CLOSED_F1_HZ = 290;

const SILENCE = '';

/** Sounds with their samples at 48 kHz, in order; silence is left out. */
export function heardSounds(pcm: Float32Array): PhonemeTiming[] {
  const frames = frameFigures(pcm, HOP_MS);
  if (frames.length === 0) return [];
  const levels = Float64Array.from(frames, ({ levelDb }) => levelDb).sort();
  const loudDb = Math.max(MIN_LOUD_DB, levels[Math.floor((levels.length - 1) * LOUD_QUANTILE)]!);
  const formants = frames.map(({ samples }) => firstFormants(samples));
  const steady = (i: number, which: 0 | 1): number =>
    [formants[Math.max(0, i - 1)]!, formants[i]!, formants[Math.min(formants.length - 1, i + 1)]!]
      .map((one) => one[which])
      .toSorted((a, b) => a - b)[1]!;
  const classes = frames.map((frame, i) => classOf(frame, loudDb, steady(i, 0), steady(i, 1)));
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

function classOf({ levelDb, highShare }: FrameFigures, loudDb: number, f1: number, f2: number): string {
  const below = loudDb - levelDb;
  if (below > SILENT_DB) return SILENCE;
  if (highShare > HISS_SHARE) return 's';
  if (below > CLOSED_DB && f1 <= CLOSED_F1_HZ && highShare < CLOSED_SHARE) return 'm';
  if (below > CONSONANT_DB) return 'z';
  if (below > NASAL_DB && f1 < 400 && highShare < NASAL_SHARE) return 'n';
  return vowelOf(f1, f2);
}

/** By jaw (F1) and lips (F2), with limits between the voices of men and women (Hillenbrand et al. 1995). */
function vowelOf(f1: number, f2: number): string {
  if (f1 >= 600) return f2 < 1100 ? 'ɔ' : f2 < 1600 ? 'a' : f1 >= 640 ? 'æ' : 'ɛ';
  if (f1 >= 465) return f2 < 1250 ? 'ɔ' : f2 >= 1600 ? 'ɛ' : f1 >= 560 ? 'a' : 'ə';
  if (f2 >= 1700) return 'i';
  return f2 < 1150 ? 'u' : 'ə';
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
