// frame path
import { OUTLINE } from '../../core/kernels.js';
import { areAlike, BinaryImage, isAmidGrain, standsInGrain } from './binarize.js';
import { CornerPairs, type FinerImage, LINE_STEP, OutlineList, StraightEdges } from './straight-edges.js';

/** Widths of the start of a PDF417 in modules. */
const START = [8, 1, 1, 1, 1, 1, 1, 3] as const;
const START_MODULES = 17;
/** Without the wide bar, and its minimum width. */
const NARROW_MODULES = 9;
const NARROW_MIN = 9;
/** Runs of a bull's eye, and of a start without its wide bar. */
const RUNS = 7;

/** Tolerance of a run in tenths of a run, times the runs; `lax`: relaxed. */
const evenTolerance = (t: number, lax: 0 | 1): number => (lax === 1 ? 4 * t + 90 : 3 * t + 70);

/** Whether the seven runs from edge i on are about equal. */
function isEven(edges: Int32Array, i: number, lax: 0 | 1): boolean {
  const t = edges[i + RUNS]! - edges[i]!;
  if (t < 14) return false;
  for (let k = i; k < i + RUNS; k += 1) {
    const run = edges[k + 1]! - edges[k]!;
    if (10 * Math.abs(RUNS * run - t) > evenTolerance(t, lax)) return false;
  }
  return true;
}

function isStart(edges: Int32Array, i: number, t: number, backward: boolean): boolean {
  for (let k = 0; k < START.length; k += 1) {
    const run = edges[i + k + 1]! - edges[i + k]!;
    const modules = START[backward ? START.length - 1 - k : k]!;
    if (Math.abs(10 * (START_MODULES * run - modules * t)) > 5 * t + 119) return false;
  }
  return true;
}

/**
 * The direction of a start whose wide bar ends at edge i or begins seven edges on. The wide bar may be cut by the
 * picture's edge, as cropped candidate regions begin with it. −1: none.
 */
function narrowStart(edges: Int32Array, i: number, n: number): number {
  const t = edges[i + RUNS]! - edges[i]!;
  if (t < NARROW_MIN) return -1;
  const direction = edges[i + RUNS]! - edges[i + RUNS - 1]! > edges[i + 1]! - edges[i]! ? 0 : 1;
  const before = i > 0 ? edges[i]! - edges[i - 1]! : t;
  const after = i + RUNS + 1 < n ? edges[i + RUNS + 1]! - edges[i + RUNS]! : t;
  if (2 * (direction === 0 ? before : after) < t) return -1;
  for (let k = 0; k < RUNS; k += 1) {
    const run = edges[i + k + 1]! - edges[i + k]!;
    const modules = k === (direction === 0 ? RUNS - 1 : 0) ? 3 : 1;
    if (10 * Math.abs(NARROW_MODULES * run - modules * t) > 5 * t + 72) return -1;
  }
  return direction;
}

/*
 * The locators of codes without a QR finder, found in one pass over the bits of the finder search.
 *
 * The problem: detecting Data Matrix, Aztec and PDF417 by reading every candidate region costs more than a frame has
 * time for where everything moves. The rule: each has a locator that is rare in texture. Two straight edges at a corner
 * with one colour inside, opposite two alternating sides: the border of a Data Matrix. Seven equal runs around one
 * position, across and down: the bull's eye of an Aztec code. Runs of 8:1:1:1:1:1:1:3 on several lines: the start of a
 * PDF417. A region with one of them is read at once.
 *
 * Numbers: every second row and column is walked. Blots of 3 to 24 px that fill a frame of 720p have ten such corners,
 * a frame of text some twenty.
 */

const START_MIN = 24;
/**
 * Lines that must agree on a start (the second value with relaxed thresholds), and the maximum distance between two of
 * them.
 */
const START_LINES = [4, 3] as const;
const START_GAP = 3 * LINE_STEP;
const MAX_STARTS = 128;

/** One thread's search; it keeps its buffers between calls. */
export class OutlineSearch {
  private readonly down = new StraightEdges();
  private readonly across = new StraightEdges();
  private readonly corners = new CornerPairs();
  private readonly marks = new OutlineList();
  private edges = new Int32Array(0);
  /** Position, last line, lines, direction. */
  private readonly starts = new Int32Array(MAX_STARTS * 4);
  private startCount = 0;
  private readonly rings = new Int32Array(8);
  private ahead = 0;
  private behind = 0;
  private tooManyStarts = false;
  private image: BinaryImage = new BinaryImage();
  private lax: 0 | 1 = 0;

  /**
   * See `Kernels.findFinders`; (x, y) is the position of the image, `level` times halved, in its plane. Adds to `out`.
   * `lax`: with relaxed thresholds.
   */
  run(image: BinaryImage, level: number, x: number, y: number, out: Int32Array, lax = false, finer?: FinerImage): void {
    if (out[0]! < 0) return;
    const { marks, down, across } = this;
    marks.begin(out, level, x, y);
    this.lax = lax ? 1 : 0;
    this.image = image;
    this.tooManyStarts = false;
    const { width, height } = image;
    const longest = Math.max(width, height) + 1;
    if (this.edges.length < longest) this.edges = new Int32Array(longest);
    this.walk(image, height, width, width, 1, down, false);
    this.walk(image, width, height, 1, width, across, true);
    this.corners.run(marks, down, across, image, level, this.lax, finer);
    if (this.tooManyStarts || marks.full || down.full || across.full) out[0] = -1;
  }

