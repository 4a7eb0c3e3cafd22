import { type Kernels, OUTLINES_OUT, OUTLINE_STRIDE } from '../../core/kernels.js';
import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { FINDER_STRIDE } from './candidate-boxes.js';
import { CrowdedMarks } from './crowded-marks.js';
import { MAX_FINDERS } from '../qr/finder-reader.js';

const MAX_OUTLINES = 96;
/**
 * The maximum number of locators, and the number without the loose ones from which the search may have dropped some.
 */
export const MAX_FOUND = 1280;
const NEARLY_ALL = 1000;
const NONE = new Int32Array(0);

/** The cheap search over several rectangles of one plane. */
export class MarkFinder {
  /** Of one rectangle, and the loose finders of all. */
  private readonly found = new Int32Array(MAX_FOUND * FINDER_STRIDE);
  private readonly loose = new Int32Array(MAX_FINDERS * FINDER_STRIDE);

  /** Locators of codes without finders, of all rectangles: kind, x, y, width, height each. */
  readonly outlines = new Int32Array(MAX_OUTLINES * OUTLINE_STRIDE);
  outlineCount = 0;
  /** The list overflowed. */
  outlinesFull = false;
  private readonly outlinesHere = new Int32Array(OUTLINES_OUT);
  private readonly crowd = new CrowdedMarks();

  constructor(private readonly kernels: Pick<Kernels, 'findFinders'>) {}

  /**
   * Puts the locators in `rects` (in pixels of the plane × `scale`) into `finders`, loose finders last. `full`: the
   * list overflowed, so there may be locators that are not in it. Loose finders alone don't make it full. `outlined`:
   * outlines are searched for in the same rectangles.
   */
  find(
    plane: Uint8Array,
    width: number,
    height: number,
    scale: 1 | 2,
    rects: RectList,
    finders: Int32Array,
    outlined = true,
  ): { count: number; full: boolean } {
    const { found, loose, kernels } = this;
    let count = 0;
    let looseCount = 0;
    let full = false;
    this.outlineCount = 0;
    this.outlinesFull = false;
    for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      const all = kernels.findFinders(plane, width, height, x, y, w, h, found, outlined ? this.outlinesHere : NONE);
      if (outlined) this.keepOutlines(plane, width, height);
      full ||= countMarks(found, all) >= NEARLY_ALL;
      const here = this.crowd.sift(plane, width, height, found, all);
      const kept = countMarks(found, here);
      full ||= count + kept > MAX_FINDERS;
      const room = Math.min(kept, MAX_FINDERS - count) * FINDER_STRIDE;
      finders.set(found.subarray(0, room), count * FINDER_STRIDE);
      count += room / FINDER_STRIDE;
      const looseRoom = Math.min(here - kept, MAX_FINDERS - looseCount) * FINDER_STRIDE;
      loose.set(found.subarray(kept * FINDER_STRIDE, kept * FINDER_STRIDE + looseRoom), looseCount * FINDER_STRIDE);
      looseCount += looseRoom / FINDER_STRIDE;
    }
    const room = Math.min(looseCount, MAX_FINDERS - count);
    finders.set(loose.subarray(0, room * FINDER_STRIDE), count * FINDER_STRIDE);
    return { count: dropRepeats(finders, count + room), full };
  }

  /** Searches for outlines only; `more`: earlier ones stay in the list. */
  findOutlines(plane: Uint8Array, width: number, height: number, scale: 1 | 2, rects: RectList, more = false): void {
    if (!more) {
      this.outlineCount = 0;
      this.outlinesFull = false;
    }
    for (let r = 0; r < rects.count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      this.kernels.findFinders(plane, width, height, x, y, w, h, NONE, this.outlinesHere);
      this.keepOutlines(plane, width, height);
    }
  }

  /** Drops outlines that are not `wanted`, from number `from` on: kind, x, y, width and height. */
  keepThose(from: number, wanted: (outline: Int32Array) => boolean): void {
    const { outlines } = this;
    let kept = from;
    for (let i = from; i < this.outlineCount; i += 1) {
      const at = i * OUTLINE_STRIDE;
      if (!wanted(outlines.subarray(at, at + OUTLINE_STRIDE))) continue;
      outlines.copyWithin(kept * OUTLINE_STRIDE, at, at + OUTLINE_STRIDE);
      kept += 1;
    }
    this.outlineCount = kept;
  }

  private keepOutlines(plane: Uint8Array, width: number, height: number): void {
    const { outlines, outlinesHere: here } = this;
    if (here[0]! > 0) here[0] = this.crowd.siftOutlines(plane, width, height, here.subarray(1), here[0]!);
    if (here[0]! < 0 || this.outlineCount + here[0]! > MAX_OUTLINES) {
      this.outlinesFull = true;
      return;
    }
    outlines.set(here.subarray(1, 1 + here[0]! * OUTLINE_STRIDE), this.outlineCount * OUTLINE_STRIDE);
    this.outlineCount += here[0]!;
  }
}

/** Rectangles overlap: removes duplicate finders; returns how many are left. */
function dropRepeats(finders: Int32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    let known = false;
    for (let k = 0; k < kept && !known; k += 1) {
      const to = k * FINDER_STRIDE;
      known =
        finders[to + 3] === finders[at + 3] &&
        Math.abs(finders[to]! - finders[at]!) <= 1 &&
        Math.abs(finders[to + 1]! - finders[at + 1]!) <= 1;
    }
    if (known) continue;
    if (kept !== i) finders.copyWithin(kept * FINDER_STRIDE, at, at + FINDER_STRIDE);
    kept += 1;
  }
  return kept;
}

/** Hits before the loose finders, which `Kernels.findFinders` writes last. */
function countMarks(finders: Int32Array, count: number): number {
  let marks = count;
  while (marks > 0 && finders[(marks - 1) * FINDER_STRIDE + 3]! >> 1 === 2) marks -= 1;
  return marks;
}
