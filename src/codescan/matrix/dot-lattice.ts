import { findBasis } from './dot-basis.js';
import { DotPeaks } from './dot-peaks.js';

/*
 * The lattice on which separate dots stand: each dot's column and row.
 *
 * The problem: dots that do not touch have no sides, corners or finders that a reader could follow. The rule: the neighbours
 * of most dots are a module away, so that two directions follow from them; from one dot on each next is where those lead, a little off,
 * and leads on by what was met, so that a lattice may lean, taper and bend. What is no lattice, words and grain, ends soon.
 */

/** Dots of a symbol: the least that one has, and the largest that is looked for. */
const MIN_DOTS = 28;
const MAX_DOTS = 4000;
export const MAX_MODULES = 146;
/** How far from where it was expected a dot is met, in steps. */
const REACH = 0.3;
/** What is a lattice is met nearer to that on average: dots in no order are 0.2 steps off. */
const MAX_OFF = 0.15;
/** How much of the step by which a dot was met goes on. */
const LEARNED = 0.3;
/** Of all dots in the place so many are on the lattice. */
const MIN_SHARE = 0.3;
/** Outer columns and rows with fewer dots, of their places, are of what stands beside it. */
const SPARSE = 0.15;

/** Columns and rows on either side of the first dot. */
const SPAN = 2 * MAX_MODULES + 1;
/** How far, in modules, a place is told from dots. */
const FURTHEST = 5;

/** Where in the place it is begun, the next where that gave none. */
const STARTS = [
  [0.5, 0.5],
  [0.35, 0.35],
  [0.65, 0.65],
] as const;

const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
const FURTHER = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
  [2, 0],
  [-2, 0],
  [0, 2],
  [0, -2],
  [2, 1],
  [2, -1],
  [-2, 1],
  [-2, -1],
  [1, 2],
  [1, -2],
  [-1, 2],
  [-1, -2],
] as const;

export class DotLattice {
  readonly peaks: DotPeaks;
  /** By dot: its column and row, if it is on the lattice; the least are 0 and 0 after `find`. */
  readonly column = new Int16Array(MAX_DOTS);
  readonly rowOf = new Int16Array(MAX_DOTS);
  readonly isOn = new Uint8Array(MAX_DOTS);
  /** By dot: the steps right and down there. */
  readonly steps = new Float64Array(MAX_DOTS * 4);
  columns = 0;
  rows = 0;
  dots = 0;
  /** Sum of how far, in steps, dots were from where they were expected. */
  private off = 0;
  private readonly queue = new Int32Array(MAX_DOTS);
  /** By column and row from the first dot on: whether a dot is there. */
  private readonly taken = new Uint8Array(SPAN ** 2);
  /** By module: its dot, or −1. */
  private readonly grid = new Int32Array(MAX_MODULES ** 2);
  private readonly basis = new Float64Array(4);

  constructor(side: number) {
    this.peaks = new DotPeaks(side, MAX_DOTS);
  }

  /** Whether the dark dots of a plane in which dark and light are `contrast` apart are on one. */
  find(plane: Uint8Array, width: number, height: number, contrast: number): boolean {
    const { peaks } = this;
    if (!peaks.find(plane, width, height, contrast) || peaks.count < MIN_DOTS || !findBasis(peaks, this.basis))
      return false;
    for (const [u, v] of STARTS) {
      this.grow(peaks.near(width * u, height * v, Math.max(width, height)));
      if (this.dots < MIN_DOTS || this.off > MAX_OFF * (this.dots - 1)) continue;
      if (this.dots >= MIN_SHARE * peaks.count) return this.trim(SPARSE);
    }
    return false;
  }

  private grow(from: number): void {
    const { peaks, queue, taken, isOn, steps } = this;
    isOn.fill(0, 0, peaks.count);
    taken.fill(0);
    this.dots = 0;
    this.off = 0;
    this.put(from, 0, 0);
    steps.set(this.basis, from * 4);
    let head = 0;
    for (;;) {
      for (; head < this.dots; head += 1) for (const [u, v] of STEPS) this.step(queue[head]!, u, v);
      const before = this.dots;
      for (let i = 0; i < before; i += 1) for (const [u, v] of FURTHER) this.step(queue[i]!, u, v);
      if (this.dots === before) return;
    }
  }

