import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import type { MarkFinder } from './mark-finder.js';
import { holder } from '../pipeline/rect-lists.js';
import { hasTimedSide } from '../qr/timed-side.js';

/*
 * Looks for the marks of codes where the code is in part beyond what is searched.
 *
 * The problem: what moves is searched for marks in the damage alone, and read for every form of code once in a turn. A
 * code that a moving part makes whole for a single frame has its mark where nothing moves, or half of it: no search sees it, and
 * when the turn comes the code is gone. The rule: marks are kept when they are met. One that the damage touches is looked for again in
 * both together, and so is one in the damage that ends where the search ended.
 *
 * Numbers: the demo room has one mark in a frame on average, nearly all of them the corners of cards with words. Only corners with a side
 * that alternates evenly are followed, so that one of fifty frames is searched again.
 */

/** Marks that are kept; the oldest goes. */
const MARKS = 32;
/** Kind + 1, x, y, width, height. */
const STRIDE = OUTLINE_STRIDE;
/** Two marks that differ by this much, in pixels, are one. */
const SAME = 8;
/** What changed, with the margin that it is searched with, touches a mark that is so near; a mark ends where the search did when that is so near. */
const NEAR = 8;
const AT_BORDER = 24;
const MARGIN = 16;
/** How far the rest of a code may reach beyond its mark: as far as the mark is long, and this at least. */
const MIN_REACH = 64;
/** From the middle of a bull's eye, in its widths. */
const BULLSEYE_REACH = 5;
const MAX_SEARCHES = 8;

/** Integers of the memory that the threads of a scanner share. */
export const KEPT_MARKS_INTS = 1 + MARKS * STRIDE;

export class MarkFollower {
  private readonly found = new Int32Array(OUTLINE_STRIDE);
  private readonly more = new RectList(MAX_SEARCHES);
  private readonly box = new Int32Array(RECT_STRIDE);

