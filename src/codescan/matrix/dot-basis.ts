import type { DotPeaks } from './dot-peaks.js';

/** The least pairs of neighbours that tell a step, and that tell its direction. */
const MIN_PAIRS = 28;
const MIN_ALIKE = 7;
/** Samples between dots. */
const MIN_STEP = 2.6;
const MAX_STEP = 9;
/** Neighbours are so many nearest distances away at most: diagonal ones are further off. */
const NEIGHBOURS = 1.36;
/** A second direction is this far from the first: a cosine. */
const ACROSS = 0.5;
/** Where a neighbour is looked for. */
const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** Puts two directions in which dots have neighbours, as steps right and down, into `basis`; false: there are none. */
export function findBasis(peaks: DotPeaks, basis: Float64Array): boolean {
  const { count, x, y } = peaks;
  const distances: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const j = peaks.near(x[i]!, y[i]!, MAX_STEP, i);
    if (j >= 0) distances.push(Math.hypot(x[j]! - x[i]!, y[j]! - y[i]!));
  }
  if (distances.length < MIN_PAIRS) return false;
  distances.sort((a, b) => a - b);
  const step = distances[distances.length >> 1]!;
  if (step < MIN_STEP || step > MAX_STEP) return false;
  // Vectors to neighbours, to the right or down.
  const [dx, dy]: [number[], number[]] = [[], []];
  for (let i = 0; i < count; i += 1) {
    for (const [sx, sy] of SIDES) {
      const j = peaks.near(x[i]! + sx * step, y[i]! + sy * step, step * 0.75, i);
      if (j < 0) continue;
      const [u, v] = [x[j]! - x[i]!, y[j]! - y[i]!];
      const long = Math.hypot(u, v);
      if (long > NEIGHBOURS * step || long < step / NEIGHBOURS) continue;
      const sign = u + v * 1e-3 < 0 ? -1 : 1;
      dx.push(u * sign);
      dy.push(v * sign);
    }
  }
  const one = commonest(dx, dy, step * 0.25, 0, 0);
  if (one === undefined) return false;
  const two = commonest(dx, dy, step * 0.25, one[0] / Math.hypot(...one), one[1] / Math.hypot(...one));
  if (two === undefined) return false;
  // The first leads right, the second down.
  const [right, down] = Math.abs(one[0]) >= Math.abs(two[0]) ? [one, two] : [two, one];
  const [a, b] = [right[0] < 0 ? -1 : 1, down[1] < 0 ? -1 : 1];
  basis.set([right[0] * a, right[1] * a, down[0] * b, down[1] * b]);
  return basis[0]! * basis[3]! - basis[1]! * basis[2]! > 0;
}

/** Bins on either side of none: no vector is longer than NEIGHBOURS steps, and bins are a quarter of one. */
const FURTHEST = 6;
const SPAN = 2 * FURTHEST + 1;
const OUT = SPAN * SPAN;
const counts = new Int32Array(OUT);
let binOf = new Uint8Array(0);

/** The middle of the most vectors within `near` of each other, those along (ux, uy) left out. */
function commonest(
  dx: readonly number[],
  dy: readonly number[],
  near: number,
  ux: number,
  uy: number,
): [number, number] | undefined {
  const all = dx.length;
  if (binOf.length < all) binOf = new Uint8Array(all);
  counts.fill(0);
  for (let i = 0; i < all; i += 1) {
    const isAlong = Math.abs(dx[i]! * ux + dy[i]! * uy) > ACROSS * Math.hypot(dx[i]!, dy[i]!);
    const bin = (Math.round(dx[i]! / near) + FURTHEST) * SPAN + Math.round(dy[i]! / near) + FURTHEST;
    binOf[i] = isAlong ? OUT : bin;
    if (!isAlong) counts[bin]! += 1;
  }
  // Of bins with as many the one that is met first.
  let best = OUT;
  let most = MIN_ALIKE - 1;
  for (let i = 0; i < all; i += 1) {
    const bin = binOf[i]!;
    if (bin === OUT || counts[bin]! <= most) continue;
    best = bin;
    most = counts[bin]!;
  }
  if (best === OUT) return undefined;
  let [x, y] = [0, 0];
  for (let i = 0; i < all; i += 1) {
    if (binOf[i] !== best) continue;
    x += dx[i]! / most;
    y += dy[i]! / most;
  }
  // Once more around that middle, whichever side of a bin's edge they are on.
  let [sx, sy, n] = [0, 0, 0];
  for (let i = 0; i < all; i += 1) {
    const sign = dx[i]! * x + dy[i]! * y < 0 ? -1 : 1;
    if (Math.hypot(dx[i]! * sign - x, dy[i]! * sign - y) > near) continue;
    sx += dx[i]! * sign;
    sy += dy[i]! * sign;
    n += 1;
  }
  return [sx / n, sy / n];
}
