import { FINDER_STRIDE } from './candidate-boxes.js';

/*
 * Finders in chroma of less than one sample a module. The search for finders counts runs along a line, and the light ring of such
 * a finder is no run any more. Means over squares still tell: the middle and the outer ring differ from the ring between them.
 * Only upright finders, and only where little is to be searched; what they make up is judged as for any others.
 */

/** Module sizes looked for, in pixels of the enlarged plane. */
const MODULES = [1.55, 1.75, 2, 2.3] as const;
/** Half the sides of the middle, the ring around it and the whole, by module size. */
const HALVES = MODULES.map((module) => [1.5, 2.5, 3.5].map((half) => Math.max(1, Math.round(half * module - 0.5))));
/** How much the rings differ, in standard deviations of what is under them: 2.1 for a sharp finder, 0.5 for data. */
const LEAST_SCORE = 1.2;
/** Each ring's own part of that. */
const LEAST_PART = 0.55;
/** Standard deviation below which there is nothing, in steps. */
const LEAST_DEVIATION = 2;
const MOST_FOUND = 24;
/** Larger planes are not searched. */
const MOST_PIXELS = 200_000;
/** Places are looked at in every other row and column first. */
const STRIDE = 2;
/** No other finder nearer than this, in pixels. */
const APART = 6;

export class BoxFinders {
  private sums = new Float64Array(0);
  private squares = new Float64Array(0);
  private stride = 0;
  /** By place in every other row and column: the best score over the sizes. */
  private scores = new Float32Array(0);

  /** Puts light-on-dark or dark-on-light finders (FINDER_STRIDE integers each) into `out`; returns how many. */
  find(plane: Uint8Array, width: number, height: number, inverted: boolean, out: Int32Array): number {
    if (width * height > MOST_PIXELS || Math.min(width, height) < 24) return 0;
    // Both polarities of one plane come one after the other.
    if (!inverted) this.sumUp(plane, width, height);
    const sign = inverted ? 1 : -1;
    const { scores } = this;
    const [columns, rows] = [Math.ceil(width / STRIDE), Math.ceil(height / STRIDE)];
    scores.fill(0, 0, columns * rows);
    for (let k = 0; k < MODULES.length; k += 1) {
      const r = HALVES[k]![2]!;
      const first = r + (r % STRIDE);
      for (let y = first; y < height - r; y += STRIDE) {
        for (let x = first; x < width - r; x += STRIDE) {
          const value = this.score(x, y, k, sign);
          const i = (y / STRIDE) * columns + x / STRIDE;
          if (value > scores[i]!) scores[i] = value;
        }
      }
    }
    let count = 0;
    for (let i = 0; i < columns * rows; i += 1) {
      if (scores[i]! < LEAST_SCORE * 0.8 || !this.isPeak(columns, rows, i)) continue;
      if (count === MOST_FOUND) return 0;
      const at = count * FINDER_STRIDE;
      if (this.refine((i % columns) * STRIDE, Math.floor(i / columns) * STRIDE, width, height, sign, out, at)) {
        out[at + 3] = inverted ? 1 : 0;
        count += 1;
      }
    }
    return count;
  }

  private sumUp(plane: Uint8Array, width: number, height: number): void {
    const stride = width + 1;
    this.stride = stride;
    const n = stride * (height + 1);
    if (this.sums.length < n) {
      this.sums = new Float64Array(n);
      this.squares = new Float64Array(n);
      this.scores = new Float32Array(n);
    }
    const { sums, squares } = this;
    sums.fill(0, 0, stride);
    squares.fill(0, 0, stride);
    for (let y = 0; y < height; y += 1) {
      let [row, rowSquares] = [0, 0];
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

  private box(of: Float64Array, x: number, y: number, r: number): number {
    const { stride } = this;
    const [top, low] = [(y - r) * stride + x, (y + r + 1) * stride + x];
    return of[low + r + 1]! - of[low - r]! - of[top + r + 1]! + of[top - r]!;
  }

  /** How much a place is a finder of that size, in standard deviations; 0 for not at all. */
  private score(x: number, y: number, k: number, sign: number): number {
    const { sums, squares } = this;
    const [r3 = 0, r5 = 0, r7 = 0] = HALVES[k]!;
    const [n3, n5, n7] = [(2 * r3 + 1) ** 2, (2 * r5 + 1) ** 2, (2 * r7 + 1) ** 2];
    const b3 = this.box(sums, x, y, r3);
    const b5 = this.box(sums, x, y, r5);
    const gap = (b5 - b3) / (n5 - n3);
    const core = (b3 / n3 - gap) * sign;
    if (core < LEAST_PART * LEAST_DEVIATION) return 0;
    const b7 = this.box(sums, x, y, r7);
    const ring = ((b7 - b5) / (n7 - n5) - gap) * sign;
    if (ring < LEAST_PART * LEAST_DEVIATION) return 0;
    const deviation = Math.sqrt(Math.max(0, this.box(squares, x, y, r7) / n7 - (b7 / n7) ** 2));
    if (deviation < LEAST_DEVIATION || Math.min(core, ring) < LEAST_PART * deviation) return 0;
    return (core + ring) / 2 / deviation;
  }

  private isPeak(columns: number, rows: number, i: number): boolean {
    const { scores } = this;
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const reach = APART / STRIDE;
    for (let v = Math.max(0, y - reach); v <= Math.min(rows - 1, y + reach); v += 1) {
      for (let u = Math.max(0, x - reach); u <= Math.min(columns - 1, x + reach); u += 1) {
        const k = v * columns + u;
        if (scores[k]! > scores[i]! || (scores[k] === scores[i] && k < i)) return false;
      }
    }
    return true;
  }

  /** Writes place and size where the score around (x, y) is best; false where it is too low. */
  private refine(
    x: number,
    y: number,
    width: number,
    height: number,
    sign: number,
    out: Int32Array,
    at: number,
  ): boolean {
    let best = LEAST_SCORE;
    let found = false;
    for (let k = 0; k < MODULES.length; k += 1) {
      const r = HALVES[k]![2]!;
      for (let v = Math.max(r, y - 1); v <= Math.min(height - r - 1, y + 1); v += 1) {
        for (let u = Math.max(r, x - 1); u <= Math.min(width - r - 1, x + 1); u += 1) {
          const value = this.score(u, v, k, sign);
          if (value <= best) continue;
          best = value;
          found = true;
          out[at] = u;
          out[at + 1] = v;
          out[at + 2] = Math.round(MODULES[k]! * 16);
        }
      }
    }
    return found;
  }
}
