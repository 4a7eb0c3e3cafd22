// frame path
import type { BinaryImage } from './binarize.js';

/*
 * The problem: find every finder pattern of the QR family, at any rotation, mildly distorted, from 1.3 px a
 * module, at a fraction of a decoder's cost; a miss is a violation on air, a false alarm costs a decode.
 *
 * The rule: a finder is concentric squares, so any line through its centre, at any angle, has runs 1:1:3:1:1.
 * Rows give candidates; the column, the row through the column's middle and both diagonals confirm them. The ring
 * markers of round codes are concentric too and are met on the same rows, by another ratio of the runs.
 */

/** Most candidates that one search keeps. */
export const CANDIDATES = 256;
/** Integers per candidate: x, y, moduleSize×16, polarity (+ 2 for a ring marker, + 4 for a loose finder; in the plane's pixels), confirmations. */
export const CANDIDATE_STRIDE = 5;

export class FinderCandidates {
  readonly items = new Int32Array(CANDIDATES * CANDIDATE_STRIDE);
  count = 0;
}

/** What `measure` looks for. */
const FINDER = 0;
const RING = 1;
const LOOSE = 2;
const LOOSE_DIAGONAL = 3;

/** Runs of the last line measured: ring, gap, core, gap, ring; then the core's first and last step from the start. */
const line = new Int32Array(7);

/** Whether five runs are near enough to 1:1:3:1:1; half a pixel of slack for sampling. */
export function isFinderRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const t = a + b + c + d + e;
  if (t < 7) return false;
  // ring and gap between 0.5 and 1.7 modules
  const low = t - 7;
  const high = 17 * t + 35;
  if (14 * a < low || 14 * b < low || 14 * d < low || 14 * e < low) return false;
  if (70 * a > high || 70 * b > high || 70 * d > high || 70 * e > high) return false;
  // the two sides within a factor of 2
  if (a > 2 * e + 1 || e > 2 * a + 1 || b > 2 * d + 1 || d > 2 * b + 1) return false;
  // the core between 2.1 and 4 modules
  return 10 * c >= 3 * t - 5 && 14 * c <= 8 * t + 7;
}

/** Whether five runs are near enough to 1:1.5:1.05:1.5:1: ring, gap, dot, gap, ring of a round code's marker. */
export function isRingRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const t = a + b + c + d + e;
  if (t < 6) return false;
  // rings between 0.55 and 1.6 units (a unit is t / 6.05), gaps between 1 and 2.2, the dot between 0.5 and 1.75
  const thin = 26 * t + 60;
  if (11 * a < t - 6 || 11 * e < t - 6 || 100 * a > thin || 100 * e > thin) return false;
  const wide = 36 * t + 50;
  const narrow = 16 * t - 50;
  if (100 * b < narrow || 100 * d < narrow || 100 * b > wide || 100 * d > wide) return false;
  if (a > 2 * e + 1 || e > 2 * a + 1 || 2 * b > 3 * d + 2 || 2 * d > 3 * b + 2) return false;
  return 100 * c >= 8 * t - 50 && 100 * c <= 29 * t + 50;
}

/**
 * Whether five runs are gap, core, gap as 1:3:1 of a finder of which one outer ring runs on into what is dark around
 * it: a code without quiet zone. At a corner of a code no line meets the ground at both its ends.
 */
export function isLooseRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const s = b + c + d;
  if (s < 5 || 10 * a < s - 5 || 10 * e < s - 5) return false;
  const high = 17 * s + 25;
  if (50 * a > high && 50 * e > high) return false;
  return isLooseInside(b, c, d);
}

/** The same on a diagonal, where both ends may meet the ground. */
function isLooseInside(b: number, c: number, d: number): boolean {
  const s = b + c + d;
  if (10 * b < s - 5 || 10 * d < s - 5 || 50 * b > 17 * s + 25 || 50 * d > 17 * s + 25) return false;
  if (b > 2 * d + 1 || d > 2 * b + 1) return false;
  return 50 * c >= 21 * s - 25 && 10 * c <= 8 * s + 5;
}

/** Whether a run of the bull's eye of a MaxiCode, `core` its middle, fits a width of `t`, which is 10 of its units. */
function isBullseyeRun(run: number, t: number, core: boolean): boolean {
  if (core) return 50 * run >= 7 * t - 50 && 50 * run <= 13 * t + 50;
  return 20 * run >= t - 15 && 20 * run <= 3 * t + 15;
}

/** Whether the middle is wider than the rings beside it: `three` is it and both. Stripes have runs of one width. */
function isBullseyeCore(core: number, three: number): boolean {
  return 3 * core > three;
}

/**
 * Eleven runs around run `i + 2`: five rings, a middle as wide as two, five rings (ISO/IEC 16023, 4.2.1.1). The outer
 * ones may run on into dark hexagons, so the nine between them are measured.
 */
