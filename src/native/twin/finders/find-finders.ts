// frame path
import { ALL_OUTLINES, type Kernels, OUTLINE_STRIDE, OUTLINES_OUT } from '../../../core/kernels.js';
import { BinaryImage, binarize } from '../binarize.js';
import { OutlineSearch } from '../find-outlines.js';
import {
  CANDIDATES,
  CANDIDATE_STRIDE,
  FinderCandidates,
  LOOSE_CANDIDATES,
  confirm,
  confirmBullseye,
  confirmLoose,
  confirmRing,
} from './finder-confirm.js';
import { isBullseyeRow, isFinderRuns, isLooseRuns, isRingRuns } from './tiny-finders.js';

/*
 * The problem: find every finder pattern of the QR family, at any rotation, mildly distorted, from 1.3 px per module,
 * at a fraction of a decoder's cost. A miss is a violation on air; a false positive costs a decode.
 *
 * The rule: a finder is concentric squares, so any line through its centre, at any angle, has runs 1:1:3:1:1. Rows give
 * candidates; the column, the row through the column's middle and both diagonals confirm them. The ring markers of
 * round codes are concentric too and are found on the same rows, by another ratio of the runs.
 */
/**
 * Walks every row of a level. `level` is the number of halvings; (originX, originY) the rectangle's corner. Returns
 * whether the list of loose finders is full; `looseIsFull` is the result of the earlier levels.
 */
function walkRows(
  image: BinaryImage,
  level: number,
  originX: number,
  originY: number,
  edges: Int32Array,
  found: FinderCandidates,
  loose: FinderCandidates,
  looseIsFull: boolean,
): boolean {
  const { bits, width, height } = image;
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    const py = originY + (y << level);
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
      // Ring markers have gaps wider than their rings, or nearly as wide: one test rejects most positions.
      if (4 * b >= 3 * a && 4 * d >= 3 * e && b + d >= c && isRingRuns(a, b, c, d, e) && a + b + c + d + e >= 8) {
        const middle = (edges[i + 2]! + edges[i + 3]!) >> 1;
        confirmRing(image, middle, y, a + b + c + d + e, level, originX, originY, found);
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
      }
      const x = (edges[i + 2]! + edges[i + 3]!) >> 1;
      if (isFinderRuns(a, b, c, d, e) && confirm(image, x, y, a + b + c + d + e, level, originX, originY, found)) {
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
        continue;
      }
      if (c < b || c < d) continue;
      if (i >= 3 && i + 8 <= n && isBullseyeRow(edges, i)) {
        confirmBullseye(image, x, y, edges[i + 7]! - edges[i - 2]!, level, originX, originY, found);
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
      }
      if (looseIsFull || !isLooseRuns(a, b, c, d, e)) continue;
      confirmLoose(image, x, y, b + c + d, level, originX, originY, loose);
      looseIsFull = loose.count === LOOSE_CANDIDATES && !loose.settle(py);
    }
  }
  return looseIsFull;
}

/** The plane is searched as it is and halved up to this often: noise and moiré vanish, large patterns become small. */
const LEVELS = 3;
/** Minimum range of a block that is not flat, by level: halving averages noise away. */
const FLAT_RANGE = [12, 8, 6] as const;
/** Levels at which outlines are searched for. */
const OUTLINE_LEVELS = 2;
/**
 * A halved plane is searched this many pixels beyond the rectangle. A change may be the last part of a locator, which
 * is found only in a search over the whole of it; locators of large modules are found there, at a quarter of the full
 * plane's cost.
 */
const HALVED_REACH = 20;
/** A shorter side holds no finder (7 modules of 1.14 px). */
const MIN_SIDE = 8;

/** One thread's search; it keeps its buffers between calls. */
export class FinderSearch {
  private image = new BinaryImage();
  /** The plane as it is, when a halved one is in `image`. */
  private finer = new BinaryImage();
  private readonly outlines = new OutlineSearch();
  private readonly found = new FinderCandidates(CANDIDATES);
  private readonly loose = new FinderCandidates(LOOSE_CANDIDATES);
  private halves = [new Uint8Array(0), new Uint8Array(0)];
  private looseIsFull = false;
  private edges = new Int32Array(0);
  private readonly kinds = new Int32Array(OUTLINES_OUT);

