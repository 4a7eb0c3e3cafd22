// frame path
import { DRAW, DRAW_STRIDE, RECT_STRIDE, type BitmapTable, type DrawList, RectList } from '../../core/media/picture.js';
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
