// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { mergeRects } from '../../codescan/index.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

/**
 * Where a motion came to rest: tiles that changed in both frames before and no longer do.
 *
 * The problem: parts that move are read slice by slice, one slice in each frame of a cycle. Two harmless pieces that slide together over
 * tiles which changed all the time would show their code unread until the next slice, or not at all when they leave before
 * it. The rule: such tiles are read for every form of code in the first frame in which they rest, each at most once a second.
 * Single changes, as of a caption, were read as new. What only the engine's own drawings move is left out: they hold no
 * code, a presenter stops and starts all the time, and half of the scan would go into reading its clothes again.
 */
export class RestedTiles {
  private readonly maps: Int32Array;
  private readonly changed = 0;
  private readonly moving: number;
  private readonly readAtRest: number;
  private readonly rested: number;
  private readonly others: number;

  constructor(
    private readonly grid: TileGrid,
    private readonly secondFrames: number,
  ) {
    const { words } = grid;
    this.moving = words;
    this.readAtRest = words * 2;
    this.rested = words * 3;
    this.others = words * 4;
    this.maps = new Int32Array(words * 5);
  }

  /**
   * Adds the tiles that rest in this frame to those which are read as new at `newAt`; `changedAt`: the frame's own changes;
   * `moved`: those that count as motion, by default all. `repeats`: the picture of the frame before stands, so what moved up to
   * it rests, and what moves on in the next drawn frame has not stopped.
   */
  add(sequence: number, tiles: Int32Array, changedAt: number, newAt: number, moved?: RectList, repeats = false): void {
    const { grid, maps, changed, moving, readAtRest, rested, others } = this;
    if (repeats) {
      if (sequence % this.secondFrames === 0) grid.clear(maps, readAtRest);
      for (let i = 0; i < grid.words; i += 1) maps[rested + i] = maps[moving + i]! & ~maps[readAtRest + i]!;
      if (grid.isEmpty(maps, rested)) return;
      grid.add(maps, readAtRest, maps, rested);
      grid.add(tiles, newAt, maps, rested);
      return;
    }
    if (moved !== undefined) {
      grid.clear(maps, others);
      grid.mark(maps, others, moved);
    }
    const full = sequence % this.secondFrames === 0;
    if (full) grid.clear(maps, readAtRest);
    for (let i = 0; i < grid.words; i += 1) {
      const counted = moved === undefined ? -1 : maps[others + i]!;
      // The changes of a full second's frame include areas that carry their admission's verdict.
      const now = tiles[changedAt + i]! & counted & (full ? maps[changed + i]! : -1);
      maps[rested + i] = maps[moving + i]! & ~now & ~maps[readAtRest + i]!;
      maps[moving + i] = now & maps[changed + i]!;
      maps[changed + i] = now;
    }
    if (grid.isEmpty(maps, rested)) return;
    grid.add(maps, readAtRest, maps, rested);
    grid.add(tiles, newAt, maps, rested);
  }
}

const MAX_OPEN = 64;
/** Pieces of one rectangle around settled tiles. */
const MAX_REST = 6;

/**
 * The part of a frame's damage that has to be scanned.
 *
 * The problem: a ticker changes every pixel of its strip in every frame, and a drawn presenter a third of the picture; what they show was
 * judged before it came on. The rule: damage inside a settled area carries the admission's verdict and is left out; a rectangle that
 * settled areas cover in part is cut to what they leave of it, in tiles. What was left out is kept as tiles, and once a second all of
 * it is read again (`swept`), so that what two admitted layers make together is seen.
 */
export class OpenDamage {
  private readonly list = new RectList(MAX_OPEN);
  private readonly held = new RectList(MAX_OPEN >> 1);
  /** Tiles that lie in settled areas as a whole, in this frame. */
  private readonly settledTiles: Int32Array;
  private hasTiles = false;
  /** Of one rectangle: the tiles that are not settled. */
  private readonly restTiles: Int32Array;
  private readonly rest = new RectList(MAX_REST);

