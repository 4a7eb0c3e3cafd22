import { MFCC_VALUES } from './mfcc.js';

export interface Features {
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
export async function warpPath(a: Features, b: Features, signal?: AbortSignal): Promise<Int32Array> {
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
