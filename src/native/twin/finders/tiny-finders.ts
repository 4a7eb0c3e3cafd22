// frame path
import { TINY_FINDERS } from '../../../core/kernels.js';

/*
 * Whether the runs of light and dark along a line match a locator: a finder of the QR family, a finder that merges with
 * a dark background, the ring marker of a round code, the bull's eye of a MaxiCode. All in integers, so that the native
 * kernels give the same results.
 */

/** Whether five runs are near enough to 1:1:3:1:1; half a pixel of tolerance for sampling. */
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
 * Whether three runs are gap, core, gap as 1:3:1 of a finder with one outer ring merged with a dark background: a code
 * without quiet zone. At a corner of a code no line meets the background at both its ends.
 */
export function isLooseRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const s = b + c + d;
  if (s < 5 || 10 * a < s - 5 || 10 * e < s - 5) return false;
  const high = 17 * s + 25;
  if (50 * a > high && 50 * e > high) return false;
  return isLooseInside(b, c, d);
}

/** The same on a diagonal, where both ends may meet the background. */
export function isLooseInside(b: number, c: number, d: number): boolean {
  const s = b + c + d;
  if (10 * b < s - 5 || 10 * d < s - 5 || 50 * b > 17 * s + 25 || 50 * d > 17 * s + 25) return false;
  if (b > 2 * d + 1 || d > 2 * b + 1) return false;
  return 50 * c >= 21 * s - 25 && 10 * c <= 8 * s + 5;
}

/** Whether a run of the bull's eye of a MaxiCode, `core` its middle, fits a width of `t`, which is 10 of its units. */
export function isBullseyeRun(run: number, t: number, core: boolean): boolean {
  if (core) return 50 * run >= 7 * t - 50 && 50 * run <= 15 * t + 50;
  return 20 * run >= t - 15 && 20 * run <= 3 * t + 15;
}

/**
 * Whether the middle is wider than the rings beside it: `three` is the sum of all three. Stripes have runs of one
 * width.
 */
export function isBullseyeCore(core: number, three: number): boolean {
  return 3 * core > three;
}

/**
 * Eleven runs around run `i + 2`: five rings, a middle as wide as two, five rings (ISO/IEC 16023, 4.2.1.1). The outer
 * ones may merge with dark hexagons, so the nine between them are measured.
 */
export function isBullseyeRow(edges: Int32Array, i: number): boolean {
  const t = edges[i + 7]! - edges[i - 2]!;
  if (t < 12) return false;
  for (let k = i - 2; k < i + 7; k += 1) {
    if (!isBullseyeRun(edges[k + 1]! - edges[k]!, t, k === i + 2)) return false;
  }
  if (!isBullseyeCore(edges[i + 3]! - edges[i + 2]!, edges[i + 4]! - edges[i + 1]!)) return false;
  return 20 * (edges[i - 2]! - edges[i - 3]!) >= t - 15 && 20 * (edges[i + 8]! - edges[i + 7]!) >= t - 15;
}

/*
 * Finders in chroma with less than one sample per module. The finder search counts runs along a line, and the light
 * ring of such a finder is too thin for a run. Means over squares still distinguish it: the middle and the outer ring
 * differ from the ring between them. Only upright finders, and only in small areas; combinations of them are judged as
 * of any other finders.
 */

/** Module sizes searched for, in pixels of the enlarged plane. */
const MODULES = [1.55, 1.75, 2, 2.3] as const;
/** Half the sides of the middle, the ring around it and the whole, by module size. */
const HALVES = MODULES.map((module) => [1.5, 2.5, 3.5].map((half) => Math.max(1, Math.round(half * module - 0.5))));
/**
 * Difference between the rings, in standard deviations of the samples under them: 2.1 for a sharp finder, 0.5 for data.
 */
const MIN_SCORE = 1.2;
/** Each ring's own share of it. */
const MIN_PART = 0.55;
/** Limit for a possible finder beside a better one: sampled between its modules, one loses half. */
const MIN_WEAK_SCORE = 0.95;
const MIN_WEAK_PART = 0.28;
/** Share of the score that a position of every second row and column needs. */
const COARSE = 0.8;
/** Standard deviation below which there is nothing, in steps. */
const MIN_DEVIATION = 2;
/** The product of both, in tenths. */
const MIN_TENTHS = 11;
/** A plane with more of them, of either strength, is a texture. */
const MAX_FOUND = TINY_FINDERS / 2;
/** Positions are scored in every second row and column first. */
const STRIDE = 2;
/** Minimum distance to another finder, in positions. */
const APART = 3;
const HIT = 4;
/** Added to the polarity of weak ones. */
const WEAK = 4;
/** Samples between a weak one and any known one. */
const SAME_PLACE = 4;

