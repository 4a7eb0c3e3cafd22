// frame path
import { type BitmapTable, DRAW, DRAW_STRIDE, type DrawList, RECT_STRIDE, RectList } from '../../core/media/picture.js';
import { TileGrid } from '../../core/media/tile-grid.js';

const MAX_RANGES = 128;
/** Pixels around a tile in which nothing else may be drawn: the margin of the scan. */
const MARGIN = 20;

/** What a layer shows. `picture`: one picture that was admitted and stands at its own size. `own`: a drawing of the engine. */
export const SHOWS = { other: 0, picture: 1, own: 2 } as const;

/**
 * Where drawings of the engine move before one admitted picture.
 *
 * The problem: a presenter changes a third of the picture all the time, and its drawings hold no code: the engine made them. The rule: a
 * tile carries that admission when nothing is drawn in it, and twenty pixels around, but the drawings of at most two of the engine's
 * own layers (presenter, assistant, a sticker of the package) and below them one admitted picture that covers all of it and did not
 * change in this frame. Where a second picture, a clip, words, or a layer that comes or leaves is near, two admitted things may make a
 * code together, so that tile is scanned. `ScanPlan` reads admitted areas once a second.
 */
export class AdmittedTiles {
  private readonly grid: TileGrid;
  /** First item, the one after the last, and one of SHOWS, by layer. */
  private readonly ranges = new Int32Array(MAX_RANGES * 3);
  private count = 0;
  private readonly box = new Int32Array(4);
  private readonly maps: Int32Array;
  private readonly pictures = 0;
  /** Tiles with one own layer, with two, with more. */
  private readonly one: number;
  private readonly two: number;
  private readonly many: number;
  /** Of the layer whose items are taken. */
  private readonly layer: number;
  /** Where own layers are, and were in the frame before. */
  private readonly reach: number;
  private readonly before: number;
  private readonly rects = new RectList(512);

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.grid = new TileGrid(width, height);
    const { words } = this.grid;
    this.one = words;
    this.two = words * 2;
    this.many = words * 3;
    this.layer = words * 4;
    this.reach = words * 5;
    this.before = words * 6;
    this.maps = new Int32Array(words * 7);
  }

  /** A new draw list begins. */
  begin(): void {
    this.count = 0;
  }

  /** The items from `first` to the one before `end` are those of a layer that shows this. Items of no layer are `other`. */
  note(first: number, end: number, shows: number): void {
    if (this.count === MAX_RANGES || first === end) return;
    const at = this.count * 3;
    this.ranges[at] = first;
    this.ranges[at + 1] = end;
    this.ranges[at + 2] = shows;
    this.count += 1;
  }

  /** Adds the tiles as rectangles, as far as `out` has room; `moved`: what other layers changed in this frame. */
  addTo(list: DrawList, bitmaps: BitmapTable, moved: RectList, out: RectList): void {
    const { grid, maps, ranges, pictures, one, two, many, reach, before, rects } = this;
    maps.copyWithin(before, reach, before);
    maps.fill(0, 0, reach);
    let range = 0;
    for (let i = 0; i < list.count; i += 1) {
      // Layers without items are not noted, so at most one ends here.
      if (range < this.count && ranges[range * 3 + 1]! <= i) {
        this.endLayer();
        range += 1;
      }
      const isNoted = range < this.count && ranges[range * 3]! <= i;
      this.take(list, i, bitmaps, isNoted ? ranges[range * 3 + 2]! : SHOWS.other);
    }
    this.endLayer();
    for (let r = 0; r < moved.count * RECT_STRIDE; r += RECT_STRIDE) {
      const { items } = moved;
      this.close(items[r]!, items[r + 1]!, items[r]! + items[r + 2]!, items[r + 1]! + items[r + 3]!);
    }
    for (let i = 0; i < grid.words; i += 1) {
      maps[reach + i] = maps[one + i]! | maps[two + i]! | maps[many + i]!;
      maps[pictures + i]! &= (maps[reach + i]! | maps[before + i]!) & ~maps[many + i]!;
    }
    if (grid.isEmpty(maps, pictures)) return;
    grid.toRects(maps, pictures, rects);
    // Full, its last one covers more than the tiles.
    if (rects.count === rects.capacity) return;
    for (let r = 0; r < rects.count * RECT_STRIDE && out.count < out.capacity; r += RECT_STRIDE) {
      out.push(rects.items[r]!, rects.items[r + 1]!, rects.items[r + 2]!, rects.items[r + 3]!);
    }
  }

  private take(list: DrawList, i: number, bitmaps: BitmapTable, shows: number): void {
    const { box, grid, maps } = this;
    const at = i * DRAW_STRIDE;
    const { items } = list;
    const bitmap = bitmaps.get(items[at]!);
    const opacity = items[at + DRAW.opacity]!;
    if (bitmap === undefined || opacity <= 0) return;
    const x = items[at + DRAW.x]!;
    const y = items[at + DRAW.y]!;
    const clipX = items[at + DRAW.clipX]!;
    const clipY = items[at + DRAW.clipY]!;
    box[0] = Math.max(0, x, clipX);
    box[1] = Math.max(0, y, clipY);
    box[2] = Math.min(this.width, x + bitmap.width, clipX + items[at + DRAW.clipW]!);
    box[3] = Math.min(this.height, y + bitmap.height, clipY + items[at + DRAW.clipH]!);
    if (box[0]! >= box[2]! || box[1]! >= box[3]!) return;
    if (shows === SHOWS.own) {
      grid.markRect(maps, this.layer, box[0]!, box[1]!, box[2]! - box[0]!, box[3]! - box[1]!);
      return;
    }
    this.close(box[0]!, box[1]!, box[2]!, box[3]!);
    if (opacity === 256 && shows === SHOWS.picture && bitmap.opaque) this.open();
  }

  /** Counts the tiles of one own layer. */
  private endLayer(): void {
    const { grid, maps, one, two, many, layer } = this;
    for (let i = 0; i < grid.words; i += 1) {
      const tiles = maps[layer + i]!;
      maps[many + i]! |= maps[two + i]! & tiles;
      maps[two + i]! |= maps[one + i]! & tiles;
      maps[one + i]! |= tiles;
      maps[layer + i] = 0;
    }
  }

  /** Takes out the tiles near a rectangle. */
  private close(x0: number, y0: number, x1: number, y1: number): void {
    const { grid, maps, pictures } = this;
    const { columns, rows, wordsPerRow } = grid;
    const right = Math.min(columns - 1, (x1 + MARGIN - 1) >> 5);
    const bottom = Math.min(rows - 1, (y1 + MARGIN - 1) >> 5);
    for (let row = Math.max(0, (y0 - MARGIN) >> 5); row <= bottom; row += 1) {
      for (let column = Math.max(0, (x0 - MARGIN) >> 5); column <= right; column += 1) {
        maps[pictures + row * wordsPerRow + (column >> 5)]! &= ~(1 << (column & 31));
      }
    }
  }

  /** Puts in the tiles that the rectangle in `box` covers with the margin, as far as that is in the frame. */
  private open(): void {
    const { box, grid, maps, pictures } = this;
    const x0 = box[0]! === 0 ? 0 : box[0]! + MARGIN;
    const y0 = box[1]! === 0 ? 0 : box[1]! + MARGIN;
    const x1 = box[2]! === this.width ? grid.columns * grid.tile : box[2]! - MARGIN;
    const y1 = box[3]! === this.height ? grid.rows * grid.tile : box[3]! - MARGIN;
    for (let row = (y0 + 31) >> 5; (row + 1) << 5 <= y1; row += 1) {
      for (let column = (x0 + 31) >> 5; (column + 1) << 5 <= x1; column += 1) {
        maps[pictures + row * grid.wordsPerRow + (column >> 5)]! |= 1 << (column & 31);
      }
    }
  }
}