  private step(i: number, u: number, v: number): void {
    const { peaks, steps, column, rowOf, taken, isOn } = this;
    const [c, r] = [column[i]! + u, rowOf[i]! + v];
    if (Math.abs(c) > MAX_MODULES || Math.abs(r) > MAX_MODULES) return;
    if (taken[(r + MAX_MODULES) * SPAN + c + MAX_MODULES] === 1) return;
    const at = i * 4;
    const [ux, uy, vx, vy] = [steps[at]!, steps[at + 1]!, steps[at + 2]!, steps[at + 3]!];
    const [px, py] = [peaks.x[i]! + u * ux + v * vx, peaks.y[i]! + u * uy + v * vy];
    const least = Math.min(Math.hypot(ux, uy), Math.hypot(vx, vy));
    const j = peaks.near(px, py, REACH * least);
    if (j < 0 || isOn[j] === 1) return;
    this.put(j, c, r);
    const [ox, oy] = [peaks.x[j]! - px, peaks.y[j]! - py];
    this.off += Math.hypot(ox, oy) / least;
    const n = u * u + v * v;
    const [a, b] = [(LEARNED * u) / n, (LEARNED * v) / n];
    steps.set([ux + ox * a, uy + oy * a, vx + ox * b, vy + oy * b], j * 4);
  }

  private put(i: number, c: number, r: number): void {
    this.column[i] = c;
    this.rowOf[i] = r;
    this.isOn[i] = 1;
    this.taken[(r + MAX_MODULES) * SPAN + c + MAX_MODULES] = 1;
    this.queue[this.dots] = i;
    this.dots += 1;
  }

  /**
   * Leaves out outer columns and rows with dots in less than `share` of their places, and counts from the first that is left on; false: there is too
   * little or too much.
   */
  trim(share: number): boolean {
    const { queue, column, rowOf, grid } = this;
    const across = span(queue, this.dots, column);
    const down = span(queue, this.dots, rowOf);
    while (
      this.trimEnds(column, across, down[1] - down[0] + 1, share) ||
      this.trimEnds(rowOf, down, across[1] - across[0] + 1, share)
    );
    this.columns = across[1] - across[0] + 1;
    this.rows = down[1] - down[0] + 1;
    if (this.dots < MIN_DOTS || this.columns > MAX_MODULES || this.rows > MAX_MODULES) return false;
    grid.fill(-1, 0, this.columns * this.rows);
    for (const i of this.members) {
      column[i] = column[i]! - across[0];
      rowOf[i] = rowOf[i]! - down[0];
      grid[rowOf[i]! * this.columns + column[i]!] = i;
    }
    return true;
  }

  /** Whether a line at either end, of so many places, was left out. */
  private trimEnds(of: Int16Array, ends: [number, number], places: number, share: number): boolean {
    const { queue } = this;
    for (const end of [0, 1] as const) {
      let there = 0;
      for (const i of this.members) if (of[i] === ends[end]) there += 1;
      if (there >= share * places || ends[0] >= ends[1]) continue;
      let kept = 0;
      for (const i of this.members) {
        if (of[i] === ends[end]) continue;
        queue[kept] = i;
        kept += 1;
      }
      this.dots = kept;
      ends[end] += end === 0 ? 1 : -1;
      return true;
    }
    return false;
  }

  /** Where a module is: its dot, or where dots near by lead to. */
  placeOf(c: number, r: number): { x: number; y: number; isDot: boolean } | undefined {
    const { grid, columns, rows, peaks, steps } = this;
    const own = grid[r * columns + c]!;
    if (own >= 0) return { x: peaks.x[own]!, y: peaks.y[own]!, isDot: true };
    let [x, y, n] = [0, 0, 0];
    for (let reach = 1; reach <= FURTHEST && n === 0; reach += 1) {
      for (let v = Math.max(0, r - reach); v <= Math.min(rows - 1, r + reach); v += 1) {
        for (let u = Math.max(0, c - reach); u <= Math.min(columns - 1, c + reach); u += 1) {
          const i = grid[v * columns + u]!;
          if (i < 0) continue;
          x += peaks.x[i]! + (c - u) * steps[i * 4]! + (r - v) * steps[i * 4 + 2]!;
          y += peaks.y[i]! + (c - u) * steps[i * 4 + 1]! + (r - v) * steps[i * 4 + 3]!;
          n += 1;
        }
      }
    }
    return n === 0 ? undefined : { x: x / n, y: y / n, isDot: false };
  }

  /** Left, top, right and bottom of its dots. */
  bounds(): [number, number, number, number] {
    const { x, y } = this.peaks;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of this.members) {
      left = Math.min(left, x[i]!);
      right = Math.max(right, x[i]!);
      top = Math.min(top, y[i]!);
      bottom = Math.max(bottom, y[i]!);
    }
    return [left, top, right, bottom];
  }

  /** The dots on the lattice, by number. */
  get members(): Int32Array {
    return this.queue.subarray(0, this.dots);
  }
}

function span(queue: Int32Array, count: number, of: Int16Array): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < count; i += 1) {
    least = Math.min(least, of[queue[i]!]!);
    most = Math.max(most, of[queue[i]!]!);
  }
  return [least, most];
}
