import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { holder } from '../pipeline/rect-lists.js';
import type { MarkFinder } from './crowded-marks.js';

/** Shorter sides are not examined. */
const MIN_SIDE = 12;
/** How far within the box a side's modules are searched for, in pixels, and as shares of the other side. */
const INSETS = [1, 3, 5] as const;
const INSET_SHARES = [1 / 16, 1 / 10] as const;
const MIN_SWING = 32;
/** Minimum number of whole runs on a side, and how far one may be from their mean. */
const MIN_RUNS = 4;
const SHORTEST = 0.55;
const LONGEST = 1.5;

/**
 * Whether a side of an upright box alternates in runs of one length, as two sides of a Data Matrix do (ISO/IEC 16022,
 * the alternating part of the finder pattern), and one side of half a Data Matrix. The border of a card with words does
 * not.
 */
function hasTimedSide(plane: Uint8Array, width: number, height: number, box: Int32Array): boolean {
  const [x0 = 0, y0 = 0, w0 = 0, h0 = 0] = box;
  const [x, y] = [Math.max(0, x0), Math.max(0, y0)];
  const w = Math.min(width, x0 + w0) - x;
  const h = Math.min(height, y0 + h0) - y;
  if (w < MIN_SIDE || h < MIN_SIDE) return false;
  const across = (inset: number): boolean =>
    isTimed(plane, (y + inset) * width + x, 1, w) || isTimed(plane, (y + h - 1 - inset) * width + x, 1, w);
  const down = (inset: number): boolean =>
    isTimed(plane, y * width + x + inset, width, h) || isTimed(plane, y * width + x + w - 1 - inset, width, h);
  for (const inset of INSETS) if (across(inset) || down(inset)) return true;
  for (const share of INSET_SHARES) if (across(Math.floor(h * share)) || down(Math.floor(w * share))) return true;
  return false;
}

/** `count` samples from `at`, `step` apart: runs of one length, except the first and the last. */
function isTimed(plane: Uint8Array, at: number, step: number, count: number): boolean {
  let low = 255;
  let high = 0;
  for (let i = 0; i < count; i += 1) {
    const v = plane[at + i * step]!;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (high - low < MIN_SWING) return false;
  const level = (low + high) >> 1;
  let turns = 0;
  let first = 0;
  let last = 0;
  let shortest = count;
  let longest = 0;
  for (let i = 1; i < count; i += 1) {
    if (plane[at + i * step]! > level === plane[at + (i - 1) * step]! > level) continue;
    if (turns > 0) {
      shortest = Math.min(shortest, i - last);
      longest = Math.max(longest, i - last);
    } else first = i;
    last = i;
    turns += 1;
  }
  if (turns <= MIN_RUNS) return false;
  const mean = (last - first) / (turns - 1);
  // Those at the ends are whole runs or less.
  if (first > mean * LONGEST || count - last > mean * LONGEST) return false;
  return shortest >= mean * SHORTEST && longest <= mean * LONGEST;
}

/*
 * Searches for the locators of codes that lie partly beyond the searched rectangles.
 *
 * The problem: a moving part is searched for locators in the damage alone, and read for every format of code once in a
 * round-robin cycle. A code that a moving part completes for a single frame has its locator, or half of it, where
 * nothing moves: no search covers it, and by its round-robin slot the code is gone. The rule: found locators are kept.
 * One that the damage touches is searched for again in the union of both, and so is one in the damage that ends at the
 * edge of the search.
 *
 * Numbers: the demo room has one locator in a frame on average, nearly all of them the corners of cards with words.
 * Only corners with an evenly alternating side are followed, so that one in fifty frames is searched again.
 */

/** Maximum number of kept locators; the oldest is dropped. */
const MARKS = 32;
/** Kind + 1, x, y, width, height. */
const STRIDE = OUTLINE_STRIDE;
/** Two locators whose boxes differ by at most this much, in pixels, are the same. */
const SAME = 8;
/**
 * Damage, with its search margin, touches a locator within this distance; a locator ends at the edge of the search
 * within this distance.
 */
const NEAR = 8;
const AT_BORDER = 24;
const MARGIN = 16;
/** How far the rest of a code may reach beyond its locator: the locator's length, and at least this. */
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
   * For a plane of this size. `kept`: the locators of all threads: the number of the next one, then kind + 1 (0: none)
   * and box of each. Threads may write at the same time: a locator lost by that is found again.
   */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly kept: Int32Array = new Int32Array(KEPT_MARKS_INTS),
  ) {}

  /** Adds locators around `changed` to `marks`, which holds those of the `searched` rectangles. */
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

  /** The border of a card with words is found as a corner too. */
  private isSure(plane: Uint8Array, mark: Int32Array): boolean {
    if (mark[0] !== OUTLINE.corner) return true;
    return hasTimedSide(plane, this.width, this.height, mark.subarray(1, OUTLINE_STRIDE));
  }

  /** A corner that ends at the edge of the search may go on. */
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

  /** Searches for a kept locator again when something changed beside it. */
  private follow(k: number, marks: MarkFinder, here: number, searched: RectList, changed: RectList): void {
    const { kept, box } = this;
    const [kind = 0, x = 0, y = 0, w = 0, h = 0] = kept.subarray(k, k + STRIDE);
    if (holder(searched, x - SAME, y - SAME, x + w + SAME, y + h + SAME) >= 0) {
      // The search covered it already.
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

/** Whether the locator at `at`, kind first, has this box. */
function isSame(marks: Int32Array, at: number, x: number, y: number, w: number, h: number): boolean {
  return (
    Math.abs(marks[at + 1]! - x) <= SAME &&
    Math.abs(marks[at + 2]! - y) <= SAME &&
    Math.abs(marks[at + 3]! - w) <= SAME &&
    Math.abs(marks[at + 4]! - h) <= SAME
  );
}
