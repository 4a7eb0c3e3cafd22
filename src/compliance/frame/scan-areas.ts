import { ALL_OUTLINES, type Kernels, OUTLINE, TEXTURE_AREAS, TEXTURE_OUT, TEXTURE_STRIDE } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { stretchPlane } from './plane-filters.js';
import { CleanMemo } from './scan-memo.js';
import type { CodeSymbol } from './symbol.js';
import { barsAngle, turnArea } from './turned-bars.js';
import type { ZxingReader } from './zxing-reader.js';

/** Turns in chroma are smaller: colours of equal luma differ by 40 and more. */
const SWING = { luma: 24, chroma: 16 };
/** Pixels of the level around an area, for the quiet zone. */
const MARGIN = 12;
const MAX_AREAS = TEXTURE_AREAS;
/** A picture that is too fine to be a code is looked at again at half its size, so many times. */
const MAX_HALVINGS = 2;
const LEAST_SIDE = 32;

/** Gets the symbols of a reading; their pixels × `scale` + (dx, dy) are the plane's. True when one is a code. */
export type TakeSymbols = (symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number) => boolean;

type AreaKernels = Pick<Kernels, 'findTexture' | 'shrinkRect' | 'outlineKinds'>;

interface Stage {
  readonly width: number;
  readonly height: number;
  /** The plane at this stage's size; the first stage has the plane itself. */
  readonly plane: Uint8Array;
}

/**
 * Reads, for every form of code, the code-like areas that touch what changed in one plane.
 *
 * An area whose very pixels were read as clean before is not read again: a scene comes back to the same
 * pictures all the time. Areas of large modules are read at half and quarter size, unless a finer area that
 * contains them was read already, as the reader takes large modules there too.
 *
 * What goes on moving is mostly letters, a face and products, and a reading costs 25 to 60 ns a pixel. So what has its turn, as
 * opposed to what is new, is asked for the marks of a code first (2 to 4 ns): of 327 codes of the bench that were read in
 * cut-outs 326 bore one.
 */
export class AreaScan {
  /** The areas of the last plane, in its pixels. */
  readonly boxes = new RectList(MAX_AREAS);
  /** Those of them that were read for every form, now or when they looked the same. */
  readonly done = new RectList(MAX_AREAS);
  /** Those of them that hold a code. Another may stand beside it, unread. */
  readonly withCode = new RectList(8);
  reads = 0;
  /** Bits of the marks that an area is known to bear, where those are asked for. */
  marked = 0;
  private unread = false;
  private wasRead = false;
  private readonly part = new Int32Array(4);
  private atOnce: RectList | undefined;
  private readonly stages: Stage[];
  private readonly found = new Int32Array(TEXTURE_OUT);
  private readonly memo = new CleanMemo();

  constructor(
    private readonly kernels: AreaKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    private readonly kind: 'luma' | 'chroma',
    private readonly crop: Uint8Array,
  ) {
    this.stages = [];
    let [w, h] = [width, height];
    for (let i = 0; i <= MAX_HALVINGS && w >= LEAST_SIDE && h >= LEAST_SIDE; i += 1) {
      this.stages.push({ width: w, height: h, plane: new Uint8Array(i === 0 ? 0 : w * h) });
      w >>= 1;
      h >>= 1;
    }
  }

  /**
   * Reads every area that touches one of `rects` (in pixels of the plane × `scale`); what touches none of `atOnce` only where it
   * bears a mark. The plane may be smaller than it was made for.
   */
  run(
    plane: Uint8Array,
    rects: RectList,
    scale: number,
    take: TakeSymbols,
    width = this.width,
    height = this.height,
    atOnce: RectList = rects,
  ): void {
    this.boxes.clear();
    this.done.clear();
    this.atOnce = atOnce === rects ? undefined : atOnce;
    this.withCode.clear();
    this.reads = 0;
    if (rects.count === 0) return;
    let from = plane;
    let [w, h] = [width, height];
    for (const [i, stage] of this.stages.entries()) {
      if (i > 0) {
        this.kernels.shrinkRect(from, w, 0, 0, w, h, 1, stage.plane);
        from = stage.plane;
        w >>= 1;
        h >>= 1;
      }
      if (w < LEAST_SIDE || h < LEAST_SIDE || !this.scanStage(w, h, from, i, rects, scale << i, take)) return;
    }
  }

  /** The areas that touch `rects`, not read; until the next call. */
  find(plane: Uint8Array, rects: RectList, scale: number): RectList {
    this.unread = true;
    this.run(plane, rects, scale, () => false);
    this.unread = false;
    return this.boxes;
  }

