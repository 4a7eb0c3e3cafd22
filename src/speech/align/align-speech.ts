import { Resampler } from '../../core/audio/resample.js';
import type { PhonemeMark, WordMark } from '../speech-provider.js';

/** Power spectra of real frames of one size, a power of two; iterative radix 2 in place. */
class PowerSpectrum {
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly reversed: Uint32Array;

  constructor(readonly size: number) {
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
    this.cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.sin = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(size);
    this.reversed = new Uint32Array(size);
    for (let i = 0; i < size; i += 1) this.reversed[i] = (this.reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  }

  /** Writes `size / 2 + 1` powers of `frame`, padded with zeros, into `out`. */
  of(frame: Float64Array, out: Float64Array): void {
    const { re, im, cos, sin, reversed, size } = this;
    for (let i = 0; i < size; i += 1) {
      re[reversed[i]!] = i < frame.length ? frame[i]! : 0;
      im[i] = 0;
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (half * 2);
      for (let start = 0; start < size; start += half * 2) {
        for (let k = 0; k < half; k += 1) {
          const wr = cos[k * step]!;
          const wi = sin[k * step]!;
          const a = start + k;
          const b = a + half;
          const tr = re[b]! * wr - im[b]! * wi;
          const ti = re[b]! * wi + im[b]! * wr;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a]! += tr;
          im[a]! += ti;
        }
      }
    }
    for (let i = 0; i <= size / 2; i += 1) out[i] = re[i]! * re[i]! + im[i]! * im[i]!;
  }
}

/**
 * Mel-frequency cepstra of speech at 16 kHz, the usual features of speech recognition: 25 ms Hamming windows every
 * 10 ms, 26 mel bands from 60 to 7600 Hz, 12 cepstral coefficients, their slope, and the level. Each value has mean 0
 * and variance 1 over the recording, so two voices can be compared.
 */
const MFCC_RATE_HZ = 16_000;
const MFCC_HOP = 160;
const WINDOW = 400;
const FFT_SIZE = 512;
const BANDS = 26;
const CEPSTRA = 12;
const LOW_HZ = 60;
const HIGH_HZ = 7600;
const SLOPE_REACH = 2;
const MFCC_VALUES = CEPSTRA * 2 + 1;

const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
const hertz = (m: number): number => 700 * (10 ** (m / 2595) - 1);

const hamming = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (WINDOW - 1)),
);
/** Weights of the spectrum's lines in band b, from its first line on. */
const bank = Array.from({ length: BANDS }, (_, b) => {
  const edge = (i: number): number =>
    hertz(mel(LOW_HZ) + ((mel(HIGH_HZ) - mel(LOW_HZ)) * i) / (BANDS + 1)) / (MFCC_RATE_HZ / FFT_SIZE);
  const [low, middle, high] = [edge(b), edge(b + 1), edge(b + 2)];
  const first = Math.ceil(low);
  const weights = Float64Array.from({ length: Math.max(1, Math.floor(high) - first + 1) }, (_line, i) =>
    Math.max(0, Math.min((first + i - low) / (middle - low), (high - first - i) / (high - middle))),
  );
  return { first, weights };
});
const dct = Array.from({ length: CEPSTRA }, (_, c) =>
  Float64Array.from({ length: BANDS }, (_band, b) => Math.cos((Math.PI * (c + 1) * (b + 0.5)) / BANDS)),
);

