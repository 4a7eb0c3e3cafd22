// frame path
import { BinaryImage } from './binarize.js';
import { isAmidGrain, isInGrain, standsInGrain } from './grain.js';

/** Step between the lines and columns that are walked. */
export const LINE_STEP = 2;
/** Maximum shift of an edge between two walked lines: 45 degrees and some. */
const REACH = 3;
/** 1.1 pixels a line, × 1024. */
const STEEPEST = 1126;
/** Maximum distance of an edge from a straight line, in half pixels. */
const OFF = 3;
/** Shorter ones, in lines, are dropped. */
const MIN_LINES = 16;
export const MAX_STRAIGHT = 2048;
/** Integers of a straight edge: position and line of its start, of its end, and 1 where dark is after it. */
export const STRAIGHT_STRIDE = 5;

const CHAIN = 5;

/**
 * Straight edges between light and dark that run along the lines' direction within 45 degrees. Each edge of a line
 * continues one of the line before, as long as a straight line passes all its positions within a pixel. Grain has none.
 */
export class StraightEdges {
  readonly items = new Int32Array(MAX_STRAIGHT * STRAIGHT_STRIDE);
  count = 0;
  full = false;
  private image = new BinaryImage();
  private turned = false;
  /** Of one polarity each: position and line of the start, last position, bounds of the slope × 1024. */
  private chains = [new Int32Array(0), new Int32Array(0)];
  private spare = new Int32Array(0);
  private readonly counts = new Int32Array(2);

  /** `turned`: the lines are columns of the image. */
  begin(image: BinaryImage, turned: boolean): void {
    this.image = image;
    this.turned = turned;
    const length = turned ? image.height : image.width;
    this.count = 0;
    this.full = false;
    this.counts.fill(0);
    if (this.spare.length >= (length + 1) * CHAIN) return;
    this.chains = [new Int32Array((length + 1) * CHAIN), new Int32Array((length + 1) * CHAIN)];
    this.spare = new Int32Array((length + 1) * CHAIN);
  }

  /** Takes the `n` edges of a line; `first`: whether dark is after the first of them. */
  take(line: number, edges: Int32Array, n: number, first: number): void {
    for (let dark = 0; dark < 2; dark += 1) {
      const from = this.chains[dark]!;
      const to = this.spare;
      const chains = this.counts[dark]!;
      let a = 0;
      let kept = 0;
      for (let k = first === dark ? 0 : 1; k < n; k += 2) {
        const x = edges[k]!;
        while (a < chains && from[a * CHAIN + 2]! < x - REACH) {
          this.close(from, a, line, dark);
          a += 1;
        }
        const t = kept * CHAIN;
        kept += 1;
        if (a < chains && from[a * CHAIN + 2]! <= x + REACH) {
          const away = Math.abs(from[a * CHAIN + 2]! - x);
          if (a + 1 < chains && Math.abs(from[a * CHAIN + 7]! - x) < away) {
            this.close(from, a, line, dark);
            a += 1;
          }
          const c = a * CHAIN;
          const d = line - from[c + 1]!;
          const low = Math.max(from[c + 3]!, (((2 * (x - from[c]!) - OFF) * 512) / d) | 0);
          const high = Math.min(from[c + 4]!, (((2 * (x - from[c]!) + OFF) * 512) / d) | 0);
          a += 1;
          if (low <= high) {
            to[t] = from[c]!;
            to[t + 1] = from[c + 1]!;
            to[t + 2] = x;
            to[t + 3] = low;
            to[t + 4] = high;
            continue;
          }
          this.close(from, a - 1, line, dark);
        }
        to[t] = x;
        to[t + 1] = line;
        to[t + 2] = x;
        to[t + 3] = -STEEPEST;
        to[t + 4] = STEEPEST;
      }
      for (; a < chains; a += 1) this.close(from, a, line, dark);
      this.chains[dark] = to;
      this.spare = from;
      this.counts[dark] = kept;
    }
  }

  /** Ends the open edges after the last line; `line` is one step beyond it. */
  end(line: number): void {
    for (let dark = 0; dark < 2; dark += 1) {
      for (let a = 0; a < this.counts[dark]!; a += 1) this.close(this.chains[dark]!, a, line, dark);
    }
  }

  private close(chains: Int32Array, a: number, line: number, dark: number): void {
    const c = a * CHAIN;
    const last = line - LINE_STEP;
    if (last - chains[c + 1]! < MIN_LINES) return;
    const place = (chains[c]! + chains[c + 2]!) >> 1;
    const middle = (chains[c + 1]! + last) >> 1;
    const [x, y] = this.turned ? [middle, place] : [place, middle];
    const { image } = this;
    if (isInGrain(image, x, y) && (isAmidGrain(image, x, y) || standsInGrain(image, x, y, 0))) return;
    if (this.count === MAX_STRAIGHT) {
      this.full = true;
      return;
    }
    const to = this.count * STRAIGHT_STRIDE;
    this.items[to] = chains[c]!;
    this.items[to + 1] = chains[c + 1]!;
    this.items[to + 2] = chains[c + 2]!;
    this.items[to + 3] = last;
    this.items[to + 4] = dark;
    this.count += 1;
  }
}