  /** Returns whether something was too fine to be a code at this size. */
  private scanStage(
    width: number,
    height: number,
    plane: Uint8Array,
    halved: number,
    rects: RectList,
    scale: number,
    take: TakeSymbols,
  ): boolean {
    const { found, boxes, done, withCode } = this;
    const first = boxes.count;
    const count = this.kernels.findTexture(plane, width, height, SWING[this.kind], rects, scale, found);
    for (let i = 0; i < count; i += 1) {
      const [level = 0, left = 0, top = 0, w0 = 0, h0 = 0] = found.subarray(1 + i * TEXTURE_STRIDE);
      const margin = MARGIN << level;
      const x = Math.max(0, left - margin);
      const y = Math.max(0, top - margin);
      const w = Math.min(width, left + w0 + margin) - x;
      const h = Math.min(height, top + h0 + margin) - y;
      if (this.isRead(first, x << halved, y << halved, w << halved, h << halved)) continue;
      boxes.push(x << halved, y << halved, w << halved, h << halved);
      if (this.unread) continue;
      // A code that is new is not much larger than what is new, however far what alternates reaches.
      const part = this.partAtOnce(x, y, w, h, margin, scale);
      const isWhole = part[2]! * part[3]! * 2 > w * h;
      let code = false;
      if (part[2]! > 0 && !isWhole) {
        const [px = 0, py = 0, pw = 0, ph = 0] = part;
        code = this.holdsCode(plane, width, px, py, pw, ph, level, 1 << halved, true, take);
        if (this.wasRead) done.push(px << halved, py << halved, pw << halved, ph << halved);
      }
      code = this.holdsCode(plane, width, x, y, w, h, level, 1 << halved, isWhole, take) || code;
      if (this.wasRead) done.push(x << halved, y << halved, w << halved, h << halved);
      if (code) withCode.push(x << halved, y << halved, w << halved, h << halved);
    }
    return found[0] === 1;
  }

  /** The part of an area around what is read whether it bears a mark or not; width 0: none. The rectangles are `scale` times as large. */
  private partAtOnce(x: number, y: number, w: number, h: number, margin: number, scale: number): Int32Array {
    const { atOnce, part } = this;
    part.set([x, y, w, h]);
    if (atOnce === undefined) return part;
    const { items, count } = atOnce;
    let [left, top, right, bottom] = [x + w, y + h, x, y];
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE) {
      const x0 = Math.floor(items[r]! / scale);
      const y0 = Math.floor(items[r + 1]! / scale);
      const x1 = Math.ceil((items[r]! + items[r + 2]!) / scale);
      const y1 = Math.ceil((items[r + 1]! + items[r + 3]!) / scale);
      if (x0 >= x + w || y0 >= y + h || x1 <= x || y1 <= y) continue;
      left = Math.min(left, Math.max(x, x0 - margin));
      top = Math.min(top, Math.max(y, y0 - margin));
      right = Math.max(right, Math.min(x + w, x1 + margin));
      bottom = Math.max(bottom, Math.min(y + h, y1 + margin));
    }
    part.set([left, top, Math.max(0, right - left), Math.max(0, bottom - top)]);
    return part;
  }

  /** True when a box of this stage, of the same level or a finer one, holds this one. */
  private isRead(first: number, x: number, y: number, w: number, h: number): boolean {
    const { items, count, capacity } = this.boxes;
    // A full list joins boxes: what lies in the union need not have been read.
    if (count === capacity) return false;
    for (let i = first; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      if (
        items[r]! <= x &&
        items[r + 1]! <= y &&
        items[r]! + items[r + 2]! >= x + w &&
        items[r + 1]! + items[r + 3]! >= y + h
      ) {
        return true;
      }
    }
    return false;
  }

  private holdsCode(
    plane: Uint8Array,
    stride: number,
    x: number,
    y: number,
    width: number,
    height: number,
    level: number,
    scale: number,
    sure: boolean,
    take: TakeSymbols,
  ): boolean {
    const { crop, kernels, zxing, memo } = this;
    const w = width >> level;
    const h = height >> level;
    kernels.shrinkRect(plane, stride, x, y, width, height, level, crop);
    const key = memo.key(crop, w, h, this.marked);
    this.wasRead = memo.has(key);
    if (this.wasRead || (!sure && memo.has(withoutMarks(key)))) return false;
    // Chroma has a small range even in strong colours.
    if (this.kind === 'chroma') stretchPlane(crop, w * h);
    const marks = sure ? ALL_OUTLINES : this.marked | kernels.outlineKinds(crop, w, h);
    if (marks !== 0) {
      zxing.pixels().set(crop.subarray(0, w * h));
      this.reads += 1;
      this.wasRead = marks !== 1 << OUTLINE.corner;
      const family = this.wasRead ? 'other' : 'cornered';
      if (take(zxing.read(w, h, family, 'local'), scale << level, x * scale, y * scale)) return true;
    }
    if (this.holdsTurnedBars(w, h, scale << level, x * scale, y * scale, take)) return true;
    memo.add(sure ? key : withoutMarks(key));
    return false;
  }

  /** The area in `crop` once more, with its bars upright; the symbol's place is then the whole area. */
  private holdsTurnedBars(w: number, h: number, scale: number, dx: number, dy: number, take: TakeSymbols): boolean {
    const { crop, zxing } = this;
    const angle = barsAngle(crop, w, h);
    const turned = angle === undefined ? undefined : turnArea(crop, w, h, angle, zxing.pixels());
    if (turned === undefined) return false;
    this.reads += 1;
    const found = zxing.read(turned.width, turned.height, 'other', 'local').filter((s) => s.valid);
    return take(
      found.map((s) => ({ ...s, x: 0, y: 0, width: w, height: h })),
      scale,
      dx,
      dy,
    );
  }
}

/** Another key: read as far as its marks ask for. */
const withoutMarks = (key: number): number => -1 - key;
