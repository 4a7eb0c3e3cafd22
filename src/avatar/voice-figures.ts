import { SAMPLE_RATE_HZ } from '../core/time.js';

/** Measurements of 10 ms of a voice. */
export interface FrameFigures {
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
export function frameFigures(pcm: Float32Array, hopMs: number): FrameFigures[] {
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
export function firstFormants(samples: Float64Array): readonly [f1: number, f2: number] {
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
