// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { mergeRects } from '../../codescan/index.js';
import type { TileGrid } from './buffers/tile-grid.js';

const MAX_OPEN = 64;

/**
 * The part of a frame's damage that has to be scanned.
 *
 * The problem: a ticker changes every pixel of its strip in every frame, and its content was judged before it came on. The rule: damage
 * inside a settled area carries the admission's verdict and is left out; a rectangle that a settled area covers in part is cut where
 * the rest is one rectangle, and kept whole otherwise. What was left out is kept as tiles, and once a second all of it is damage
 * again, so that what two admitted layers make together is seen.
 */
export class OpenDamage {
  private readonly list = new RectList(MAX_OPEN);
  private readonly held = new RectList(MAX_OPEN >> 1);

  /** Tiles of the result are written at `open` of `maps`, tiles held back at `heldAt`. */
  constructor(
    private readonly grid: TileGrid,
    private readonly maps: Int32Array,
    private readonly open: number,
    private readonly heldAt: number,
  ) {}

  /** The damage outside of `settled`; `full`: nothing is left out, and earlier omissions are added. Valid until the next call. */
  take(damage: RectList, settled: RectList | undefined, full: boolean): RectList {
    const { grid, maps, list, held } = this;
    list.clear();
    for (let i = 0; i < damage.count; i += 1) {
      const r = i * RECT_STRIDE;
      const { items } = damage;
      this.add(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!, full ? undefined : settled);
    }
    if (full) {
      grid.toRects(maps, this.heldAt, held);
      for (let r = 0; r < held.count * RECT_STRIDE; r += RECT_STRIDE) {
        list.push(held.items[r]!, held.items[r + 1]!, held.items[r + 2]!, held.items[r + 3]!);
      }
      mergeRects(list);
      grid.clear(maps, this.heldAt);
    }
    grid.clear(maps, this.open);
    grid.mark(maps, this.open, list);
    return list;
  }

  /** Adds the part of a rectangle outside of the settled areas. */
  private add(x: number, y: number, w: number, h: number, settled: RectList | undefined): void {
    let left = x;
    let top = y;
    let right = x + w;
    let bottom = y + h;
    const count = settled === undefined ? 0 : settled.count;
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      const { items } = settled!;
      const x0 = items[r]!;
      const y0 = items[r + 1]!;
      const x1 = x0 + items[r + 2]!;
      const y1 = y0 + items[r + 3]!;
      if (x0 >= right || y0 >= bottom || x1 <= left || y1 <= top) continue;
      const isWide = x0 <= left && x1 >= right;
      const isHigh = y0 <= top && y1 >= bottom;
      if (isWide && isHigh) {
        this.hold(left, top, right, bottom);
        return;
      }
      if (isWide && y0 <= top) {
        this.hold(left, top, right, y1);
        top = y1;
      } else if (isWide && y1 >= bottom) {
        this.hold(left, y0, right, bottom);
        bottom = y0;
      } else if (isHigh && x0 <= left) {
        this.hold(left, top, x1, bottom);
        left = x1;
      } else if (isHigh && x1 >= right) {
        this.hold(x0, top, right, bottom);
        right = x0;
      }
    }
    this.list.push(left, top, right - left, bottom - top);
  }

  private hold(left: number, top: number, right: number, bottom: number): void {
    this.grid.markRect(this.maps, this.heldAt, left, top, right - left, bottom - top);
  }
}
