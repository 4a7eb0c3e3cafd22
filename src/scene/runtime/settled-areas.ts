// frame path
import { DRAW, DRAW_STRIDE, type BitmapTable, type DrawList, type RectList } from '../../core/media/picture.js';

const MAX_RANGES = 64;

/**
 * Where all pixels come from one layer in which only judged words change.
 *
 * The rule: an opaque bitmap of the layer, at full opacity, unscaled as all bitmaps are, that nothing of another layer is drawn over. What
 * the layer draws on it itself belongs to it, as letters to a ticker's strip. Pictures never count, however opaque: two that were
 * admitted may make a code together, and a code without finders would be seen only in the full scan once a second.
 */
export class SettledAreas {
  /** First item and the one after the last, by layer. */
  private readonly ranges = new Int32Array(MAX_RANGES * 2);
  private count = 0;
  private readonly box = new Int32Array(4);

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** A new draw list begins. */
  begin(): void {
    this.count = 0;
  }

  /** The items from `first` to the one before `end` are those of such a layer. */
  note(first: number, end: number): void {
    if (this.count === MAX_RANGES || first === end) return;
    this.ranges[this.count * 2] = first;
    this.ranges[this.count * 2 + 1] = end;
    this.count += 1;
  }

  /** Even rectangles inside the frame; the list is filled as far as it has room. */
  find(list: DrawList, bitmaps: BitmapTable, out: RectList): void {
    const { ranges, box } = this;
    out.clear();
    for (let r = 0; r < this.count; r += 1) {
      const end = ranges[r * 2 + 1]!;
      for (let i = ranges[r * 2]!; i < end && out.count < out.capacity; i += 1) {
        if (!this.isOpaque(list, i, bitmaps) || !this.visible(list, i, bitmaps, 1)) continue;
        const x0 = box[0]!;
        const y0 = box[1]!;
        const x1 = box[2]!;
        const y1 = box[3]!;
        if (!this.isCovered(list, bitmaps, end, x0, y0, x1, y1)) out.push(x0, y0, x1 - x0, y1 - y0);
      }
    }
  }

  private isOpaque(list: DrawList, i: number, bitmaps: BitmapTable): boolean {
    const at = i * DRAW_STRIDE;
    return list.items[at + DRAW.opacity] === 256 && bitmaps.get(list.items[at]!)?.opaque === true;
  }

  /** Whether an item from `first` on is drawn over a part of the rectangle. */
  private isCovered(
    list: DrawList,
    bitmaps: BitmapTable,
    first: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
  ): boolean {
    const { box } = this;
    for (let i = first; i < list.count; i += 1) {
      if (!this.visible(list, i, bitmaps, 0)) continue;
      if (box[0]! < x1 && box[1]! < y1 && x0 < box[2]! && y0 < box[3]!) return true;
    }
    return false;
  }

  /** The part of an item that shows, as edges into `box`; odd ones moved inwards by `inwards` 1, outwards by 0. */
  private visible(list: DrawList, i: number, bitmaps: BitmapTable, inwards: 0 | 1): boolean {
    const { box } = this;
    const { items } = list;
    const at = i * DRAW_STRIDE;
    const bitmap = bitmaps.get(items[at]!);
    if (bitmap === undefined || items[at + DRAW.opacity]! <= 0) return false;
    const x = items[at + DRAW.x]!;
    const y = items[at + DRAW.y]!;
    const clipX = items[at + DRAW.clipX]!;
    const clipY = items[at + DRAW.clipY]!;
    const out = 1 - inwards;
    box[0] = (Math.max(0, x, clipX) + inwards) & ~1;
    box[1] = (Math.max(0, y, clipY) + inwards) & ~1;
    box[2] = (Math.min(this.width, x + bitmap.width, clipX + items[at + DRAW.clipW]!) + out) & ~1;
    box[3] = (Math.min(this.height, y + bitmap.height, clipY + items[at + DRAW.clipH]!) + out) & ~1;
    return box[0]! < box[2]! && box[1]! < box[3]!;
  }
}