  /** Tiles of the result are written at `open` of `maps`, tiles held back at `heldAt`, those that are read again at `sweptAt`. */
  constructor(
    private readonly grid: TileGrid,
    private readonly maps: Int32Array,
    private readonly open: number,
    private readonly heldAt: number,
    private readonly sweptAt: number,
  ) {
    this.settledTiles = new Int32Array(grid.words);
    this.restTiles = new Int32Array(grid.words);
  }

  /**
   * The damage outside of `settled`; `full`: earlier omissions and those of this frame are added to it, and written to `swept`. Valid
   * until the next call.
   */
  take(damage: RectList, settled: RectList | undefined, full: boolean): RectList {
    const { grid, maps, list, held } = this;
    list.clear();
    this.markSettled(settled);
    for (let i = 0; i < damage.count; i += 1) {
      const r = i * RECT_STRIDE;
      const { items } = damage;
      this.add(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!, settled);
    }
    grid.clear(maps, this.open);
    grid.mark(maps, this.open, list);
    grid.clear(maps, this.sweptAt);
    if (full) {
      grid.toRects(maps, this.heldAt, held);
      for (let r = 0; r < held.count * RECT_STRIDE; r += RECT_STRIDE) {
        list.push(held.items[r]!, held.items[r + 1]!, held.items[r + 2]!, held.items[r + 3]!);
      }
      mergeRects(list);
      grid.add(maps, this.sweptAt, maps, this.heldAt);
      grid.clear(maps, this.heldAt);
    }
    return list;
  }

  private markSettled(settled: RectList | undefined): void {
    const { grid, settledTiles } = this;
    grid.clear(settledTiles, 0);
    this.hasTiles = false;
    const count = settled === undefined ? 0 : settled.count;
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      const { items } = settled!;
      const x = items[r]!;
      const y = items[r + 1]!;
      const left = (x + grid.tile - 1) >> 5;
      const top = (y + grid.tile - 1) >> 5;
      const right = x + items[r + 2]! >= grid.width ? grid.columns : (x + items[r + 2]!) >> 5;
      const bottom = y + items[r + 3]! >= grid.height ? grid.rows : (y + items[r + 3]!) >> 5;
      if (left >= right || top >= bottom) continue;
      this.hasTiles = true;
      grid.markRect(settledTiles, 0, left << 5, top << 5, (right - left) << 5, (bottom - top) << 5);
    }
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
    if (this.hasTiles) this.addRest(left, top, right, bottom);
    else this.list.push(left, top, right - left, bottom - top);
  }

  /** Adds the tiles of a rectangle that are not settled, cut to it; the others are held. */
  private addRest(left: number, top: number, right: number, bottom: number): void {
    const { grid, settledTiles, restTiles, rest, list } = this;
    grid.clear(restTiles, 0);
    let isWhole = true;
    for (let row = top >> 5; row << 5 < bottom; row += 1) {
      for (let column = left >> 5; column << 5 < right; column += 1) {
        const at = row * grid.wordsPerRow + (column >> 5);
        const bit = 1 << (column & 31);
        if ((settledTiles[at]! & bit) !== 0) isWhole = false;
        else restTiles[at]! |= bit;
      }
    }
    if (isWhole) {
      list.push(left, top, right - left, bottom - top);
      return;
    }
    this.hold(left, top, right, bottom);
    // Full, its last rectangle covers all that found no room.
    grid.toRects(restTiles, 0, rest);
    for (let r = 0; r < rest.count * RECT_STRIDE; r += RECT_STRIDE) {
      const { items } = rest;
      const x = Math.max(left, items[r]!);
      const y = Math.max(top, items[r + 1]!);
      list.push(
        x,
        y,
        Math.min(right, items[r]! + items[r + 2]!) - x,
        Math.min(bottom, items[r + 1]! + items[r + 3]!) - y,
      );
    }
  }

  private hold(left: number, top: number, right: number, bottom: number): void {
    this.grid.markRect(this.maps, this.heldAt, left, top, right - left, bottom - top);
  }
}