/** Rows of MFCC_VALUES values, one every 10 ms. */
function mfcc(pcm: Float32Array): { readonly rows: Float32Array; readonly count: number } {
  const count = Math.max(1, Math.ceil(pcm.length / MFCC_HOP));
  const rows = new Float32Array(count * MFCC_VALUES);
  const spectrum = new PowerSpectrum(FFT_SIZE);
  const frame = new Float64Array(WINDOW);
  const power = new Float64Array(FFT_SIZE / 2 + 1);
  const bands = new Float64Array(BANDS);
  for (let f = 0; f < count; f += 1) {
    const from = f * MFCC_HOP - WINDOW / 2;
    let level = 0;
    for (let i = 0; i < WINDOW; i += 1) {
      const at = from + i;
      const x = at > 0 && at < pcm.length ? pcm[at]! - 0.97 * pcm[at - 1]! : 0;
      frame[i] = x * hamming[i]!;
      level += x * x;
    }
    spectrum.of(frame, power);
    for (let b = 0; b < BANDS; b += 1) {
      const { first, weights } = bank[b]!;
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += weights[k]! * power[first + k]!;
      bands[b] = Math.log(sum + 1e-6);
    }
    const row = f * MFCC_VALUES;
    for (let c = 0; c < CEPSTRA; c += 1) {
      let sum = 0;
      for (let b = 0; b < BANDS; b += 1) sum += dct[c]![b]! * bands[b]!;
      rows[row + c] = sum;
    }
    rows[row + CEPSTRA * 2] = Math.log(level + 1e-5);
  }
  addSlopes(rows, count);
  normalise(rows, count);
  return { rows, count };
}

function addSlopes(rows: Float32Array, count: number): void {
  for (let f = 0; f < count; f += 1) {
    const before = Math.max(0, f - SLOPE_REACH) * MFCC_VALUES;
    const after = Math.min(count - 1, f + SLOPE_REACH) * MFCC_VALUES;
    for (let c = 0; c < CEPSTRA; c += 1) rows[f * MFCC_VALUES + CEPSTRA + c] = rows[after + c]! - rows[before + c]!;
  }
}

function normalise(rows: Float32Array, count: number): void {
  for (let c = 0; c < MFCC_VALUES; c += 1) {
    let sum = 0;
    let squares = 0;
    for (let f = 0; f < count; f += 1) {
      const x = rows[f * MFCC_VALUES + c]!;
      sum += x;
      squares += x * x;
    }
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(1e-6, squares / count - mean * mean));
    for (let f = 0; f < count; f += 1) {
      const at = f * MFCC_VALUES + c;
      rows[at] = (rows[at]! - mean) / deviation;
    }
  }
}

interface Features {
  readonly rows: Float32Array;
  readonly count: number;
}

/** Frames to either side of the straight line: pauses differ between voices, but not by half a line. */
const MIN_BAND = 60;
const BAND_SHARE = 0.25;
/** A step that stands still in one recording costs more than a step that advances in both. */
const STILL = 1.15;
/** Rows between two turns of the event loop: about 5 ms of work. */
const ROWS_AT_ONCE = 48;

/**
 * Dynamic time warping (Sakoe & Chiba 1978) of two recordings of one text: for each frame of the first, the first
 * matching frame of the second. Yields to the event loop in between.
 */
