import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { cropPlane, halvePlane, stretchPlane } from './plane-filters.js';
import { CleanMemo } from './scan-memo.js';
import { TEXTURE_LEVELS, TextureMap } from './scan-texture.js';
import type { CodeSymbol } from './symbol.js';
import type { ZxingReader } from './zxing-reader.js';

/** Turns in chroma are smaller: colours of equal luma differ by 40 and more. */
const SWING = { luma: 24, chroma: 16 };
/** Pixels of the level around an area, for the quiet zone. */
const MARGIN = 12;
const MAX_AREAS = 48;
/** A picture that is too fine to be a code is looked at again at half its size, so many times. */
const MAX_HALVINGS = 2;

/** Gets the symbols of a reading; their pixels × `scale` + (dx, dy) are the plane's. True when one is a code. */
export type TakeSymbols = (symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number) => boolean;

interface Stage {
  readonly map: TextureMap;
  /** The plane at this stage's size; the first stage has the plane itself. */
  readonly plane: Uint8Array;
}

/**
 * Reads, for every form of code, the code-like areas that touch what changed in one plane.
 *
 * An area whose very pixels were read as clean before is not read again: a scene comes back to the same
 * pictures all the time. Areas of large modules are read at half and quarter size, unless a finer area that
 * contains them was read already, as the reader takes large modules there too.
 */
export class AreaScan {
  /** The areas of the last plane, in its pixels. */
  readonly boxes = new RectList(MAX_AREAS);
  /** Those of them that hold a code. Another may stand beside it, unread. */
  readonly withCode = new RectList(8);
  reads = 0;
  private readonly stages: Stage[];
  private readonly found = new RectList(MAX_AREAS);
  private readonly memo = new CleanMemo();

  constructor(
    private readonly zxing: ZxingReader,
    width: number,
    height: number,
    private readonly kind: 'luma' | 'chroma',
    private readonly crop: Uint8Array,
    private readonly spare: Uint8Array,
  ) {
    this.stages = [];
    let [w, h] = [width, height];
    for (let i = 0; i <= MAX_HALVINGS && w >= 32 && h >= 32; i += 1) {
      this.stages.push({ map: new TextureMap(w, h, SWING[kind]), plane: new Uint8Array(i === 0 ? 0 : w * h) });
      w >>= 1;
      h >>= 1;
    }
  }

  /** Reads every area that touches one of `rects` (in pixels of the plane × `scale`). */
  run(plane: Uint8Array, rects: RectList, scale: number, take: TakeSymbols): void {
    this.boxes.clear();
    this.withCode.clear();
    this.reads = 0;
    let from = plane;
    for (const [i, stage] of this.stages.entries()) {
      if (i > 0) {
        const before = this.stages[i - 1]!.map;
        if (!before.sawGrain) return;
        halvePlane(from, before.width, before.height, stage.plane);
        from = stage.plane;
      }
      this.scanStage(stage.map, from, i, rects, scale << i, take);
    }
  }

  private scanStage(
    map: TextureMap,
    plane: Uint8Array,
    halved: number,
    rects: RectList,
    scale: number,
    take: TakeSymbols,
  ): void {
    const { found, boxes, withCode } = this;
    map.begin(plane);
    const first = boxes.count;
    for (let level = 0; level < TEXTURE_LEVELS; level += 1) {
      map.areas(level, rects, scale, found);
      for (let i = 0; i < found.count; i += 1) {
        const r = i * RECT_STRIDE;
        const margin = MARGIN << level;
        const x = Math.max(0, found.items[r]! - margin);
        const y = Math.max(0, found.items[r + 1]! - margin);
        const w = Math.min(map.width, found.items[r]! + found.items[r + 2]! + margin) - x;
        const h = Math.min(map.height, found.items[r + 1]! + found.items[r + 3]! + margin) - y;
        if (this.isRead(first, x << halved, y << halved, w << halved, h << halved)) continue;
        boxes.push(x << halved, y << halved, w << halved, h << halved);
        if (this.holdsCode(plane, map.width, x, y, w, h, level, 1 << halved, take)) {
          withCode.push(x << halved, y << halved, w << halved, h << halved);
        }
      }
    }
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
    take: TakeSymbols,
  ): boolean {
    const { crop, spare, zxing, memo } = this;
    let [w, h] = [width, height];
    let [from, to] = [crop, spare];
    cropPlane(plane, stride, x, y, w, h, from);
    for (let i = 0; i < level; i += 1) {
      halvePlane(from, w, h, to);
      [from, to] = [to, from];
      w >>= 1;
      h >>= 1;
    }
    const key = memo.key(from, w, h);
    if (memo.has(key)) return false;
    // Chroma has a small range even in strong colours.
    if (this.kind === 'chroma') stretchPlane(from, w * h);
    zxing.pixels().set(from.subarray(0, w * h));
    this.reads += 1;
    if (take(zxing.read(w, h, 'other', 'local'), scale << level, x * scale, y * scale)) return true;
    memo.add(key);
    return false;
  }
}
