import { RectList, RECT_STRIDE } from '../../core/media/picture.js';

/** Integers per finder hit: x, y, module size × 16, polarity. */
export const FINDER_STRIDE = 4;
const MAX_BOXES = 6;

/**
 * Where a decoder has to read, given the finder patterns of the cheap search.
 *
 * The version of the code is not known, so each pattern asks for `REACH_MODULES` around itself: enough for version 11
 * (61 modules) from a single corner. The boxes of patterns that belong together overlap and merge into one, which then
 * covers any version. Small patterns get a minimum in pixels: the measured module size of a blurred one is rough.
 */
const REACH_MODULES = 60;
const MINIMUM_REACH = 56;
/**
 * A module of one pixel, × 16: anything between such finders is refused as grain, so each asks for the largest code.
 */
const PIXEL_MODULE = 16;
const MAX_MODULES = 177;
/** A suspect area is kept tighter: it only serves to notice a change of the pattern itself. */
const SUSPECT_MODULES = 12;

export class CandidateBoxes {
  readonly boxes = new RectList(MAX_BOXES);
  /** Finder patterns in each box. */
  readonly counts = new Int32Array(MAX_BOXES);
  /** The smallest module of its patterns × 16; 0 where it is not known. */
  readonly modules = new Int32Array(MAX_BOXES);

  /** Makes boxes inside a plane of the given size from `count` hits. */
  build(hits: Int32Array, count: number, width: number, height: number): void {
    this.boxes.clear();
    this.counts.fill(0);
    for (let i = 0; i < count; i += 1) {
      const at = i * FINDER_STRIDE;
      const least = hits[at + 2]! <= PIXEL_MODULE ? MAX_MODULES : MINIMUM_REACH;
      const reach = Math.max(least, (hits[at + 2]! * REACH_MODULES) >> 4);
      const x = Math.max(0, hits[at]! - reach);
      const y = Math.max(0, hits[at + 1]! - reach);
      const w = Math.min(width, hits[at]! + reach) - x;
      const h = Math.min(height, hits[at + 1]! + reach) - y;
      this.add(x, y, w, h, hits[at + 2]!);
    }
  }

  /** One box around all rectangles (in luma pixels; the plane is smaller by `scale`) instead. */
  cover(rects: RectList, scale: number, patterns: number): void {
    let left = Infinity;
    let top = Infinity;
    let right = 0;
    let bottom = 0;
    for (let i = 0; i < rects.count; i += 1) {
      const r = i * RECT_STRIDE;
      left = Math.min(left, Math.floor(rects.items[r]! / scale));
      top = Math.min(top, Math.floor(rects.items[r + 1]! / scale));
      right = Math.max(right, Math.floor((rects.items[r]! + rects.items[r + 2]!) / scale));
      bottom = Math.max(bottom, Math.floor((rects.items[r + 1]! + rects.items[r + 3]!) / scale));
    }
    this.boxes.clear();
    if (right <= left || bottom <= top) return;
    this.boxes.push(left, top, right - left, bottom - top);
    this.counts[0] = patterns;
    this.modules[0] = 0;
  }

  private add(x: number, y: number, w: number, h: number, module16: number): void {
    const { boxes, counts, modules } = this;
    const items = boxes.items;
    let left = x;
    let top = y;
    let right = x + w;
    let bottom = y + h;
    let sum = 1;
    let least = module16;
    // Absorb every box that overlaps the new one; each may make it overlap another.
    for (let i = 0; i < boxes.count;) {
      const r = i * RECT_STRIDE;
      const apart =
        items[r]! >= right ||
        items[r + 1]! >= bottom ||
        items[r]! + items[r + 2]! <= left ||
        items[r + 1]! + items[r + 3]! <= top;
      if (apart && boxes.count < MAX_BOXES) {
        i += 1;
        continue;
      }
      left = Math.min(left, items[r]!);
      top = Math.min(top, items[r + 1]!);
      right = Math.max(right, items[r]! + items[r + 2]!);
      bottom = Math.max(bottom, items[r + 1]! + items[r + 3]!);
      sum += counts[i]!;
      least = Math.min(least, modules[i]!);
      const last = (boxes.count - 1) * RECT_STRIDE;
      items.copyWithin(r, last, last + RECT_STRIDE);
      counts[i] = counts[boxes.count - 1]!;
      modules[i] = modules[boxes.count - 1]!;
      boxes.count -= 1;
      i = 0;
    }
    counts[boxes.count] = sum;
    modules[boxes.count] = least;
    boxes.push(left, top, right - left, bottom - top);
  }
}

/** Adds the surroundings of each hit, at `scale` times the plane's size, to a list of suspect areas. */
export function addSuspects(
  hits: Int32Array,
  count: number,
  scale: number,
  width: number,
  height: number,
  out: RectList,
): void {
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    const reach = Math.max(24, ((hits[at + 2]! * SUSPECT_MODULES) >> 4) * scale);
    const x = Math.max(0, hits[at]! * scale - reach);
    const y = Math.max(0, hits[at + 1]! * scale - reach);
    out.push(x, y, Math.min(width, hits[at]! * scale + reach) - x, Math.min(height, hits[at + 1]! * scale + reach) - y);
  }
}