/** One thread's search; it keeps its buffers between calls. */
export class TinyFinders {
  /** Sums of samples and of their squares left of and above each; they wrap, but the area between four of them fits. */
  private sums = new Int32Array(0);
  private squares = new Int32Array(0);
  private stride = 0;
  /**
   * By position in every second row and column, dark finders, light ones, and both with the weak ones: the best score
   * over the sizes.
   */
  private scores = [new Float32Array(0), new Float32Array(0), new Float32Array(0), new Float32Array(0)] as const;
  private inverted = 0;
  private isWeak = false;

  /** See `Kernels.findTinyFinders`. */
  run(plane: Uint8Array, width: number, height: number, out: Int32Array): number {
    this.sumUp(plane, width, height);
    const columns = (width + 1) >> 1;
    const rows = (height + 1) >> 1;
    for (const scores of this.scores) scores.fill(0, 0, columns * rows);
    for (let k = 0; k < MODULES.length; k += 1) {
      const r = HALVES[k]![2]!;
      const first = r + (r % STRIDE);
      for (let y = first; y < height - r; y += STRIDE) {
        for (let x = first; x < width - r; x += STRIDE) {
          const value = this.score(x, y, k);
          if (value === 0) continue;
          const i = (y >> 1) * columns + (x >> 1);
          const all = this.scores[2 + this.inverted]!;
          if (value > all[i]!) all[i] = value;
          const strong = this.scores[this.inverted]!;
          if (!this.isWeak && value > strong[i]!) strong[i] = value;
        }
      }
    }
    const dark = this.pick(0, columns, rows, width, height, out, 0);
    return dark + this.pick(1, columns, rows, width, height, out, dark);
  }

  /** Writes the finders of one polarity as hit `n` and following, weak ones last; returns their number. */
  private pick(
    inverted: 0 | 1,
    columns: number,
    rows: number,
    width: number,
    height: number,
    out: Int32Array,
    n: number,
  ): number {
    const strong = this.collect(inverted, 0, columns, rows, width, height, out, n, n);
    if (strong === MAX_FOUND + 1) return 0;
    const weak = this.collect(inverted, WEAK, columns, rows, width, height, out, n + strong, n);
    return strong + (weak === MAX_FOUND + 1 ? 0 : weak);
  }

  /**
   * Those of one strength, as hit `n` and following; `first` is the polarity's first. One more than the maximum: too
   * many.
   */
  private collect(
    inverted: 0 | 1,
    weak: 0 | 4,
    columns: number,
    rows: number,
    width: number,
    height: number,
    out: Int32Array,
    n: number,
    first: number,
  ): number {
    const scores = this.scores[weak === 0 ? inverted : 2 + inverted]!;
    const least = (weak === 0 ? MIN_SCORE : MIN_WEAK_SCORE) * COARSE;
    let count = 0;
    for (let i = 0; i < columns * rows; i += 1) {
      if (scores[i]! < least || !isPeak(scores, columns, rows, i)) continue;
      const at = (n + count) * HIT;
      const [x, y] = [(i % columns) * STRIDE, ((i / columns) | 0) * STRIDE];
      if (weak !== 0 && isKnown(out, first, n, x, y)) continue;
      if (count === MAX_FOUND) return MAX_FOUND + 1;
      if (this.refine(x, y, width, height, inverted, weak, out, at)) count += 1;
    }
    return count;
  }

  private sumUp(plane: Uint8Array, width: number, height: number): void {
    const stride = width + 1;
    this.stride = stride;
    const n = stride * (height + 1);
    if (this.sums.length < n) {
      this.sums = new Int32Array(n);
      this.squares = new Int32Array(n);
      this.scores = [new Float32Array(n), new Float32Array(n), new Float32Array(n), new Float32Array(n)];
    }
    const { sums, squares } = this;
    sums.fill(0, 0, stride);
    squares.fill(0, 0, stride);
    for (let y = 0; y < height; y += 1) {
      let row = 0;
      let rowSquares = 0;
      let at = (y + 1) * stride;
      sums[at] = 0;
      squares[at] = 0;
      for (let x = 0; x < width; x += 1) {
        const p = plane[y * width + x]!;
        row += p;
        rowSquares += p * p;
        at += 1;
        sums[at] = sums[at - stride]! + row;
        squares[at] = squares[at - stride]! + rowSquares;
      }
    }
  }

