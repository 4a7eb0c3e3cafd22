// frame path
import type { BinaryImage } from '../binarize.js';
import { isBullseyeCore, isBullseyeRun, isFinderRuns, isLooseInside, isLooseRuns, isRingRuns } from './finder-runs.js';

/** The pattern that `measure` searches for. */
export const FINDER = 0;
export const RING = 1;
export const LOOSE = 2;
export const LOOSE_DIAGONAL = 3;

/** Runs of the last line measured: ring, gap, core, gap, ring; then the core's first and last step from the start. */
export const line = new Int32Array(7);

/** Ends of the six runs of half a bull's eye, from its middle. */
const ends = new Int32Array(12);

/**
 * The width of the bull's eye around (x, y) along (±dx, ±dy), in steps; 0 when there is none. Its middle is in `line`.
 */
export function measureBullseye(
  image: BinaryImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  colour: number,
  limit: number,
): number {
  const { bits, width, height } = image;
  if (bits[y * width + x] !== colour) return 0;
  for (let side = 0; side < 2; side += 1) {
    const [sx, sy] = side === 0 ? [dx, dy] : [-dx, -dy];
    const toSide = sx === 0 ? limit : sx > 0 ? width - 1 - x : x;
    const toEnd = sy === 0 ? limit : sy > 0 ? height - 1 - y : y;
    const most = Math.min(toSide, toEnd, limit);
    const step = sy * width + sx;
    const p = y * width + x;
    let k = 1;
    for (let run = 0; run < 6; run += 1) {
      const expected = (run & 1) === 0 ? colour : colour ^ 1;
      while (k <= most && bits[p + k * step] === expected) k += 1;
      ends[side * 6 + run] = k;
    }
  }
  const total = ends[4]! + ends[10]! - 1;
  for (let side = 0; side < 12; side += 6) {
    for (let run = 1; run < 5; run += 1) {
      if (!isBullseyeRun(ends[side + run]! - ends[side + run - 1]!, total, false)) return 0;
    }
    if (20 * (ends[side + 5]! - ends[side + 4]!) < total - 15) return 0;
  }
  if (!isBullseyeCore(ends[0]! + ends[6]! - 1, ends[1]! + ends[7]! - 1)) return 0;
  if (total < 8 || !isBullseyeRun(ends[0]! + ends[6]! - 1, total, true)) return 0;
  line[5] = 1 - ends[6]!;
  line[6] = ends[0]! - 1;
  return total;
}

/** Measures the five runs through (x, y) along (±dx, ±dy) into `line`; returns whether they match `kind`. */
export function measure(
  image: BinaryImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  colour: number,
  limit: number,
  kind: number,
): boolean {
  const { bits, width, height } = image;
  if (bits[y * width + x] !== colour) return false;
  const step = dy * width + dx;
  const toRight = dx === 0 ? limit : width - 1 - x;
  const toLeft = dx === 0 ? limit : x;
  const toBottom = dy === 0 ? limit : dy > 0 ? height - 1 - y : y;
  const toTop = dy === 0 ? limit : dy > 0 ? y : height - 1 - y;
  const ahead = Math.min(toRight, toBottom, limit);
  const behind = Math.min(toLeft, toTop, limit);
  let p = y * width + x;
  let k = 1;
  while (k <= ahead && bits[p + k * step] === colour) k += 1;
  const core = k;
  while (k <= ahead && bits[p + k * step] !== colour) k += 1;
  const gap = k;
  while (k <= ahead && bits[p + k * step] === colour) k += 1;
  line[3] = gap - core;
  line[4] = k - gap;
  line[6] = core - 1;
  p = y * width + x;
  k = 1;
  while (k <= behind && bits[p - k * step] === colour) k += 1;
  const coreBack = k;
  while (k <= behind && bits[p - k * step] !== colour) k += 1;
  const gapBack = k;
  while (k <= behind && bits[p - k * step] === colour) k += 1;
  line[1] = gapBack - coreBack;
  line[0] = k - gapBack;
  line[2] = core + coreBack - 1;
  line[5] = 1 - coreBack;
  if (line[0] === 0 || line[1] === 0 || line[3] === 0 || line[4] === 0) return false;
  if (kind === LOOSE_DIAGONAL) return isLooseInside(line[1]!, line[2]!, line[3]!);
  const runs = kind === FINDER ? isFinderRuns : kind === RING ? isRingRuns : isLooseRuns;
  return runs(line[0]!, line[1]!, line[2]!, line[3]!, line[4]!);
}