function isBullseyeRow(edges: Int32Array, i: number): boolean {
  const t = edges[i + 7]! - edges[i - 2]!;
  if (t < 12) return false;
  for (let k = i - 2; k < i + 7; k += 1) {
    if (!isBullseyeRun(edges[k + 1]! - edges[k]!, t, k === i + 2)) return false;
  }
  if (!isBullseyeCore(edges[i + 3]! - edges[i + 2]!, edges[i + 4]! - edges[i + 1]!)) return false;
  return 20 * (edges[i - 2]! - edges[i - 3]!) >= t - 15 && 20 * (edges[i + 8]! - edges[i + 7]!) >= t - 15;
}

/** Walks every row of a level. `level` is the number of halvings; (originX, originY) the rectangle's corner. */
export function walkRows(
  image: BinaryImage,
  level: number,
  originX: number,
  originY: number,
  edges: Int32Array,
  found: FinderCandidates,
  loose: FinderCandidates,
): void {
  const { bits, width, height } = image;
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    let n = 1;
    edges[0] = 0;
    for (let x = 1; x < width; x += 1) {
      if (bits[row + x] !== bits[row + x - 1]) {
        edges[n] = x;
        n += 1;
      }
    }
    edges[n] = width;
    for (let i = 0; i + 5 <= n; i += 1) {
      const b = edges[i + 2]! - edges[i + 1]!;
      const c = edges[i + 3]! - edges[i + 2]!;
      const d = edges[i + 4]! - edges[i + 3]!;
      const a = edges[i + 1]! - edges[i]!;
      const e = edges[i + 5]! - edges[i + 4]!;
      // Ring markers have their gaps wider than their rings: one test sorts most places out.
      if (b >= a && d >= e && b + d >= c && isRingRuns(a, b, c, d, e) && a + b + c + d + e >= 8) {
        const middle = (edges[i + 2]! + edges[i + 3]!) >> 1;
        confirmRing(image, middle, y, a + b + c + d + e, level, originX, originY, found);
        if (found.count === CANDIDATES) return;
      }
      const x = (edges[i + 2]! + edges[i + 3]!) >> 1;
      if (isFinderRuns(a, b, c, d, e) && confirm(image, x, y, a + b + c + d + e, level, originX, originY, found)) {
        if (found.count === CANDIDATES) return;
        continue;
      }
      if (c < b || c < d) continue;
      if (i >= 3 && i + 8 <= n && isBullseyeRow(edges, i)) {
        confirmBullseye(image, x, y, edges[i + 7]! - edges[i - 2]!, level, originX, originY, found);
        if (found.count === CANDIDATES) return;
      }
      if (loose.count === CANDIDATES || !isLooseRuns(a, b, c, d, e)) continue;
      confirmLoose(image, x, y, b + c + d, level, originX, originY, loose);
    }
  }
}

/** Adds or confirms the finder around (x, y); false when the lines through it are not those of one. */
function confirm(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): boolean {
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const limit = total * 2;
  if (!measure(image, x, y, 0, 1, colour, limit, FINDER)) return false;
  const vertical = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (5 * vertical > 8 * total || 5 * total > 8 * vertical) return false;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, colour ^ 1);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return true;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, FINDER)) return false;
  const horizontal = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return false;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  // A diagonal step is √2 ≈ 17/12 pixels; the longest line through a square is √2 of the shortest.
  const down = diagonal(image, cx, cy, 1, colour, horizontal + vertical);
  const up = diagonal(image, cx, cy, -1, colour, horizontal + vertical);
  // Under 2.4 px a module a diagonal has too few samples to insist on both.
  const needed = horizontal + vertical < 34 ? 1 : 2;
  if (down + up < needed) return false;
  const at = found.count * CANDIDATE_STRIDE;
  found.items[at] = originX + (cx << level) + half;
  found.items[at + 1] = originY + (cy << level) + half;
  found.items[at + 2] = Math.floor(((horizontal + vertical) * 8) / 7) << level;
  found.items[at + 3] = colour ^ 1;
  found.items[at + 4] = 1;
  found.count += 1;
  return true;
}

function diagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice, FINDER)) return 0;
  const steps = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  // steps × 17/12 against twice/2, between 0.6 and 1.8
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

/** The same for a finder without quiet zone; its polarity is 4 (dark on light) or 5. `inner` is gap, core, gap. */
function confirmLoose(
  image: BinaryImage,
  x: number,
  y: number,
  inner: number,
  level: number,
  originX: number,
  originY: number,
  loose: FinderCandidates,
): void {
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 5 - colour;
  const limit = inner * 3;
  if (!measure(image, x, y, 0, 1, colour, limit, LOOSE)) return;
  const vertical = line[1]! + line[2]! + line[3]!;
  if (5 * vertical > 8 * inner || 5 * inner > 8 * vertical) return;
  const known = nearest(loose, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    loose.items[known + 4] = loose.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, LOOSE)) return;
  const horizontal = line[1]! + line[2]! + line[3]!;
  if (5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  const down = looseDiagonal(image, cx, cy, 1, colour, twice);
  const up = looseDiagonal(image, cx, cy, -1, colour, twice);
  if (down + up < (twice < 24 ? 1 : 2)) return;
  const at = loose.count * CANDIDATE_STRIDE;
  loose.items[at] = originX + (cx << level) + half;
  loose.items[at + 1] = originY + (cy << level) + half;
  loose.items[at + 2] = Math.floor((twice * 8) / 5) << level;
  loose.items[at + 3] = kind;
  loose.items[at + 4] = 1;
  loose.count += 1;
}

function looseDiagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice * 2, LOOSE_DIAGONAL)) return 0;
  const steps = line[1]! + line[2]! + line[3]!;
  return steps * 170 >= twice * 36 && steps * 170 <= twice * 108 ? 1 : 0;
}

/** The same for a ring marker; its polarity is 2 (dark on light) or 3, its module a sixth of its diameter. */
function confirmRing(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): void {
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 3 - colour;
  const limit = total * 2;
  if (!measure(image, x, y, 0, 1, colour, limit, RING)) return;
  const vertical = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (2 * vertical > 3 * total + 2 || 2 * total > 3 * vertical + 2) return;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  if (!measure(image, x, cy, 1, 0, colour, limit, RING)) return;
  const horizontal = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  if (2 * horizontal > 3 * vertical + 2 || 2 * vertical > 3 * horizontal + 2) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  const down = ringDiagonal(image, cx, cy, 1, colour, twice);
  const up = ringDiagonal(image, cx, cy, -1, colour, twice);
  if (down + up < (twice < 32 ? 1 : 2)) return;
  const at = found.count * CANDIDATE_STRIDE;
  found.items[at] = originX + (cx << level) + half;
  found.items[at + 1] = originY + (cy << level) + half;
  found.items[at + 2] = Math.floor((twice * 160) / 121) << level;
  found.items[at + 3] = kind;
  found.items[at + 4] = 1;
  found.count += 1;
}

function ringDiagonal(image: BinaryImage, x: number, y: number, dy: number, colour: number, twice: number): number {
  if (!measure(image, x, y, 1, dy, colour, twice, RING)) return 0;
  const steps = line[0]! + line[1]! + line[2]! + line[3]! + line[4]!;
  // A circle is as wide along its diagonal: steps × 17/12 against twice/2, between 0.75 and 1.3, a step of slack.
  return (steps + 1) * 170 >= twice * 45 && (steps - 1) * 170 <= twice * 78 ? 1 : 0;
}

/** The same for the bull's eye of a MaxiCode; its polarity is 6 (dark on light) or 7, its module the width of a ring. */
function confirmBullseye(
  image: BinaryImage,
  x: number,
  y: number,
  total: number,
  level: number,
  originX: number,
  originY: number,
  found: FinderCandidates,
): void {
  const half = (1 << level) >> 1;
  const colour = image.bits[y * image.width + x]!;
  const kind = 6 + colour;
  const vertical = measureBullseye(image, x, y, 0, 1, colour, total * 2);
  if (vertical === 0 || 5 * vertical > 8 * total || 5 * total > 8 * vertical) return;
  const known = nearest(found, originX + (x << level) + half, originY + (y << level) + half, kind);
  if (known >= 0) {
    found.items[known + 4] = found.items[known + 4]! + 1;
    return;
  }
  const cy = y + ((line[5]! + line[6]!) >> 1);
  const horizontal = measureBullseye(image, x, cy, 1, 0, colour, total * 2);
  if (horizontal === 0 || 5 * horizontal > 8 * vertical || 5 * vertical > 8 * horizontal) return;
  const cx = x + ((line[5]! + line[6]!) >> 1);
  const twice = horizontal + vertical;
  for (let dy = -1; dy <= 1; dy += 2) {
    const steps = measureBullseye(image, cx, cy, 1, dy, colour, twice);
    if ((steps + 2) * 170 < twice * 36 || (steps - 2) * 170 > twice * 108) return;
  }
  const at = found.count * CANDIDATE_STRIDE;
  found.items[at] = originX + (cx << level) + half;
  found.items[at + 1] = originY + (cy << level) + half;
  found.items[at + 2] = Math.floor((twice * 4) / 5) << level;
  found.items[at + 3] = kind;
  found.items[at + 4] = 1;
  found.count += 1;
}

/** Ends of the six runs of half a bull's eye, from its middle. */
const ends = new Int32Array(12);

/** The width of the bull's eye around (x, y) along (±dx, ±dy), in steps; 0 when there is none. Its middle is in `line`. */
function measureBullseye(
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

/** Offset of the candidate that a point belongs to, or −1. */
function nearest(found: FinderCandidates, x: number, y: number, polarity: number): number {
  const items = found.items;
  for (let at = (found.count - 1) * CANDIDATE_STRIDE; at >= 0; at -= CANDIDATE_STRIDE) {
    const dx = items[at]! - x;
    const dy = items[at + 1]! - y;
    const near = items[at + 2]! >> 3;
    if (items[at + 3] === polarity && dx <= near && dx >= -near && dy <= near && dy >= -near) return at;
  }
  return -1;
}

/** Measures the five runs through (x, y) along (±dx, ±dy) into `line`; whether they look like what `kind` says. */
function measure(
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
