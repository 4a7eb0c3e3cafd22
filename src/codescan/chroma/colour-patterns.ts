import { type RectList, RECT_STRIDE } from '../../core/media/picture.js';
import type { Kernels } from '../../core/kernels.js';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import { ColourCells } from './colour-cells.js';
import { isPdf417 } from './colour-bars.js';
import { drawWideMatrix } from './colour-matrix.js';
import { isInColourOnly, isOfTwoColours, looksLikeCode } from './colour-evidence.js';
import { ColourRegion } from './colour-region.js';
import { type CellReader, isForCells } from '../matrix/cell-reader.js';
import { tonesOfCells } from '../locate/cell-texture.js';
import { CleanMemo } from '../jobs/scan-memo.js';
import { addHit, hitOfSymbol } from '../pipeline/symbol.js';
import { turnArea } from '../pdf417/turned-bars.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/** What a place is called that is told by its pattern alone. */
const KIND = 'colour-pattern';
/** Enlarged twice, places of up to so many samples are read. */
const MAX_SMALL = 80 * 80;
/** Longer ones are turned upright, as a reader of bars wants them. */
const LONG = 1.6;
/** How far the two colours are drawn apart: the samples between them get this share of the tones. */
const DRAWN = 1.1;

type PatternKernels = Pick<Kernels, 'enlargePlane' | 'turnPlane'>;

/**
 * Codes that only the colours show, in two hues of one luma: a frame has those at half its size, and U and V each have a
 * part of their contrast.
 *
 * Each place in which colours alternate and luma does not is drawn anew, between its own two colours and enlarged, and read;
 * unread it may count by its pattern (`colour-evidence.ts`).
 */
export class ColourPatterns {
  reads = 0;
  private readonly cells: ColourCells;
  private readonly region = new ColourRegion();
  private readonly memo = new CleanMemo();
  private drawn = new Uint8Array(0);
  private enlarged = new Uint8Array(0);
  private small = new Uint8Array(0);

  constructor(
    private readonly kernels: PatternKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    private readonly further: CellReader,
  ) {
    this.cells = new ColourCells(width, height);
  }