/*
 * Problem: encoder and code scan pay for every damaged pixel, yet a skipped area must be provably unchanged.
 *
 * Rule: both lists are walked in order. A new item that equals an old one in all eight numbers, behind the last such
 * pair, is unchanged; everything else in either list is damage over its visible rectangle. Outside those rectangles
 * both frames are the same items in the same order, so every pixel is the same.
 *
 * Numbers: two rectangles are joined only when the union adds at most SLACK pixels to their separate areas; distant
 * rectangles stay apart. At most MAX_RECTS are kept; beyond that the pair whose union adds the fewest pixels is joined.
 */
const MAX_RECTS = 48;
const SLACK = 256;
/** Of the damage without drawn presenters; more is covered by the last. */
const MAX_MOVED = 32;

/** Remembers the last draw list and computes where the next one differs. */
export class DamageTracker {
  private readonly last: Int32Array;
  /** Visible rectangle (x, y, right, bottom) of each remembered item. */
  private readonly lastRects: Int32Array;
  private readonly lastDrawn: Uint8Array;
  private lastCount = -1;
  /** The damage without that of items marked as drawn. */
  private readonly moved = new RectList(MAX_MOVED);
  private readonly rects = new Int32Array((MAX_RECTS + 1) * 4);
  private count = 0;
  private readonly box = new Int32Array(4);

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly capacity: number,
  ) {
    this.last = new Int32Array(capacity * DRAW_STRIDE);
    this.lastRects = new Int32Array(capacity * 4);
    this.lastDrawn = new Uint8Array(capacity);
  }

  /**
   * Takes the next frame's list; `damage` then holds the difference from the previous frame. `drawn`: 1 for items of drawn
   * presenters, whose changes `movedBy` leaves out.
   */
  advance(list: DrawList, bitmaps: BitmapTable, drawn?: Uint8Array): void {
    const { last, lastRects, lastDrawn, moved } = this;
    const count = Math.min(list.count, this.capacity);
    this.count = 0;
    moved.clear();
    if (this.lastCount < 0) {
      this.add(0, 0, this.width, this.height);
      moved.push(0, 0, this.width, this.height);
    } else {
      let p = 0;
      for (let j = 0; j < count; j += 1) {
        let k = p;
        while (k < this.lastCount && !this.same(list.items, j, k)) k += 1;
        if (k < this.lastCount) {
          for (; p < k; p += 1) this.addOld(p);
          p = k + 1;
        } else if (this.visible(list.items, j, bitmaps)) {
          this.add(this.box[0]!, this.box[1]!, this.box[2]!, this.box[3]!);
          if (drawn?.[j] !== 1) this.addMoved(this.box, 0);
        }
      }
      for (; p < this.lastCount; p += 1) this.addOld(p);
    }
    for (let j = 0; j < count; j += 1) {
      if (!this.visible(list.items, j, bitmaps)) this.box.fill(0);
      for (let i = 0; i < 4; i += 1) lastRects[j * 4 + i] = this.box[i]!;
    }
    for (let i = 0; i < count * DRAW_STRIDE; i += 1) last[i] = list.items[i]!;
    for (let i = 0; i < count; i += 1) lastDrawn[i] = drawn?.[i] ?? 0;
    this.lastCount = count;
  }

  /** Even rectangles that cover every changed pixel; none when the frames are equal. */
  damage(out: RectList): void {
    out.clear();
    while (this.count > out.capacity) this.joinCheapest();
    for (let i = 0; i < this.count; i += 1) {
      const at = i * RECT_STRIDE;
      const x = this.rects[at]!;
      const y = this.rects[at + 1]!;
      out.push(x, y, this.rects[at + 2]! - x, this.rects[at + 3]! - y);
    }
  }

  /** The damage that items other than those of drawn presenters made. */
  movedBy(out: RectList): void {
    out.clear();
    const { items, count } = this.moved;
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE)
      out.push(items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!);
  }

  private same(items: Int32Array, j: number, k: number): boolean {
    const a = j * DRAW_STRIDE;
    const b = k * DRAW_STRIDE;
    for (let i = 0; i < DRAW_STRIDE; i += 1) if (items[a + i] !== this.last[b + i]) return false;
    return true;
  }

  /** Writes the visible part of an item into `box`, edges even, inside the frame. */
  private visible(items: Int32Array, j: number, bitmaps: BitmapTable): boolean {
    const at = j * DRAW_STRIDE;
    const bitmap = bitmaps.get(items[at]!);
    if (bitmap === undefined || items[at + DRAW.opacity]! <= 0) return false;
    const x = items[at + DRAW.x]!;
    const y = items[at + DRAW.y]!;
    const cx = items[at + DRAW.clipX]!;
    const cy = items[at + DRAW.clipY]!;
    const box = this.box;
    box[0] = Math.max(0, x, cx) & ~1;
    box[1] = Math.max(0, y, cy) & ~1;
    box[2] = Math.min(this.width, x + bitmap.width, cx + items[at + DRAW.clipW]! + 1) & ~1;
    box[3] = Math.min(this.height, y + bitmap.height, cy + items[at + DRAW.clipH]! + 1) & ~1;
    return box[0] < box[2] && box[1] < box[3];
  }

  private addOld(p: number): void {
    const r = this.lastRects;
    const at = p * 4;
    if (r[at + 2]! <= r[at]!) return;
    this.add(r[at]!, r[at + 1]!, r[at + 2]!, r[at + 3]!);
    if (this.lastDrawn[p] !== 1) this.addMoved(r, at);
  }

  private addMoved(edges: Int32Array, at: number): void {
    const x = edges[at]!;
    const y = edges[at + 1]!;
    this.moved.push(x, y, edges[at + 2]! - x, edges[at + 3]! - y);
  }

  private add(x0: number, y0: number, x1: number, y1: number): void {
    const r = this.rects;
    let left = x0;
    let top = y0;
    let right = x1;
    let bottom = y1;
    for (let i = 0; i < this.count;) {
      const at = i * 4;
      const l = Math.min(left, r[at]!);
      const t = Math.min(top, r[at + 1]!);
      const rt = Math.max(right, r[at + 2]!);
      const b = Math.max(bottom, r[at + 3]!);
      const apart = (r[at + 2]! - r[at]!) * (r[at + 3]! - r[at + 1]!) + (right - left) * (bottom - top);
      if ((rt - l) * (b - t) <= apart + SLACK) {
        left = l;
        top = t;
        right = rt;
        bottom = b;
        this.remove(i);
        i = 0;
      } else {
        i += 1;
      }
    }
    const at = this.count * 4;
    r[at] = left;
    r[at + 1] = top;
    r[at + 2] = right;
    r[at + 3] = bottom;
    this.count += 1;
    if (this.count > MAX_RECTS) this.joinCheapest();
  }

  private remove(i: number): void {
    this.count -= 1;
    for (let c = 0; c < 4; c += 1) this.rects[i * 4 + c] = this.rects[this.count * 4 + c]!;
  }

  private joinCheapest(): void {
    const r = this.rects;
    let best = Number.MAX_SAFE_INTEGER;
    let bi = 0;
    let bj = 1;
    for (let i = 0; i < this.count; i += 1) {
      for (let j = i + 1; j < this.count; j += 1) {
        const cost = this.unionCost(i * 4, j * 4);
        if (cost < best) {
          best = cost;
          bi = i;
          bj = j;
        }
      }
    }
    const x0 = Math.min(r[bi * 4]!, r[bj * 4]!);
    const y0 = Math.min(r[bi * 4 + 1]!, r[bj * 4 + 1]!);
    const x1 = Math.max(r[bi * 4 + 2]!, r[bj * 4 + 2]!);
    const y1 = Math.max(r[bi * 4 + 3]!, r[bj * 4 + 3]!);
    this.remove(bj);
    this.remove(bi);
    this.add(x0, y0, x1, y1);
  }

  private unionCost(a: number, b: number): number {
    const r = this.rects;
    const w = Math.max(r[a + 2]!, r[b + 2]!) - Math.min(r[a]!, r[b]!);
    const h = Math.max(r[a + 3]!, r[b + 3]!) - Math.min(r[a + 1]!, r[b + 1]!);
    return w * h - (r[a + 2]! - r[a]!) * (r[a + 3]! - r[a + 1]!) - (r[b + 2]! - r[b]!) * (r[b + 3]! - r[b + 1]!);
  }
}
