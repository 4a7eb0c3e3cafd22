import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';

/** Adds the rectangle at `at`, times `scale`, unless a listed one contains it. */
export function addRect(from: RectList, at: number, scale: number, to: RectList): void {
  const x = from.items[at]! * scale;
  const y = from.items[at + 1]! * scale;
  const w = from.items[at + 2]! * scale;
  const h = from.items[at + 3]! * scale;
  for (let i = 0; i < to.count * RECT_STRIDE; i += RECT_STRIDE) {
    const { items } = to;
    const inside = items[i]! <= x && items[i + 1]! <= y && items[i]! + items[i + 2]! >= x + w;
    if (inside && items[i + 1]! + items[i + 3]! >= y + h) return;
  }
  to.push(x, y, w, h);
}

/** Adds all rectangles of a list that way. */
export function addRects(from: RectList, scale: number, to: RectList): void {
  for (let i = 0; i < from.count * RECT_STRIDE; i += RECT_STRIDE) addRect(from, i, scale, to);
}

/**
 * Merges two rectangles if the result is no larger than both together. Tiles with their margins overlap two and three
 * times over, and each would be searched separately.
 */
export function mergeRects(list: RectList): void {
  const { items } = list;
  for (let a = 0; a < list.count; a += 1) {
    for (let b = a + 1; b < list.count;) {
      const i = a * RECT_STRIDE;
      const k = b * RECT_STRIDE;
      const x = Math.min(items[i]!, items[k]!);
      const y = Math.min(items[i + 1]!, items[k + 1]!);
      const w = Math.max(items[i]! + items[i + 2]!, items[k]! + items[k + 2]!) - x;
      const h = Math.max(items[i + 1]! + items[i + 3]!, items[k + 1]! + items[k + 3]!) - y;
      if (w * h > items[i + 2]! * items[i + 3]! + items[k + 2]! * items[k + 3]!) {
        b += 1;
        continue;
      }
      items[i] = x;
      items[i + 1] = y;
      items[i + 2] = w;
      items[i + 3] = h;
      const last = (list.count - 1) * RECT_STRIDE;
      items.copyWithin(k, last, last + RECT_STRIDE);
      list.count -= 1;
      b = a + 1; // the larger one may now absorb ones it could not before
    }
  }
}

/** The number of a rectangle that contains another; −1: none does. */
export function holder(list: RectList, left: number, top: number, right: number, bottom: number): number {
  const { items } = list;
  for (let r = 0; r < list.count * RECT_STRIDE; r += RECT_STRIDE) {
    if (items[r]! > left || items[r + 1]! > top) continue;
    if (items[r]! + items[r + 2]! >= right && items[r + 1]! + items[r + 3]! >= bottom) return r / RECT_STRIDE;
  }
  return -1;
}

/** Whether a listed rectangle contains this one and is at most this many times as large. */
export function holdsAlike(list: RectList, x: number, y: number, w: number, h: number, most: number): boolean {
  const held = holder(list, x, y, x + w, y + h) * RECT_STRIDE;
  return held >= 0 && list.items[held + 2]! * list.items[held + 3]! <= most * w * h;
}

/** Visits each of the parts of a job: x, y, width and height; a width of 0 ends the list. */
export function eachPart(parts: Int32Array, visit: (part: Int32Array) => void): void {
  for (let at = 0; at + RECT_STRIDE <= parts.length && parts[at + 2] !== 0; at += RECT_STRIDE) {
    visit(parts.subarray(at, at + RECT_STRIDE));
  }
}
