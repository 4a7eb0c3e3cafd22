import { ALL_OUTLINES, type Kernels, OUTLINE } from '../../core/kernels.js';
import { TURNED_OVER } from '../pdf417/bars-reader.js';
import { spreadTones, type Tones } from '../locate/cell-texture.js';
import { mirrorPlane, stretchPlane } from '../pipeline/rgba-planes.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { Binarisation, ZxingReader } from '../decoders/library-readers.js';

/*
 * Reads a textured region in other ways when the reading at its own size found nothing. A small region is read twice
 * and four times as large, closed, by the histogram and sharpened; a larger one is closed, by the histogram and
 * blurred; bars are read for PDF417 only. Of 78 missed codes cut out upright, 33 are read twice as large and closed, 10
 * more sharpened and four times as large, and 9 by the others. Four readings take 2 to 6 ms.
 */

/** The longer side of a region, in samples: the maximum for fourfold size, for double size, and for any reading. */
const FOUR_TIMES = 120;
const TWICE = 240;
export const LONGEST_CELLS = 400;
const LONGEST_SIDE = 640;
/** Whether a region is read: a long one may exceed the limit if it has no more samples than the limit squared. */
export const isForCells = (w: number, h: number): boolean =>
  Math.max(w, h) <= LONGEST_SIDE && w * h <= LONGEST_CELLS ** 2;
/** Larger regions of this shape are mostly lines of words. */
const LONG = 2.2;
/** The formats with corners, and those of bars. */
const CORNERED = 1 << OUTLINE.corner;
const BARRED = 1 << OUTLINE.start;
/** Sharpening: the gain. */
const GAIN = 3;
/** Radius of the blur that merges cells with gaps. */
const BLUR = 2;

type ReaderKernels = Pick<Kernels, 'shrinkRect' | 'sharpenPlane' | 'enlargePlane' | 'blurPlane' | 'outlineKinds'>;
/** Receives the symbols of a reading; their pixels × `scale` are the region's. */
export type TakeAt = (symbols: readonly CodeSymbol[], scale: number) => boolean;

/** Where a region is in its plane, and how many pixels each of its samples covers. */
export interface PlaceAt {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export class CellReader {
  reads = 0;
  private readonly work = new Uint8Array(LONGEST_CELLS ** 2);
  private readonly enlarged = new Uint8Array(4 * TWICE ** 2);

  constructor(
    private readonly kernels: ReaderKernels,
    private readonly zxing: ZxingReader,
  ) {}

  /** Reads a region, whose samples it changes. */
  read(crop: Uint8Array, w: number, h: number, tones: Tones, take: TakeAt): boolean {
    const long = Math.max(w, h);
    const kinds = this.kindsOf(crop, w, h);
    if (kinds === 0) return false;
    if (long > FOUR_TIMES) spreadTones(crop, w * h, tones);
    else stretchPlane(crop, w * h);
    if (tones.bars) {
      if (this.readBars(crop, w, h, take) || this.readBarsTurnedOver(crop, w, h, take)) return true;
    } else if (long <= FOUR_TIMES ? this.readSmall(crop, w, h, take) : this.readLarge(crop, w, h, kinds, take)) {
      return true;
    }
    return (kinds & CORNERED) !== 0 && this.readMirrored(crop, w, h, take);
  }

  /** The locators of a region, some of which every code has: bits 1 << OUTLINE kind. */
  private kindsOf(crop: Uint8Array, w: number, h: number): number {
    const { kernels, enlarged } = this;
    if (Math.max(w, h) > TWICE) return kernels.outlineKinds(crop, w, h);
    kernels.enlargePlane(crop, w, h, enlarged);
    // In small and blurred codes, locators of other formats are detected as well.
    return kernels.outlineKinds(enlarged, 2 * w, 2 * h) === 0 ? 0 : ALL_OUTLINES;
  }

  private readSmall(crop: Uint8Array, w: number, h: number, take: TakeAt): boolean {
    const { kernels, zxing, work, enlarged } = this;
    const ask = (enlarge: number, how: Binarisation): boolean => this.ask(w, h, enlarge, ALL_OUTLINES, how, take);
    kernels.enlargePlane(crop, w, h, enlarged);
    zxing.pixels().set(enlarged.subarray(0, 4 * w * h));
    if (ask(2, 'closed')) return true;
    zxing.pixels().set(enlarged.subarray(0, 4 * w * h));
    if (ask(2, 'global')) return true;
    kernels.enlargePlane(enlarged, 2 * w, 2 * h, zxing.pixels());
    if (ask(4, 'closed')) return true;
    kernels.sharpenPlane(crop, w, h, 1, GAIN, work);
    kernels.enlargePlane(work, w, h, enlarged);
    kernels.enlargePlane(enlarged, 2 * w, 2 * h, zxing.pixels());
    return ask(4, 'global');
  }

