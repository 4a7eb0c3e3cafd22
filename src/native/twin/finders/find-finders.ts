// frame path
import { ALL_OUTLINES, type Kernels, OUTLINE_STRIDE, OUTLINES_OUT } from '../../../core/kernels.js';
import { BinaryImage, binarize } from '../binarize.js';
import { CANDIDATES, CANDIDATE_STRIDE, FinderCandidates, LOOSE_CANDIDATES } from './finder-confirm.js';
import { OutlineSearch } from '../find-outlines.js';
import { walkRows } from './finder-walk.js';

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
export const HALVED_REACH = 20;
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