  private box(of: Int32Array, x: number, y: number, r: number): number {
    const top = (y - r) * this.stride + x;
    const low = (y + r + 1) * this.stride + x;
    return (of[low + r + 1]! - of[low - r]! - of[top + r + 1]! + of[top - r]!) | 0;
  }

  /**
   * The score of a position as a finder of that size, in standard deviations; 0 for no match. Sets `inverted` and
   * `isWeak`.
   */
  private score(x: number, y: number, k: number): number {
    const { sums, squares } = this;
    const [r3 = 0, r5 = 0, r7 = 0] = HALVES[k]!;
    const n3 = (2 * r3 + 1) ** 2;
    const n7 = (2 * r7 + 1) ** 2;
    const gap = (2 * r5 + 1) ** 2 - n3;
    const outer = n7 - gap - n3;
    const b3 = this.box(sums, x, y, r3);
    const b5 = this.box(sums, x, y, r5);
    // Differences from the ring between, times the number of samples.
    const core = b3 * gap - (b5 - b3) * n3;
    const inverted = core < 0 ? 0 : 1;
    const sign = core < 0 ? -1 : 1;
    if (10 * core * sign < MIN_TENTHS * n3 * gap) return 0;
    const b7 = this.box(sums, x, y, r7);
    const ring = (b7 - b5) * gap - (b5 - b3) * outer;
    if (10 * ring * sign < MIN_TENTHS * outer * gap) return 0;
    const mean = b7 / n7;
    const deviation = Math.sqrt(Math.max(0, this.box(squares, x, y, r7) / n7 - mean * mean));
    const a = (core * sign) / (n3 * gap);
    const b = (ring * sign) / (outer * gap);
    const part = Math.min(a, b);
    if (deviation < MIN_DEVIATION || part < MIN_WEAK_PART * deviation) return 0;
    this.inverted = inverted;
    this.isWeak = part < MIN_PART * deviation;
    return (a + b) / 2 / deviation;
  }

  /** Writes position, size and polarity where the score around (x, y) is best; false where it is too low. */
  private refine(
    x: number,
    y: number,
    width: number,
    height: number,
    inverted: number,
    weak: 0 | 4,
    out: Int32Array,
    at: number,
  ): boolean {
    let best = weak === 0 ? MIN_SCORE : MIN_WEAK_SCORE;
    let found = false;
    for (let k = 0; k < MODULES.length; k += 1) {
      const r = HALVES[k]![2]!;
      for (let v = Math.max(r, y - 1); v <= Math.min(height - r - 1, y + 1); v += 1) {
        for (let u = Math.max(r, x - 1); u <= Math.min(width - r - 1, x + 1); u += 1) {
          const value = this.score(u, v, k);
          if (value <= best || this.inverted !== inverted || (weak === 0 && this.isWeak)) continue;
          best = value;
          found = true;
          out[at] = u;
          out[at + 1] = v;
          out[at + 2] = Math.round(MODULES[k]! * 16);
          out[at + 3] = inverted + weak;
        }
      }
    }
    return found;
  }
}

/** Whether one of the hits `first` to `n` is at (x, y). */
function isKnown(out: Int32Array, first: number, n: number, x: number, y: number): boolean {
  for (let at = first * HIT; at < n * HIT; at += HIT) {
    if (Math.abs(out[at]! - x) <= SAME_PLACE && Math.abs(out[at + 1]! - y) <= SAME_PLACE) return true;
  }
  return false;
}

function isPeak(scores: Float32Array, columns: number, rows: number, i: number): boolean {
  const x = i % columns;
  const y = (i / columns) | 0;
  for (let v = Math.max(0, y - APART); v <= Math.min(rows - 1, y + APART); v += 1) {
    for (let u = Math.max(0, x - APART); u <= Math.min(columns - 1, x + APART); u += 1) {
      const k = v * columns + u;
      if (scores[k]! > scores[i]! || (scores[k] === scores[i] && k < i)) return false;
    }
  }
  return true;
}
