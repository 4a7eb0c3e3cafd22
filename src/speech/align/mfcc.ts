import { PowerSpectrum } from './fft.js';

/**
 * Mel-frequency cepstra of speech at 16 kHz, the usual features of speech recognition: 25 ms Hamming windows every
 * 10 ms, 26 mel bands from 60 to 7600 Hz, 12 cepstral coefficients, their slope, and the level. Each value has mean 0
 * and variance 1 over the recording, so two voices can be compared.
 */
export const MFCC_RATE_HZ = 16_000;
export const MFCC_HOP = 160;
const WINDOW = 400;
const FFT_SIZE = 512;
const BANDS = 26;
const CEPSTRA = 12;
const LOW_HZ = 60;
const HIGH_HZ = 7600;
const SLOPE_REACH = 2;
export const MFCC_VALUES = CEPSTRA * 2 + 1;

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
export function mfcc(pcm: Float32Array): { readonly rows: Float32Array; readonly count: number } {
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
