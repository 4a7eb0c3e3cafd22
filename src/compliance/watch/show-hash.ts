/**
 * How much of the show's picture repeats over an hour (rule 5.7), from occasional stills.
 *
 * A still is reduced to 32×32 luma samples with full contrast and hashed: the signs of the lowest 8×8 DCT coefficients
 * against their mean, 64 bits. The tests compare these with jimp's pHash; jimp itself permanently takes 20 MB of a
 * room's memory. A room with a fixed set repeats by nature, so only an hour without any change (product, card, scene)
 * counts.
 */
import type { DuplicateThresholds } from '../../config/sections/compliance.js';

export interface ShowRepetition {
  /** Stills of the last hour. */
  readonly stills: number;
  /** Share of near-duplicates of an earlier still, 0–1. */
  readonly share: number;
  /** Distinct pictures. */
  readonly different: number;
  /** Above the room's threshold, with an hour of stills: rule 5.7. */
  readonly tooMuch: boolean;
}

const SIDE = 32;
const LOWEST = 8;
const HOUR_MS = 3_600_000;
/** Maximum stills kept: one per five seconds of an hour; the usual one a minute needs fewer. */
const CAPACITY = 720;
/** Minimum stills for a verdict on an hour. */
const STILLS_MIN = 30;

interface Still {
  readonly atMs: number;
  readonly hash: string;
  readonly repeated: boolean;
}

export class ShowHash {
  private stills: Still[] = [];

  constructor(private readonly thresholds: Pick<DuplicateThresholds, 'stillDistance' | 'stillsShare'>) {}

  /** Takes a still: an I420 frame. `atMs` is any monotonic clock in milliseconds. */
  look(picture: Uint8Array, width: number, height: number, atMs: number): void {
    const hash = perceptualHash(picture, width, height);
    this.stills = this.stills.filter((s) => atMs - s.atMs <= HOUR_MS).slice(1 - CAPACITY);
    const repeated = this.stills.some((s) => hashDistance(s.hash, hash) <= this.thresholds.stillDistance);
    this.stills.push({ atMs, hash, repeated });
  }

  repetition(nowMs: number): ShowRepetition {
    const hour = this.stills.filter((s) => nowMs - s.atMs <= HOUR_MS);
    const repeated = hour.filter((s) => s.repeated).length;
    const share = hour.length === 0 ? 0 : repeated / hour.length;
    const tooMuch = hour.length >= STILLS_MIN && share >= this.thresholds.stillsShare;
    return { stills: hour.length, share, different: hour.length - repeated, tooMuch };
  }
}

/** Returns 64 characters `0` or `1`. */
export function perceptualHash(picture: Uint8Array, width: number, height: number): string {
  const luma = shrink(picture, width, height);
  let min = 255;
  let max = 0;
  for (const v of luma) {
    min = Math.min(min, v);
    max = Math.max(max, v);
  }
  const scale = 255 / Math.max(1, max - min);
  const lowest = lowestFrequencies(luma.map((v) => Math.round((v - min) * scale)));
  const mean = lowest.reduce((sum, v) => sum + v, 0) / lowest.length;
  return lowest.map((v) => (v > mean ? '1' : '0')).join('');
}

/** The 8×8 lowest coefficients of the DCT-II of 32×32 samples, columns first. */
function lowestFrequencies(samples: Float64Array): number[] {
  const wave = (k: number, i: number): number => Math.cos(((2 * i + 1) * k * Math.PI) / (2 * SIDE));
  const weight = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1);
  const coefficients: number[] = [];
  for (let u = 0; u < LOWEST; u += 1) {
    // Along x first, because the transform is separable.
    const columns = new Float64Array(SIDE);
    for (let y = 0; y < SIDE; y += 1) {
      for (let x = 0; x < SIDE; x += 1) columns[y]! += samples[y * SIDE + x]! * wave(u, x);
    }
    for (let v = 0; v < LOWEST; v += 1) {
      let sum = 0;
      for (let y = 0; y < SIDE; y += 1) sum += columns[y]! * wave(v, y);
      coefficients.push((sum * weight(u) * weight(v)) / 4);
    }
  }
  return coefficients;
}

/** Share of differing bits, 0–1. */
export function hashDistance(a: string, b: string): number {
  let differ = 0;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) differ += 1;
  return differ / a.length;
}

/** Means of the luma plane over a grid of 32×32. */
function shrink(plane: Uint8Array, width: number, height: number): Float64Array {
  const sums = new Float64Array(SIDE * SIDE);
  const counts = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * SIDE) / height) * SIDE;
    for (let x = 0; x < width; x += 1) {
      const cell = row + Math.floor((x * SIDE) / width);
      sums[cell]! += plane[y * width + x]!;
      counts[cell]! += 1;
    }
  }
  return sums.map((sum, i) => sum / Math.max(1, counts[i]!));
}