  /**
   * For a plane of this size. `kept`: the marks that all threads have met, by number of the next, then of each kind + 1 (0: none) and
   * its box. Threads may write at the same time: a mark that is lost by that is met again.
   */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly kept: Int32Array = new Int32Array(KEPT_MARKS_INTS),
  ) {}

  /** Adds to `marks`, which holds those of the rectangles that were `searched`, what more there is around `changed`. */
  run(plane: Uint8Array, marks: MarkFinder, searched: RectList, changed: RectList): void {
    const { more } = this;
    const here = marks.outlineCount;
    more.clear();
    for (let i = 0; i < here; i += 1) {
      const at = i * OUTLINE_STRIDE;
      if (this.isSure(plane, marks.outlines.subarray(at, at + OUTLINE_STRIDE)))
        this.searchAtBorder(marks.outlines, at, searched);
    }
    for (let k = 1; k < KEPT_MARKS_INTS; k += STRIDE) {
      if (this.kept[k] !== 0) this.follow(k, marks, here, searched, changed);
    }
    if (more.count > 0) {
      marks.findOutlines(plane, this.width, this.height, 1, more, true);
      marks.keepThose(here, (box) => this.isSure(plane, box));
    }
    for (let i = 0; i < marks.outlineCount; i += 1) {
      const at = i * OUTLINE_STRIDE;
      const isSure = i >= here || this.isSure(plane, marks.outlines.subarray(at, at + OUTLINE_STRIDE));
      if (isSure) this.keep(marks.outlines, at);
    }
  }

  /** What bounds a card with words is met as a corner too. */
  private isSure(plane: Uint8Array, mark: Int32Array): boolean {
    if (mark[0] !== OUTLINE.corner) return true;
    return hasTimedSide(plane, this.width, this.height, mark.subarray(1, OUTLINE_STRIDE));
  }

  /** A corner that ends where the search ended may go on. */
  private searchAtBorder(marks: Int32Array, at: number, searched: RectList): void {
    if (marks[at] !== OUTLINE.corner) return;
    const [x = 0, y = 0, w = 0, h = 0] = marks.subarray(at + 1, at + OUTLINE_STRIDE);
    const held = holder(searched, x, y, x + w, y + h) * RECT_STRIDE;
    if (held < 0) return;
    const [left = 0, top = 0, width = 0, height = 0] = searched.items.subarray(held, held + RECT_STRIDE);
    const isWhole =
      x - left > AT_BORDER &&
      y - top > AT_BORDER &&
      left + width - x - w > AT_BORDER &&
      top + height - y - h > AT_BORDER;
    if (!isWhole) this.search(x, y, x + w, y + h, Math.max(MIN_REACH, w, h));
  }

  /** Looks for a kept mark again when something changed beside it. */
  private follow(k: number, marks: MarkFinder, here: number, searched: RectList, changed: RectList): void {
    const { kept, box } = this;
    const [kind = 0, x = 0, y = 0, w = 0, h = 0] = kept.subarray(k, k + STRIDE);
    if (holder(searched, x - SAME, y - SAME, x + w + SAME, y + h + SAME) >= 0) {
      // The search would have met it.
      for (let i = 0; i < here; i += 1) if (isSame(marks.outlines, i * OUTLINE_STRIDE, x, y, w, h)) return;
      kept[k] = 0;
      return;
    }
    const isCorner = kind - 1 === OUTLINE.corner;
    const near = isCorner ? NEAR : Math.round(Math.max(w, h) * BULLSEYE_REACH);
    const reach = Math.max(MIN_REACH, w, h);
    box.set([x, y, x + w, y + h]);
    let touched = false;
    for (let r = 0; r < changed.count * RECT_STRIDE; r += RECT_STRIDE) {
      const [left = 0, top = 0, width = 0, height = 0] = changed.items.subarray(r, r + RECT_STRIDE);
      if (left > x + w + near || top > y + h + near || left + width < x - near || top + height < y - near) continue;
      touched = true;
      box[0] = Math.min(box[0]!, Math.max(left, x - reach));
      box[1] = Math.min(box[1]!, Math.max(top, y - reach));
      box[2] = Math.max(box[2]!, Math.min(left + width, x + w + reach));
      box[3] = Math.max(box[3]!, Math.min(top + height, y + h + reach));
    }
    if (touched) this.search(box[0]!, box[1]!, box[2]!, box[3]!, MARGIN);
  }

  private search(x: number, y: number, right: number, bottom: number, reach: number): void {
    const left = Math.max(0, x - reach);
    const top = Math.max(0, y - reach);
    const { more, width, height } = this;
    more.push(left, top, Math.min(width, right + reach) - left, Math.min(height, bottom + reach) - top);
  }

  private keep(marks: Int32Array, at: number): void {
    const { kept, found } = this;
    found.set(marks.subarray(at, at + OUTLINE_STRIDE));
    const [kind = 0, x = 0, y = 0, w = 0, h = 0] = found;
    let to = 0;
    for (let k = 1; k < KEPT_MARKS_INTS && to === 0; k += STRIDE) {
      if (kept[k] === kind + 1 && isSame(kept, k, x, y, w, h)) to = k;
    }
    if (to === 0) {
      const next = (kept[0]! & 0x7fffffff) % MARKS;
      kept[0] = next + 1;
      to = 1 + next * STRIDE;
    }
    kept[to] = kind + 1;
    kept[to + 1] = x;
    kept[to + 2] = y;
    kept[to + 3] = w;
    kept[to + 4] = h;
  }
}

/** Whether the mark at `at`, kind first, has this box. */
function isSame(marks: Int32Array, at: number, x: number, y: number, w: number, h: number): boolean {
  return (
    Math.abs(marks[at + 1]! - x) <= SAME &&
    Math.abs(marks[at + 2]! - y) <= SAME &&
    Math.abs(marks[at + 3]! - w) <= SAME &&
    Math.abs(marks[at + 4]! - h) <= SAME
  );
}
