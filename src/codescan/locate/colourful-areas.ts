import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { mergeRects } from '../pipeline/rect-lists.js';
import type { AreaScan } from '../pipeline/scan-areas.js';

/** Chroma samples around an area. */
const MARGIN = 16;
const MAX_AREAS = 12;

/**
 * Finds where colours alternate within a box. Each area is separate, as anything else in the box would fill the lists
 * of locators.
 */
export class ColourfulAreas {
  private readonly box = new RectList(1);
  private readonly found = new RectList(MAX_AREAS);

  constructor(
    private readonly cbAreas: AreaScan,
    private readonly crAreas: AreaScan,
  ) {}

  /**
   * In planes of `width` × `height` samples; the box in luma pixels, the areas in chroma samples, valid until the next
   * call.
   */
  find(cb: Uint8Array, cr: Uint8Array, width: number, height: number, luma: Int32Array): RectList {
    const { box, found } = this;
    const [bx = 0, by = 0, bw = 0, bh = 0] = luma;
    const right = Math.min((bx + bw + 1) >> 1, width);
    const bottom = Math.min((by + bh + 1) >> 1, height);
    box.clear();
    box.push(bx, by, bw, bh);
    found.clear();
    this.add(this.cbAreas.find(cb, box, 2), bx >> 1, by >> 1, right, bottom);
    this.add(this.crAreas.find(cr, box, 2), bx >> 1, by >> 1, right, bottom);
    mergeRects(found);
    return found;
  }

  private add({ items, count }: RectList, left: number, top: number, right: number, bottom: number): void {
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.max(left, items[r]! - MARGIN);
      const y = Math.max(top, items[r + 1]! - MARGIN);
      const w = Math.min(right, items[r]! + items[r + 2]! + MARGIN) - x;
      const h = Math.min(bottom, items[r + 1]! + items[r + 3]! + MARGIN) - y;
      if (w > 0 && h > 0) this.found.push(x, y, w, h);
    }
  }
}
