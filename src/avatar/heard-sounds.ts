import type { PhonemeTiming } from '../core/speech.js';
import { SAMPLE_RATE_HZ } from '../core/time.js';

/** Measurements of 10 ms of a voice. */
interface FrameFigures {
  readonly levelDb: number;
  /** Share of the energy above 3 kHz. */
  readonly highShare: number;
  /** 32 ms around the frame at the analysis rate, without its mean. */
  readonly samples: Float64Array;
}

/** 48 kHz divided by 6: the formants of all voices lie below 4 kHz. */
const DOWN = 6;
const RATE_HZ = SAMPLE_RATE_HZ / DOWN;
const WINDOW = 256;
const ORDER = 10;
/** First-order lift of high frequencies, which vowels have less of (6 dB an octave). */
const EMPHASIS = 0.94;
/** Steps of the spectrum that is searched for formants. */
const STEP_HZ = 25;
const MIN_F1_HZ = 200;
const MAX_F1_HZ = 1000;
const MAX_F2_HZ = 2900;
const NEUTRAL: readonly [number, number] = [500, 1400];

/** Figures of a mono sound at 48 kHz, one for every `hopMs`. */
function frameFigures(pcm: Float32Array, hopMs: number): FrameFigures[] {
  const hop = (hopMs * SAMPLE_RATE_HZ) / 1000;
  const count = Math.ceil(pcm.length / hop);
  const low = downSampled(pcm);
  return Array.from({ length: count }, (_, i) => {
    let energy = 0;
    let high = 0;
    // A window of twice the hop, so that a single period of a deep voice does not decide.
    const from = Math.max(1, i * hop - hop / 2);
    const to = Math.min(pcm.length, i * hop + 1.5 * hop);
    let held = 0;
    for (let k = from; k < to; k += 1) {
      const x = pcm[k]!;
      energy += x * x;
      // One pole at 3 kHz.
      held += (x - held) * 0.325;
      high += (x - held) * (x - held);
    }
    const samples = new Float64Array(WINDOW);
    const middle = Math.round(((i + 0.5) * hop) / DOWN);
    for (let k = 0; k < WINDOW; k += 1) samples[k] = low[middle - WINDOW / 2 + k] ?? 0;
    const power = energy / Math.max(1, to - from);
    return {
      levelDb: power > 0 ? 10 * Math.log10(power) : -120,
      highShare: energy > 0 ? Math.min(1, high / energy) : 0,
      samples,
    };
  });
}

/**
 * The first two formants of a frame in Hz: peaks of the linear prediction's spectrum (autocorrelation method,
 * Levinson–Durbin; Markel and Gray, "Linear Prediction of Speech", 1976).
 */
function firstFormants(samples: Float64Array): readonly [f1: number, f2: number] {
  const lifted = new Float64Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) {
    const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (samples.length - 1));
    lifted[i] = (samples[i]! - EMPHASIS * (samples[i - 1] ?? 0)) * window;
  }
  const a = predictor(lifted);
  if (a === undefined) return NEUTRAL;
  const peaks: number[] = [];
  let before = Infinity;
  let last = Infinity;
  for (let hz = MIN_F1_HZ - 2 * STEP_HZ; hz <= MAX_F2_HZ; hz += STEP_HZ) {
    const inverse = inverseGain(a, hz);
    // The inverse filter dips where the voice peaks.
    if (last < before && last <= inverse) peaks.push(hz - STEP_HZ);
    before = last;
    last = inverse;
  }
  const f1 = peaks.find((hz) => hz >= MIN_F1_HZ && hz <= MAX_F1_HZ);
  if (f1 === undefined) return NEUTRAL;
  return [f1, peaks.find((hz) => hz > f1 + 150) ?? NEUTRAL[1]];
}

/** Coefficients 1, a1 … of the inverse filter; undefined for silence. */
function predictor(x: Float64Array): Float64Array | undefined {
  const r = new Float64Array(ORDER + 1);
  for (let lag = 0; lag <= ORDER; lag += 1) for (let i = lag; i < x.length; i += 1) r[lag]! += x[i]! * x[i - lag]!;
  if (r[0]! < 1e-9) return undefined;
  // A little white noise keeps the recursion stable.
  let error = (r[0]! *= 1 + 1e-6);
  const a = new Float64Array(ORDER + 1);
  a[0] = 1;
  for (let m = 1; m <= ORDER; m += 1) {
    let sum = r[m]!;
    for (let i = 1; i < m; i += 1) sum += a[i]! * r[m - i]!;
    const k = -sum / error;
    const old = a.slice();
    for (let i = 1; i < m; i += 1) a[i] = old[i]! + k * old[m - i]!;
    a[m] = k;
    error *= 1 - k * k;
    if (error <= 0) return undefined;
  }
  return a;
}

function inverseGain(a: Float64Array, hz: number): number {
  const w = (2 * Math.PI * hz) / RATE_HZ;
  let re = 0;
  let im = 0;
  for (let i = 0; i <= ORDER; i += 1) {
    re += a[i]! * Math.cos(w * i);
    im -= a[i]! * Math.sin(w * i);
  }
  return re * re + im * im;
}

/** Every sixth sample behind a windowed-sinc low-pass at 3.6 kHz. */
function downSampled(pcm: Float32Array): Float64Array {
  const half = 30;
  const taps = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let i = -half; i <= half; i += 1) {
    const x = Math.PI * i * (3600 / (SAMPLE_RATE_HZ / 2));
    const value = (i === 0 ? 1 : Math.sin(x) / x) * (0.54 + 0.46 * Math.cos((Math.PI * i) / half));
    taps[i + half] = value;
    sum += value;
  }
  const out = new Float64Array(Math.ceil(pcm.length / DOWN));
  for (let o = 0; o < out.length; o += 1) {
    let y = 0;
    for (let i = -half; i <= half; i += 1) y += taps[i + half]! * (pcm[o * DOWN + i] ?? 0);
    out[o] = y / sum;
  }
  return out;
}

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