async function warpPath(a: Features, b: Features, signal?: AbortSignal): Promise<Int32Array> {
  const n = a.count;
  const m = b.count;
  const radius = Math.max(MIN_BAND, Math.ceil(Math.max(n, m) * BAND_SHARE));
  const width = 2 * radius + 1;
  const slope = n === 1 ? 0 : (m - 1) / (n - 1);
  const firstOf = (i: number): number => Math.round(i * slope) - radius;
  /** 0: from both before, 1: from the frame before in `a`, 2: from the one before in `b`. */
  const steps = new Uint8Array(n * width);
  let above = new Float64Array(width).fill(Infinity);
  let row = new Float64Array(width);
  for (let i = 0; i < n; i += 1) {
    if (i % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) {
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
    row.fill(Infinity);
    const first = firstOf(i);
    const moved = i === 0 ? 0 : first - firstOf(i - 1);
    for (let k = 0; k < width; k += 1) {
      const j = first + k;
      if (j < 0 || j >= m) continue;
      const cost = distance(a.rows, i, b.rows, j);
      if (i === 0 && j === 0) {
        row[k] = cost;
        continue;
      }
      const up = k + moved;
      const both = up - 1 >= 0 && up - 1 < width ? above[up - 1]! + cost : Infinity;
      const inA = up >= 0 && up < width ? above[up]! + cost * STILL : Infinity;
      const inB = k > 0 ? row[k - 1]! + cost * STILL : Infinity;
      const best = Math.min(both, inA, inB);
      row[k] = best;
      steps[i * width + k] = best === both ? 0 : best === inA ? 1 : 2;
    }
    [above, row] = [row, above];
  }
  const path = new Int32Array(n);
  let j = m - 1;
  for (let i = n - 1; i >= 0;) {
    path[i] = j;
    const step = steps[i * width + j - firstOf(i)]!;
    if (i === 0 && j === 0) break;
    if (step !== 1) j -= 1;
    if (step !== 2) i -= 1;
    if (j < 0) j = 0;
  }
  return path;
}

function distance(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  for (let c = 0, x = i * MFCC_VALUES, y = j * MFCC_VALUES; c < MFCC_VALUES; c += 1) {
    const d = a[x + c]! - b[y + c]!;
    sum += d * d;
  }
  return Math.sqrt(sum);
}

/**
 * Times of words and sounds for a voice that reports none.
 *
 * Problem: captions, lips and the mute of a forbidden word need to know when each word is heard, and many voices do not
 * say it.
 * Rule: eSpeak speaks the same text, with known times; both recordings are compared by their sounds, and its times are
 * carried over. Both are cut to the audible part, so silence at the ends does not count.
 * Numbers: word starts are off by 15 to 23 ms in the middle, 250 ms at worst in 95 of 100, so a mute of aligned words
 * is 300 ms wider on either side.
 */
export interface TimedSpeech {
  /** Mono, −1…1. */
  readonly pcm: Float32Array;
  readonly rateHz: number;
  readonly words: readonly WordMark[];
  readonly phonemes: readonly PhonemeMark[];
}

export interface AlignedTimes {
  readonly words: WordMark[];
  readonly phonemes: PhonemeMark[];
}

const AUDIBLE = 10 ** (-45 / 20);

/** Undefined when there is nothing to compare. Word offsets are in the reference. */
export async function alignSpeech(
  reference: TimedSpeech,
  target: Pick<TimedSpeech, 'pcm' | 'rateHz'>,
  signal?: AbortSignal,
): Promise<AlignedTimes | undefined> {
  const a = audible(reference);
  const b = audible(target);
  if (a === undefined || b === undefined) return undefined;
  const known = mfcc(a.pcm);
  // 20 s of sound take 15 ms: other work goes between.
  await new Promise(setImmediate);
  const heard = mfcc(b.pcm);
  const path = await warpPath(known, heard, signal);
  const move = (sample: number): number => {
    const at = ((sample / reference.rateHz) * MFCC_RATE_HZ - a.from) / MFCC_HOP;
    const frame = Math.min(path.length - 1, Math.max(0, at));
    const low = Math.floor(frame);
    const next = path[Math.min(path.length - 1, low + 1)]!;
    const warped = path[low]! + (frame - low) * (next - path[low]!);
    return Math.min(
      target.pcm.length,
      Math.max(0, Math.round(((warped * MFCC_HOP + b.from) / MFCC_RATE_HZ) * target.rateHz)),
    );
  };
  return {
    words: reference.words.map(({ char, sample }) => ({ char, sample: move(sample) })),
    phonemes: reference.phonemes.map(({ ipa, startSample, endSample }) => ({
      ipa,
      startSample: move(startSample),
      endSample: move(endSample),
    })),
  };
}

/** The heard part at 16 kHz; `from` is its place there. */
function audible({
  pcm,
  rateHz,
}: Pick<TimedSpeech, 'pcm' | 'rateHz'>): { pcm: Float32Array; from: number } | undefined {
  const sound = rateHz === MFCC_RATE_HZ ? pcm : resamplerFor(rateHz).convert(pcm);
  let peak = 0;
  for (const x of sound) peak = Math.max(peak, Math.abs(x));
  const floor = peak * AUDIBLE;
  if (peak === 0) return undefined;
  let from = 0;
  while (Math.abs(sound[from]!) < floor) from += 1;
  let to = sound.length;
  while (Math.abs(sound[to - 1]!) < floor) to -= 1;
  return { pcm: sound.subarray(from, to), from };
}

/** A rate's filter bank takes 20 ms to compute and never changes. */
const resamplers = new Map<number, Resampler>();
function resamplerFor(fromHz: number): Resampler {
  let one = resamplers.get(fromHz);
  if (one === undefined) {
    one = new Resampler(fromHz, MFCC_RATE_HZ);
    resamplers.set(fromHz, one);
  }
  return one;
}