  /** Looks at what touches `rects` (luma pixels) of an I420 picture and is no hit yet, and adds to `hits`. */
  run(picture: Uint8Array, rects: RectList, hits: FrameHit[]): void {
    this.reads = 0;
    this.cells.find(picture, rects);
    const { items, count } = this.cells.boxes;
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE) {
      const box = items.subarray(r, r + RECT_STRIDE);
      if (isFound(hits, box)) continue;
      const key = this.keyOf(picture, box);
      if (this.memo.has(key)) continue;
      const hit = this.lookAt(picture, box, false) ?? this.lookAt(picture, box, true);
      if (hit === undefined) this.memo.add(key);
      else addHit(hits, hit);
    }
  }

  /** `ownOnly`: without what stands beside it and is painted otherwise. */
  private lookAt(picture: Uint8Array, box: Int32Array, ownOnly: boolean): FrameHit | undefined {
    return this.region.measure(picture, this.width, this.height, this.cells, box, ownOnly) ? this.look() : undefined;
  }

  /** What the region that was measured is. */
  private look(): FrameHit | undefined {
    const { region } = this;
    const isReadable = isOfTwoColours(region);
    const read = isReadable ? this.read() : undefined;
    if (read !== undefined) return read;
    if (isInColourOnly(region) && looksLikeCode(region)) return this.hitHere();
    // Letters beneath it, or beside it, change luma too.
    if (isPdf417(region)) return this.hitHere('pdf417');
    return isReadable ? (this.readWideMatrix() ?? this.readFurther()) : undefined;
  }

  /** Of the place's samples in all planes; luma in every other row. */
  private keyOf(picture: Uint8Array, [x = 0, y = 0, w = 0, h = 0]: Int32Array): number {
    const { width, height } = this;
    const cw = (width + 1) >> 1;
    const cb = width * height;
    const cr = cb + cw * ((height + 1) >> 1);
    this.small = roomFor(this.small, 4 * w * h);
    for (let row = 0; row < h; row += 1) {
      const at = (y + row) * cw + x;
      this.small.set(picture.subarray(cb + at, cb + at + w), 4 * w * row);
      this.small.set(picture.subarray(cr + at, cr + at + w), 4 * w * row + w);
      const luma = 2 * (y + row) * width + 2 * x;
      this.small.set(picture.subarray(luma, luma + 2 * w), 4 * w * row + 2 * w);
    }
    return this.memo.key(this.small, 4 * w, h);
  }

  private read(): FrameHit | undefined {
    const { region, kernels } = this;
    const { width: w, height: h, values } = region;
    this.drawn = roomFor(this.drawn, w * h);
    const gain = 255 / (region.contrast * DRAWN);
    for (let i = 0; i < w * h; i += 1) {
      this.drawn[i] = Math.min(255, Math.max(0, 127.5 + (values[i]! - region.level) * gain));
    }
    this.enlarged = roomFor(this.enlarged, 4 * w * h);
    kernels.enlargePlane(this.drawn, w, h, this.enlarged);
    const twice = this.readPlane(this.enlarged, 2);
    if (twice !== undefined || w * h > MAX_SMALL) return twice;
    this.small = roomFor(this.small, 4 * w * h);
    this.small.set(this.enlarged.subarray(0, 4 * w * h));
    this.enlarged = roomFor(this.enlarged, 16 * w * h);
    kernels.enlargePlane(this.small, 2 * w, 2 * h, this.enlarged);
    return this.readPlane(this.enlarged, 4);
  }

  /** What is read in the ways that places of the luma are read in, the region being twice as large and so of their size. */
  private readFurther(): FrameHit | undefined {
    const { region, kernels, further } = this;
    const [w, h] = [2 * region.width, 2 * region.height];
    if (!isForCells(w, h)) return undefined;
    kernels.enlargePlane(this.drawn, region.width, region.height, this.enlarged);
    const tones = tonesOfCells(this.enlarged, w, h, undefined, true);
    if (tones === undefined) return undefined;
    let hit: FrameHit | undefined;
    further.read(this.enlarged, w, h, tones, (symbols, scale) => {
      for (const symbol of symbols) hit ??= hitOfSymbol(symbol, scale, 2 * region.x, 2 * region.y);
      return hit !== undefined;
    });
    return hit;
  }

  /** Reads the region, enlarged by `scale`, as it is and, when it is long, turned upright. */
  private readPlane(plane: Uint8Array, scale: number): FrameHit | undefined {
    const { region, zxing } = this;
    const w = region.width * scale;
    const h = region.height * scale;
    if (w * h > zxing.maxPixels) return undefined;
    zxing.pixels().set(plane.subarray(0, w * h));
    this.reads += 1;
    for (const symbol of zxing.read(w, h, 'all', 'local')) {
      if (!symbol.valid) continue;
      const hit = hitOfSymbol(symbol, 2 / scale, 2 * region.x, 2 * region.y);
      if (hit !== undefined) return hit;
    }
    if (region.long < LONG * region.short) return undefined;
    const turned = turnArea(this.kernels, plane, w, h, region.angle, zxing.pixels());
    if (turned === undefined) return undefined;
    this.reads += 1;
    const symbol = zxing.read(turned.width, turned.height, 'other', 'local').find((s) => s.valid);
    const hit = symbol === undefined ? undefined : hitOfSymbol(symbol);
    return hit === undefined ? undefined : { ...hit, ...this.hitHere(hit.kind) };
  }

  /** A wide Data Matrix too fine for its readers, drawn anew. */
  private readWideMatrix(): FrameHit | undefined {
    const drawn = drawWideMatrix(this.region, this.zxing.pixels());
    if (drawn === undefined) return undefined;
    this.reads += 1;
    const symbol = this.zxing.read(drawn.width, drawn.height, 'all', 'local').find((s) => s.valid);
    const hit = symbol === undefined ? undefined : hitOfSymbol(symbol);
    return hit === undefined ? undefined : { ...hit, ...this.hitHere(hit.kind) };
  }

  private hitHere(kind = KIND): FrameHit {
    const { x, y, width, height } = this.region;
    return { rule: CODE_RULE, kind, box: { x: 2 * x, y: 2 * y, width: 2 * width, height: 2 * height } };
  }
}

const roomFor = (array: Uint8Array<ArrayBuffer>, samples: number): Uint8Array<ArrayBuffer> =>
  array.length >= samples ? array : new Uint8Array(samples);

/** Whether a hit holds the middle of a box of chroma samples. */
function isFound(hits: readonly FrameHit[], [x = 0, y = 0, w = 0, h = 0]: Int32Array): boolean {
  return hits.some(({ box }) => {
    if (box === undefined) return false;
    const [dx, dy] = [2 * x + w - box.x, 2 * y + h - box.y];
    return dx >= 0 && dx <= box.width && dy >= 0 && dy <= box.height;
  });
}