  private walk(
    image: BinaryImage,
    lines: number,
    length: number,
    lineStride: number,
    stride: number,
    straight: StraightEdges,
    turned: boolean,
  ): void {
    const { bits } = image;
    const { edges } = this;
    straight.begin(image, turned);
    this.startCount = 0;
    let line = 0;
    for (; line < lines; line += LINE_STEP) {
      let at = line * lineStride;
      const first = bits[at]!;
      let before = first;
      let n = 0;
      for (let i = 1; i < length; i += 1) {
        at += stride;
        const bit = bits[at]!;
        if (bit === before) continue;
        before = bit;
        edges[n] = i;
        n += 1;
      }
      straight.take(line, edges, n, first ^ 1);
      for (let i = 0; i + RUNS < n; i += 1) {
        if (!turned && isEven(edges, i, this.lax)) this.confirmBullseye(image, edges, i, line);
        if (this.lax === 1) {
          const direction = narrowStart(edges, i, n);
          if (direction >= 0) this.countStart(edges[i]!, edges[i + RUNS]!, direction, line, turned);
        } else if (i + START.length < n) this.lookForStart(edges, i, line, turned);
      }
    }
    straight.end(line);
  }

  private confirmBullseye(image: BinaryImage, edges: Int32Array, i: number, y: number): void {
    const t = edges[i + RUNS]! - edges[i]!;
    const x = (edges[i + 3]! + edges[i + 4]!) >> 1;
    if (isAmidGrain(image, x, y)) return;
    const high = this.measureRings(image, x, y, 0, 1);
    if (high === 0 || !areAlike(high, t)) return;
    const middle = y + ((this.ahead - this.behind) >> 1);
    const wide = this.measureRings(image, x, middle, 1, 0);
    if (wide === 0 || !areAlike(high, wide)) return;
    const centre = x + ((this.ahead - this.behind) >> 1);
    // Squares rotated by 45 degrees are half as wide along a diagonal, in steps.
    for (let dy = -1; dy <= 1; dy += 2) {
      const steps = this.measureRings(image, centre, middle, 1, dy);
      if (40 * steps < 9 * (high + wide) || 40 * steps > 26 * (high + wide)) return;
    }
    if (standsInGrain(image, centre, middle, wide)) return;
    this.marks.add(OUTLINE.bullseye, centre - (wide >> 1), middle - (high >> 1), wide, high);
  }

  /**
   * Steps across the seven runs around a position when they are about equal, otherwise 0. Leaves their reach in `ahead`
   * and `behind`.
   */
  private measureRings({ bits, width, height }: BinaryImage, x: number, y: number, dx: number, dy: number): number {
    const { rings } = this;
    for (let side = 0; side < 2; side += 1) {
      const [sx, sy] = side === 0 ? [dx, dy] : [-dx, -dy];
      let colour = bits[y * width + x]!;
      let steps = 1;
      for (let ring = 0; ring < 4; ring += 1) {
        const from = steps;
        for (;;) {
          const [u, v] = [x + steps * sx, y + steps * sy];
          if (u < 0 || v < 0 || u >= width || v >= height) return 0;
          if (bits[v * width + u] !== colour) break;
          steps += 1;
        }
        rings[side * 4 + ring] = steps - from;
        colour ^= 1;
      }
      if (side === 0) this.ahead = steps;
      else this.behind = steps;
    }
    const t = this.ahead + this.behind - 1;
    for (let ring = 0; ring < 8; ring += 1) {
      if (ring === 4) continue;
      const run = ring === 0 ? rings[0]! + rings[4]! + 1 : rings[ring]!;
      if (10 * Math.abs(RUNS * run - t) > evenTolerance(t, this.lax)) return 0;
    }
    return t;
  }

  private lookForStart(edges: Int32Array, i: number, line: number, turned: boolean): void {
    const t = edges[i + START.length]! - edges[i]!;
    if (t < START_MIN) return;
    const direction = isStart(edges, i, t, false) ? 0 : isStart(edges, i, t, true) ? 1 : -1;
    if (direction >= 0) this.countStart(edges[i]!, edges[i + START.length]!, direction, line, turned);
  }

  /** Counts a start found between two positions of a line. */
  private countStart(from: number, to: number, direction: number, line: number, turned: boolean): void {
    const { starts } = this;
    const place = (from + to) >> 1;
    let free = -1;
    for (let s = 0; s < this.startCount; s += 1) {
      const at = s * 4;
      if (line - starts[at + 1]! > START_GAP) {
        free = s;
        continue;
      }
      if (starts[at + 3] !== direction || Math.abs(starts[at]! - place) > 4) continue;
      starts[at] = place;
      starts[at + 1] = line;
      starts[at + 2]! += 1;
      const lines = START_LINES[this.lax];
      if (starts[at + 2] !== lines) return;
      const first = line - (lines - 1) * LINE_STEP;
      if (standsInGrain(this.image, turned ? first : place, turned ? place : first, 0)) return;
      if (turned) this.marks.add(OUTLINE.start, first, from, line - first, to - from);
      else this.marks.add(OUTLINE.start, from, first, to - from, line - first);
      return;
    }
    if (free < 0) {
      if (this.startCount === MAX_STARTS) {
        this.tooManyStarts = true;
        return;
      }
      free = this.startCount;
      this.startCount += 1;
    }
    starts[free * 4] = place;
    starts[free * 4 + 1] = line;
    starts[free * 4 + 2] = 1;
    starts[free * 4 + 3] = direction;
  }
}