  /** See `Kernels.findFinders`. */
  readonly run: Kernels['findFinders'] = (plane, stride, rows, x, y, w, h, out, outlines) => {
    if (outlines !== undefined && outlines.length > 0) outlines[0] = 0;
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(stride, x + w);
    const bottom = Math.min(rows, y + h);
    let [x0, y0, width, height] = [left, top, right - left, bottom - top];
    const { found, loose } = this;
    found.count = 0;
    loose.count = 0;
    this.looseIsFull = false;
    const widest = Math.max(width, (width >> 1) + HALVED_REACH) + 1;
    if (this.edges.length < widest) this.edges = new Int32Array(widest);
    let source = plane;
    let at = y0 * stride + x0;
    let sourceStride = stride;
    for (let level = 0; level < LEVELS && width >= MIN_SIDE && height >= MIN_SIDE; level += 1) {
      if (level === 1) {
        x0 = Math.max(0, left - HALVED_REACH);
        y0 = Math.max(0, top - HALVED_REACH);
        width = Math.min(stride, right + HALVED_REACH) - x0;
        height = Math.min(rows, bottom + HALVED_REACH) - y0;
        at = y0 * stride + x0;
      }
      if (level > 0) {
        const half = this.half(level - 1, (width >> 1) * (height >> 1));
        halve(source, at, sourceStride, width, height, half);
        width >>= 1;
        height >>= 1;
        if (width < MIN_SIDE || height < MIN_SIDE) break;
        source = half;
        at = 0;
        sourceStride = width;
      }
      if (level === 1) [this.image, this.finer] = [this.finer, this.image];
      binarize(source, at, sourceStride, width, height, FLAT_RANGE[level]!, this.image);
      if (level < OUTLINE_LEVELS && outlines !== undefined && outlines.length > 0) {
        const finer = level === 0 ? undefined : { image: this.finer, x: left - x0, y: top - y0 };
        this.outlines.run(this.image, level, x0, y0, outlines, false, finer);
      }
      if (out.length === 0) {
        if (level === OUTLINE_LEVELS - 1) break;
        continue;
      }
      this.looseIsFull = walkRows(this.image, level, x0, y0, this.edges, found, loose, this.looseIsFull);
      if (found.count === CANDIDATES) break;
    }
    const n = write(found, out, 0);
    return write(loose, out, n);
  };

  /** See `Kernels.outlineKinds`. */
  outlineKinds(plane: Uint8Array, w: number, h: number): number {
    const { kinds } = this;
    kinds[0] = 0;
    let [source, width, height] = [plane, w, h];
    for (let level = 0; level < OUTLINE_LEVELS; level += 1) {
      if (level > 0) {
        const half = this.half(0, (width >> 1) * (height >> 1));
        halve(source, 0, width, width, height, half);
        source = half;
        width >>= 1;
        height >>= 1;
      }
      if (width < MIN_SIDE || height < MIN_SIDE) break;
      binarize(source, 0, width, width, height, FLAT_RANGE[level]!, this.image);
      this.outlines.run(this.image, level, 0, 0, kinds, true);
    }
    if (kinds[0]! < 0) return ALL_OUTLINES;
    let bits = 0;
    for (let i = 0; i < kinds[0]!; i += 1) bits |= 1 << kinds[1 + i * OUTLINE_STRIDE]!;
    return bits;
  }

  private half(index: number, bytes: number): Uint8Array {
    if (this.halves[index]!.length < bytes) this.halves[index] = new Uint8Array(bytes);
    return this.halves[index]!;
  }
}

/** Means of 2×2 pixels, rounded; an odd last column or row is left out. */
function halve(from: Uint8Array, at: number, stride: number, w: number, h: number, to: Uint8Array): void {
  const hw = w >> 1;
  for (let y = 0; y < h >> 1; y += 1) {
    for (let x = 0; x < hw; x += 1) {
      const i = at + 2 * y * stride + 2 * x;
      to[y * hw + x] = (from[i]! + from[i + 1]! + from[i + stride]! + from[i + stride + 1]! + 2) >> 2;
    }
  }
}

/** Appends the candidates confirmed by enough rows as hit `n` and following; returns the number of hits. */
function write(found: FinderCandidates, out: Int32Array, n: number): number {
  const room = out.length >> 2;
  for (let i = 0; i < found.count && n < room; i += 1) {
    const from = i * CANDIDATE_STRIDE;
    if (!found.isAgreed(i)) continue;
    out[n * 4] = found.items[from]!;
    out[n * 4 + 1] = found.items[from + 1]!;
    out[n * 4 + 2] = found.items[from + 2]!;
    out[n * 4 + 3] = found.items[from + 3]!;
    n += 1;
  }
  return n;
}