  private readBars(crop: Uint8Array, w: number, h: number, take: TakeAt): boolean {
    const { kernels, zxing, work, enlarged } = this;
    const ask = (enlarge: number, how: Binarisation): boolean => this.ask(w, h, enlarge, BARRED, how, take);
    kernels.enlargePlane(crop, w, h, zxing.pixels());
    if (ask(2, 'closed')) return true;
    if (Math.max(w, h) <= FOUR_TIMES) {
      kernels.enlargePlane(crop, w, h, enlarged);
      kernels.enlargePlane(enlarged, 2 * w, 2 * h, zxing.pixels());
      return ask(4, 'closed');
    }
    work.set(crop.subarray(0, w * h));
    kernels.blurPlane(work, w, h, BLUR);
    kernels.enlargePlane(work, w, h, zxing.pixels());
    return ask(2, 'closed');
  }

  /** Bars mirrored, inverted, and both. */
  private readBarsTurnedOver(crop: Uint8Array, w: number, h: number, take: TakeAt): boolean {
    const { kernels, zxing } = this;
    const to = zxing.pixels();
    const samples = 4 * w * h;
    for (const [isBehind, isLight] of TURNED_OVER) {
      kernels.enlargePlane(crop, w, h, to);
      if (isBehind) mirrorPlane(to, 2 * w, 2 * h);
      if (isLight) for (let i = 0; i < samples; i += 1) to[i] = 255 - to[i]!;
      // The whole region is reported, whichever way it was read.
      const takeHere: TakeAt = (symbols) =>
        take(
          symbols.map((s) => ({ ...s, x: 0, y: 0, width: w, height: h })),
          1,
        );
      if (this.ask(w, h, 2, BARRED, 'local', takeHere)) return true;
    }
    return false;
  }

  private readLarge(crop: Uint8Array, w: number, h: number, kinds: number, take: TakeAt): boolean {
    const { kernels, zxing, work } = this;
    const ask = (enlarge: number, how: Binarisation): boolean => this.ask(w, h, enlarge, kinds, how, take);
    if (Math.max(w, h) <= TWICE) {
      kernels.enlargePlane(crop, w, h, zxing.pixels());
      if (ask(2, 'closed')) return true;
      kernels.enlargePlane(crop, w, h, zxing.pixels());
      if (ask(2, 'global')) return true;
    } else {
      zxing.pixels().set(crop.subarray(0, w * h));
      if (ask(1, 'closed')) return true;
      zxing.pixels().set(crop.subarray(0, w * h));
      if (ask(1, 'global')) return true;
      // Regions of this length are lines of words, or codes of formats that need no further reading.
      if (Math.max(w, h) > LONG * Math.min(w, h)) return false;
    }
    work.set(crop.subarray(0, w * h));
    // Cells with gaps merge.
    kernels.blurPlane(work, w, h, BLUR);
    zxing.pixels().set(work.subarray(0, w * h));
    if (ask(1, 'closed')) return true;
    kernels.shrinkRect(crop, w, 0, 0, w, h, 1, zxing.pixels());
    return this.ask(w >> 1, h >> 1, 1, kinds, 'closed', (symbols) => take(symbols, 2));
  }

  /** Mirrored: readers mirror square symbols only. */
  private readMirrored(crop: Uint8Array, w: number, h: number, take: TakeAt): boolean {
    const { kernels, zxing } = this;
    const enlarge = Math.max(w, h) <= TWICE ? 2 : 1;
    const to = zxing.pixels();
    if (enlarge === 2) kernels.enlargePlane(crop, w, h, to);
    else to.set(crop.subarray(0, w * h));
    mirrorPlane(to, w * enlarge, h * enlarge);
    return this.ask(w, h, enlarge, CORNERED, 'closed', (symbols, scale) =>
      take(
        symbols.map((s) => ({ ...s, x: w * enlarge - s.x - s.width })),
        scale,
      ),
    );
  }

  private ask(w: number, h: number, enlarged: number, kinds: number, how: Binarisation, take: TakeAt): boolean {
    this.reads += 1;
    return take(
      this.zxing.readMarked(w * enlarged, h * enlarged, kinds, how).filter((s) => s.valid),
      1 / enlarged,
    );
  }
}
