/*
 * The middles of dots: samples darker than all around them, with light near by. A dot of three to six samples shows as
 * one such sample even where it runs into its neighbours; larger ones do at half the size.
 */

/** On every side of a dot, within so many samples, one is lighter than it by this share of the contrast. */
const AROUND = 3;
const MIN_DEPTH = 0.3;
const QUARTERS = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;
/** Cells in which dots are found again by their place, in samples. */
const CELL = 4;

export class DotPeaks {
  readonly x: Float64Array;
  readonly y: Float64Array;
  count = 0;
  private readonly soft: Uint8Array;
  private readonly row: Uint16Array;
  /** The first dot of each cell, and the next in the cell of each; −1: none. */
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  private columns = 0;
  private rows = 0;

  /** For planes of up to `side` samples each way, with up to `most` dots. */
  constructor(
    side: number,
    private readonly most: number,
  ) {
    this.x = new Float64Array(most);
    this.y = new Float64Array(most);
    this.next = new Int32Array(most);
    this.soft = new Uint8Array(side * side);
    this.row = new Uint16Array(side);
    this.first = new Int32Array(Math.ceil(side / CELL) ** 2);
  }

  /** Finds the dark dots of a plane in which dark and light are `contrast` apart; false: there are too many. */
  find(plane: Uint8Array, width: number, height: number, contrast: number): boolean {
    const { soft } = this;
    this.count = 0;
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    this.first.fill(-1, 0, this.columns * this.rows);
    this.soften(plane, width, height);
    const depth = contrast * MIN_DEPTH;
    for (let y = AROUND; y < height - AROUND; y += 1) {
      for (let x = AROUND, at = y * width + AROUND; x < width - AROUND; x += 1, at += 1) {
        const v = soft[at]!;
        // Of equal samples the last one counts.
        if (v >= soft[at + 1]! || v > soft[at - 1]! || v >= soft[at + width]! || v > soft[at - width]!) continue;
        if (v >= soft[at + width + 1]! || v > soft[at - width - 1]!) continue;
        if (v >= soft[at + width - 1]! || v > soft[at - width + 1]!) continue;
        if (lightAround(soft, at, width) - v < depth) continue;
        if (this.count === this.most) return false;
        this.add(x + between(soft[at - 1]!, v, soft[at + 1]!), y + between(soft[at - width]!, v, soft[at + width]!));
      }
    }
    return true;
  }

  /** The dot nearest to a place, within `reach` of it; −1: there is none. */
  near(x: number, y: number, reach: number, but = -1): number {
    const { columns, rows } = this;
    const [left, right] = [Math.max(0, ((x - reach) / CELL) | 0), Math.min(columns - 1, ((x + reach) / CELL) | 0)];
    const [top, bottom] = [Math.max(0, ((y - reach) / CELL) | 0), Math.min(rows - 1, ((y + reach) / CELL) | 0)];
    let found = -1;
    let least = reach * reach;
    for (let r = top; r <= bottom; r += 1) {
      for (let c = left; c <= right; c += 1) {
        for (let i = this.first[r * columns + c]!; i >= 0; i = this.next[i]!) {
          if (i === but) continue;
          const off = (this.x[i]! - x) ** 2 + (this.y[i]! - y) ** 2;
          if (off > least) continue;
          least = off;
          found = i;
        }
      }
    }
    return found;
  }

  private add(x: number, y: number): void {
    const i = this.count;
    this.count += 1;
    this.x[i] = x;
    this.y[i] = y;
    const cell = ((y / CELL) | 0) * this.columns + ((x / CELL) | 0);
    this.next[i] = this.first[cell]!;
    this.first[cell] = i;
  }

  /** By 1 2 1 both ways; the outermost samples stay. */
  private soften(plane: Uint8Array, width: number, height: number): void {
    const { soft, row } = this;
    soft.set(plane.subarray(0, width * height));
    for (let y = 1; y < height - 1; y += 1) {
      const at = y * width;
      for (let x = 0; x < width; x += 1) {
        row[x] = plane[at + x - width]! + 2 * plane[at + x]! + plane[at + x + width]!;
      }
      for (let x = 1; x < width - 1; x += 1) soft[at + x] = (row[x - 1]! + 2 * row[x]! + row[x + 1]! + 8) >> 4;
    }
  }
}

/** The least, of the four quarters around a sample, of the lightest sample of each. */
function lightAround(plane: Uint8Array, at: number, width: number): number {
  let least = 255;
  for (const [across, down] of QUARTERS) {
    let most = 0;
    for (let v = 0; v <= AROUND; v += 1) {
      const row = at + v * down * width;
      for (let u = 0; u <= AROUND; u += 1) most = Math.max(most, plane[row + u * across]!);
    }
    least = Math.min(least, most);
  }
  return least;
}

/** How far the lowest point of a parabola through three samples is from the middle one. */
function between(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend === 0 ? 0.5 : 0.5 + (before - after) / (2 * bend);
}
