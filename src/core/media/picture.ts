import type { FrameIndex } from '../time.js';

/** Pictures on the frame path. All samples are 8 bit, BT.709 limited range (Y 16–235, UV 16–240). */

/**
 * Size in bytes of an I420 frame: Y (w·h), then U and V ((w/2)·(h/2) each), rows without padding.
 * Frame width and height are even.
 */
export const i420Size = (width: number, height: number): number => (width * height * 3) / 2;

/**
 * A layer's picture: premultiplied planar YUVA 4:2:0, made once per change of its content.
 *
 * Width and height are even (odd content gets a transparent column or row). The planes follow each other in `data`,
 * rows without padding: Y w·h · U w/2·h/2 · V w/2·h/2 · A w·h · AC w/2·h/2 (alpha at chroma size). Premultiplied means
 * each coded sample was multiplied by alpha/255 (the offset included), so that `out = src + dst·(255−a)/255`, rounded,
 * for luma and chroma alike. `data` is shared memory, so that threads pass it without copying.
 */
export interface YuvaBitmap {
  readonly width: number;
  readonly height: number;
  /** True when every alpha is 255; an opaque bitmap is copied, not blended. */
  readonly opaque: boolean;
  readonly data: Uint8Array<SharedArrayBuffer>;
}

/** Size in bytes of a YuvaBitmap's `data`. */
export const yuvaSize = (width: number, height: number): number => (width * height * 11) / 4;

/** Handle of a bitmap in a BitmapTable; unique within a room's life. */
export type BitmapId = number;

/** Integers per item of a DrawList. */
export const DRAW_STRIDE = 8;
/** Offsets within an item. Positions and clip are in canvas pixels. */
export const DRAW = { bitmap: 0, x: 1, y: 2, opacity: 3, clipX: 4, clipY: 5, clipW: 6, clipH: 7 } as const;

/**
 * The draw commands of one frame, bottom to top. Opacity is 0–256. x and y must be even because chroma has half the
 * size (for odd positions a layer keeps bitmaps shifted by one pixel). The clip is a canvas rectangle with even edges.
 */
export class DrawList {
  readonly items: Int32Array;
  count = 0;

  constructor(readonly capacity: number = 512) {
    this.items = new Int32Array(capacity * DRAW_STRIDE);
  }

  clear(): void {
    this.count = 0;
  }

  /** Returns false when the list is full and the item was dropped. */
  push(
    bitmap: BitmapId,
    x: number,
    y: number,
    opacity: number,
    clipX: number,
    clipY: number,
    clipW: number,
    clipH: number,
  ): boolean {
    if (this.count === this.capacity) return false;
    const at = this.count * DRAW_STRIDE;
    const items = this.items;
    items[at] = bitmap;
    items[at + 1] = x;
    items[at + 2] = y;
    items[at + 3] = opacity;
    items[at + 4] = clipX;
    items[at + 5] = clipY;
    items[at + 6] = clipW;
    items[at + 7] = clipH;
    this.count += 1;
    return true;
  }
}

/** Integers per rectangle of a RectList: x, y, width, height; all even, inside the frame. */
export const RECT_STRIDE = 4;

/** A bounded list of rectangles. A full list grows its last rectangle over each addition. */
export class RectList {
  readonly items: Int32Array;
  count = 0;

  constructor(readonly capacity: number = 32) {
    this.items = new Int32Array(capacity * RECT_STRIDE);
  }

  clear(): void {
    this.count = 0;
  }

  push(x: number, y: number, w: number, h: number): void {
    const items = this.items;
    if (this.count < this.capacity) {
      const at = this.count * RECT_STRIDE;
      items[at] = x;
      items[at + 1] = y;
      items[at + 2] = w;
      items[at + 3] = h;
      this.count += 1;
      return;
    }
    const at = (this.count - 1) * RECT_STRIDE;
    const right = Math.max(items[at]! + items[at + 2]!, x + w);
    const bottom = Math.max(items[at + 1]! + items[at + 3]!, y + h);
    items[at] = Math.min(items[at]!, x);
    items[at + 1] = Math.min(items[at + 1]!, y);
    items[at + 2] = right - items[at]!;
    items[at + 3] = bottom - items[at + 1]!;
  }
}

/** The bitmaps that a DrawList may name. Filled between frames, read by the frame path. */
export class BitmapTable {
  private readonly byId = new Map<BitmapId, YuvaBitmap>();

  set(id: BitmapId, bitmap: YuvaBitmap): void {
    this.byId.set(id, bitmap);
  }
  get(id: BitmapId): YuvaBitmap | undefined {
    return this.byId.get(id);
  }
  delete(id: BitmapId): void {
    this.byId.delete(id);
  }
}

let nextBitmapId = 1;
/** Allocates a bitmap handle. Only the control thread does so. */
export const newBitmapId = (): BitmapId => nextBitmapId++;

/** Draws the presenter: pushes its items for frame n, bottom to top. A pure function of n and the schedule. */
export interface PresenterPainter {
  paint(n: FrameIndex, list: DrawList): void;
  /** −256 left … 256 right: the slow part of the sway at a frame, which layers with a depth follow. */
  driftAt?(n: FrameIndex): number;
  /** Whether it shows film that changes all over, whose rate may be reduced; see `ClipRateControl`. */
  readonly playsFilm?: boolean;
  /** Whether all it shows are drawings judged before it came on; see `RestedTiles`. */
  readonly isDrawn?: boolean;
  /** Whether all it shows, for a second by now, are drawings of the engine's own parts; see `AdmittedTiles`. */
  readonly isAdmitted?: boolean;
  /** Film advances in the frames whose numbers are multiples of this. */
  filmStep?: number;
}
