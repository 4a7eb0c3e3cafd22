// frame path
import { type RectList, RECT_STRIDE } from './picture.js';

/**
 * Rectangles as a bit map of 32-pixel tiles. Unions of many frames' damage stay bounded, have no overlap and cost a few
 * hundred operations. A map lies inside a larger array at an offset, so that all maps of a pool are one allocation.
 */
export class TileGrid {
  readonly tile = 32;
  readonly rows: number;
  readonly columns: number;
  readonly wordsPerRow: number;
  /** Integers per map. */
  readonly words: number;
  private readonly openX: Int32Array;
  private readonly openW: Int32Array;
  private readonly openY: Int32Array;
  private readonly keep: Uint8Array;
  /** Of `groups`: the tiles not yet in a group, and tiles whose neighbours are still to be visited. */
  private readonly rest: Int32Array;
  private readonly stack: Int32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.columns = Math.ceil(width / this.tile);
    this.rows = Math.ceil(height / this.tile);
    this.wordsPerRow = Math.ceil(this.columns / 32);
    this.words = this.rows * this.wordsPerRow;
    this.openX = new Int32Array(this.columns + 2);
    this.openW = new Int32Array(this.columns + 2);
    this.openY = new Int32Array(this.columns + 2);
    this.keep = new Uint8Array(this.columns + 2);
    this.rest = new Int32Array(this.words);
    this.stack = new Int32Array(this.rows * this.columns);
  }

  /** Adds all tiles touched by one of the rectangles. */
  mark(map: Int32Array, at: number, rects: RectList): void {
    for (let i = 0; i < rects.count; i += 1) {
      const r = i * RECT_STRIDE;
      this.markRect(map, at, rects.items[r]!, rects.items[r + 1]!, rects.items[r + 2]!, rects.items[r + 3]!);
    }
  }

  markRect(map: Int32Array, at: number, x: number, y: number, w: number, h: number): void {
    if (w <= 0 || h <= 0) return;
    const x0 = Math.max(0, x >> 5);
    const y0 = Math.max(0, y >> 5);
    const x1 = Math.min(this.columns - 1, (x + w - 1) >> 5);
    const y1 = Math.min(this.rows - 1, (y + h - 1) >> 5);
    for (let row = y0; row <= y1; row += 1) {
      const base = at + row * this.wordsPerRow;
      for (let column = x0; column <= x1; column += 1) map[base + (column >> 5)]! |= 1 << (column & 31);
    }
  }

  /** Adds the tiles of one map to another. */
  add(map: Int32Array, at: number, from: Int32Array, fromAt: number): void {
    for (let i = 0; i < this.words; i += 1) map[at + i]! |= from[fromAt + i]!;
  }

  clear(map: Int32Array, at: number): void {
    for (let i = 0; i < this.words; i += 1) map[at + i] = 0;
  }

  /** Number of tiles in a map. */
  count(map: Int32Array, at: number): number {
    let sum = 0;
    for (let i = 0; i < this.words; i += 1) for (let bits = map[at + i]!; bits !== 0; bits &= bits - 1) sum += 1;
    return sum;
  }

  /** Tiles of map `a` that are (keep = true) or are not (keep = false) in map `b`, written to `out`. */
  filter(a: Int32Array, aAt: number, b: Int32Array, bAt: number, keep: boolean, out: Int32Array, outAt: number): void {
    const flip = keep ? 0 : -1;
    for (let i = 0; i < this.words; i += 1) out[outAt + i] = a[aAt + i]! & (b[bAt + i]! ^ flip);
  }

  /**
   * Writes the bounding box of each group of tiles that touch, at a corner too, grown by `margin` and cut at the frame. A list that
   * is full grows its last one.
   */
  groups(map: Int32Array, at: number, margin: number, out: RectList): void {
    const { rest, wordsPerRow } = this;
    out.clear();
    for (let i = 0; i < this.words; i += 1) rest[i] = map[at + i]!;
    for (let i = 0; i < this.words; i += 1) {
      while (rest[i] !== 0) {
        const bit = 31 - Math.clz32(rest[i]! & -rest[i]!);
        this.takeGroup(Math.floor(i / wordsPerRow), (i % wordsPerRow) * 32 + bit, margin, out);
      }
    }
  }

  /** Takes the group of one tile out of `rest`. */
  private takeGroup(row: number, column: number, margin: number, out: RectList): void {
    const { columns, rows, stack, tile } = this;
    let x0 = column;
    let x1 = column;
    let y0 = row;
    let y1 = row;
    let waiting = 0;
    if (this.takeTile(row, column)) stack[waiting++] = row * columns + column;
    while (waiting > 0) {
      waiting -= 1;
      const v = Math.floor(stack[waiting]! / columns);
      const u = stack[waiting]! % columns;
      x0 = Math.min(x0, u);
      x1 = Math.max(x1, u);
      y0 = Math.min(y0, v);
      y1 = Math.max(y1, v);
      for (let y = Math.max(0, v - 1); y <= Math.min(rows - 1, v + 1); y += 1) {
        for (let x = Math.max(0, u - 1); x <= Math.min(columns - 1, u + 1); x += 1) {
          if (this.takeTile(y, x)) stack[waiting++] = y * columns + x;
        }
      }
    }
    const left = Math.max(0, x0 * tile - margin);
    const top = Math.max(0, y0 * tile - margin);
    const right = Math.min(this.width, (x1 + 1) * tile + margin);
    out.push(left, top, right - left, Math.min(this.height, (y1 + 1) * tile + margin) - top);
  }

  private takeTile(row: number, column: number): boolean {
    const word = row * this.wordsPerRow + (column >> 5);
    const bit = 1 << (column & 31);
    if ((this.rest[word]! & bit) === 0) return false;
    this.rest[word]! &= ~bit;
    return true;
  }

  fill(map: Int32Array, at: number): void {
    this.markRect(map, at, 0, 0, this.width, this.height);
  }

  isEmpty(map: Int32Array, at: number): boolean {
    for (let i = 0; i < this.words; i += 1) if (map[at + i] !== 0) return false;
    return true;
  }

  /** True when the rectangle touches a tile of the map. */
  touches(map: Int32Array, at: number, x: number, y: number, w: number, h: number): boolean {
    const x0 = Math.max(0, x >> 5);
    const y0 = Math.max(0, y >> 5);
    const x1 = Math.min(this.columns - 1, (x + w - 1) >> 5);
    const y1 = Math.min(this.rows - 1, (y + h - 1) >> 5);
    for (let row = y0; row <= y1; row += 1) {
      const base = at + row * this.wordsPerRow;
      for (let column = x0; column <= x1; column += 1) {
        if (((map[base + (column >> 5)]! >>> (column & 31)) & 1) === 1) return true;
      }
    }
    return false;
  }

  /**
   * Writes the map as rectangles that do not overlap, clipped to the frame: runs of tiles, merged downwards where the
   * next row has the same run. A full list grows its last rectangle, so the result always covers the map.
   */
  toRects(map: Int32Array, at: number, out: RectList): void {
    out.clear();
    const { openX, openW, openY, keep, columns } = this;
    let open = 0;
    for (let row = 0; row <= this.rows; row += 1) {
      const base = at + row * this.wordsPerRow;
      for (let i = 0; i < open; i += 1) keep[i] = 0;
      let fresh = open;
      let column = row === this.rows ? columns : 0;
      while (column < columns) {
        if (((map[base + (column >> 5)]! >>> (column & 31)) & 1) === 0) {
          column += 1;
          continue;
        }
        const start = column;
        while (column < columns && ((map[base + (column >> 5)]! >>> (column & 31)) & 1) === 1) column += 1;
        let joined = false;
        for (let i = 0; i < open && !joined; i += 1) {
          if (openX[i] === start && openW[i] === column - start) {
            keep[i] = 1;
            joined = true;
          }
        }
        if (!joined) {
          openX[fresh] = start;
          openW[fresh] = column - start;
          openY[fresh] = row;
          keep[fresh] = 1;
          fresh += 1;
        }
      }
      let kept = 0;
      for (let i = 0; i < fresh; i += 1) {
        if (keep[i] === 1) {
          openX[kept] = openX[i]!;
          openW[kept] = openW[i]!;
          openY[kept] = openY[i]!;
          kept += 1;
        } else {
          const x = openX[i]! * 32;
          const y = openY[i]! * 32;
          const right = Math.min(this.width, x + openW[i]! * 32);
          out.push(x, y, right - x, Math.min(this.height, row * 32) - y);
        }
      }
      open = kept;
    }
  }
}
