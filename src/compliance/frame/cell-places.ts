import {
  ALL_OUTLINES,
  type Kernels,
  OUTLINE,
  OUTLINE_STRIDE,
  TEXTURE_OUT,
  TEXTURE_STRIDE,
} from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { BareMatrix, LONGEST_BARE } from './bare-matrix.js';
import { contrastOf, spreadTones, type Tones, tonesOfCells } from './cell-texture.js';
import { KnownPlaces } from './known-places.js';
import { stretchPlane } from './plane-filters.js';
import { holder } from './rect-lists.js';
import type { TakeSymbols } from './scan-areas.js';
import { CleanMemo } from './scan-memo.js';
import type { CodeSymbol } from './symbol.js';
import type { Binarisation, ZxingReader } from './zxing-reader.js';

/*
 * Further readings of places that are made of cells, and were read once, in their own size, without a find.
 *
 * The problem: with modules of two pixels, in twenty levels of grey, printed as dots that do not touch, or moved, the one reading of a Data Matrix, an Aztec code, a PDF417
 * or a MaxiCode fails. The rule: a small place is read twice and four times as large, closed and sharpened, a larger one closed, by the
 * histogram and blurred. Four readings take 2 to 6 ms, so only what is made of cells gets them, once as long as it looks as it does, and of
 * a show that moves no more than a few a second.
 */

/** The longer side, in samples of the place: what is enlarged four times, what twice, and what is read at all. */
const FOUR_TIMES = 120;
const TWICE = 240;
const LONGEST = 400;
const LEAST_SIDE = 24;
const LONG = 2.2;
/** The forms of bars. */
const BARRED = 1 << OUTLINE.start;
/** Sharpening: the gain. */
const GAIN = 3;
/** Around the sides of a corner, in pixels, and as a share of them; from a bull's eye, in its widths of seven modules: codes of 39 modules. */
const CORNER_MARGIN = 6;
const CORNER_SHARE = 0.2;
/** What is left out beside the sides of a corner, where it is told whether it holds cells. */
const WITHIN_CORNER = 0.12;
const BULLSEYE_REACH = 2.3;
/** So much around it alternates in any code. */
const LEAST_AROUND = 0.6;
const STRONG_SWING = 0.4;
const LEAST_SWING = 24;
const AREA_MARGIN = 8;
/** From so many samples on a place is searched for parts that are made of cells. */
const REGIONS_FROM = 6000;
/** A place that was read holds one this much smaller: readings of both would be alike. */
const ALIKE = 2;
/** Pictures for which a place that moves a little is left alone. */
const KNOWN_FOR = 60;
/** Places in one picture; in a show so many at once, and then one in so many pictures. */
const MOST = 12;
const EVERY = 10;

type CellKernels = Pick<
  Kernels,
  'shrinkRect' | 'sharpenPlane' | 'enlargePlane' | 'blurPlane' | 'outlineKinds' | 'findTexture'
>;
/** Gets the symbols of a reading; their pixels × `scale` are the place's. */
type TakeAt = (symbols: readonly CodeSymbol[], scale: number) => boolean;

export class CellPlaces {
  reads = 0;
  private readonly known = new KnownPlaces(KNOWN_FOR);
  private readonly memo = new CleanMemo();
  /** Read in this picture. */
  private readonly done = new RectList(MOST * 2);
  private readonly bare: BareMatrix;
  private readonly texture = new Int32Array(TEXTURE_OUT);
  private readonly whole = new RectList(1);
  private readonly crop = new Uint8Array(LONGEST ** 2);
  private readonly work = new Uint8Array(LONGEST ** 2);
  private readonly enlarged = new Uint8Array(4 * TWICE ** 2);
  private goesOn = false;
  /** Places that may be read, times EVERY. */
  private left = MOST * EVERY;

  constructor(
    private readonly kernels: CellKernels,
    private readonly zxing: ZxingReader,
  ) {
    this.bare = new BareMatrix(zxing);
  }

  /** A new picture begins, which may be one of a show that goes on. */
  begin(goesOn: boolean): void {
    this.reads = 0;
    this.goesOn = goesOn;
    this.known.begin();
    this.done.clear();
    this.left = goesOn ? Math.min(this.left + 1, MOST * EVERY) : MOST * EVERY;
  }

  /** Reads what `count` marks of a plane enclose. */
  readMarked(
    plane: Uint8Array,
    width: number,
    height: number,
    marks: Int32Array,
    count: number,
    take: TakeSymbols,
  ): void {
    for (let i = 0; i < count; i += 1) {
      const [kind, x = 0, y = 0, w = 0, h = 0] = marks.subarray(i * OUTLINE_STRIDE, (i + 1) * OUTLINE_STRIDE);
      if (kind === OUTLINE.start) continue;
      const most = Math.max(w, h);
      const isCorner = kind === OUTLINE.corner;
      const reach = Math.round(isCorner ? CORNER_MARGIN + most * CORNER_SHARE : most * BULLSEYE_REACH);
      const near = isCorner ? 0 : Math.round(most * LEAST_AROUND);
      if (!this.isFree() || most + 2 * reach > LONGEST) continue;
      const { crop } = this;
      const [, , tw, th] = this.cut(plane, width, height, x, y, w, h, near);
      const tones = tonesOfCells(crop, tw, th, isCorner ? WITHIN_CORNER : 0);
      if (tones === undefined) continue;
      const [left, top, cw, ch] = this.cut(plane, width, height, x, y, w, h, reach);
      this.readCells(crop, cw, ch, tones, left, top, 1, (symbols, scale) => take(symbols, scale, left, top));
    }
  }

  /**
   * Reads the place at x and y of the plane whose samples, each of `scale` pixels, are in `from`, which it may change, or
   * what is made of cells in it.
   */
  read(from: Uint8Array, w: number, h: number, x: number, y: number, scale: number, take: TakeAt): boolean {
    if (!this.isFree()) return false;
    const tones = Math.max(w, h) <= LONGEST ? tonesOfCells(from, w, h) : undefined;
    if (tones !== undefined && this.readCells(from, w, h, tones, x, y, scale, take)) return true;
    if (w * h < REGIONS_FROM) return false;
    const swing = Math.round(contrastOf(from, w * h) * STRONG_SWING);
    if (swing < LEAST_SWING) return false;
    const { texture, whole, crop } = this;
    whole.clear();
    whole.push(0, 0, w, h);
    const count = this.kernels.findTexture(from, w, h, swing, whole, 1, texture);
    let isFound = false;
    for (let i = 0; i < count && this.isFree(); i += 1) {
      const [level = 0, left = 0, top = 0, aw = 0, ah = 0] = texture.subarray(1 + i * TEXTURE_STRIDE);
      if (level > 0 || aw * ah * ALIKE > w * h || Math.max(aw, ah) > LONGEST - 2 * AREA_MARGIN) continue;
      const [rx, ry, rw, rh] = this.cut(from, w, h, left, top, aw, ah, AREA_MARGIN);
      const here = tonesOfCells(crop, rw, rh);
      if (here === undefined) continue;
      const takeHere: TakeAt = (symbols, s) =>
        take(
          symbols.map((symbol) => ({ ...symbol, x: symbol.x + rx / s, y: symbol.y + ry / s })),
          s,
        );
      if (this.readCells(crop, rw, rh, here, x + rx * scale, y + ry * scale, scale, takeHere)) isFound = true;
    }
    return isFound;
  }

  private isFree(): boolean {
    return this.left >= EVERY;
  }

  /** Puts a rectangle of a plane and what is around it into `crop`; returns what that is. */
  private cut(
    plane: Uint8Array,
    width: number,
    height: number,
    x: number,
    y: number,
    w: number,
    h: number,
    reach: number,
  ): [x: number, y: number, w: number, h: number] {
    const left = Math.max(0, x - reach);
    const top = Math.max(0, y - reach);
    const cw = Math.min(width, x + w + reach) - left;
    const ch = Math.min(height, y + h + reach) - top;
    this.kernels.shrinkRect(plane, width, left, top, cw, ch, 0, this.crop);
    return [left, top, cw, ch];
  }

  private readCells(
    crop: Uint8Array,
    w: number,
    h: number,
    tones: Tones,
    x: number,
    y: number,
    scale: number,
    take: TakeAt,
  ): boolean {
    const { known, memo, kernels } = this;
    const long = Math.max(w, h);
    if (Math.min(w, h) < LEAST_SIDE || this.isDone(x, y, w * scale, h * scale)) return false;
    const key = memo.key(crop, w, h);
    if (memo.has(key) || (this.goesOn && known.has(crop, x, y, w, h))) return false;
    let kinds = 0;
    if (long <= TWICE) {
      kernels.enlargePlane(crop, w, h, this.enlarged);
      kinds = kernels.outlineKinds(this.enlarged, 2 * w, 2 * h);
    } else kinds = kernels.outlineKinds(crop, w, h);
    if (long > FOUR_TIMES) spreadTones(crop, w * h, tones);
    else stretchPlane(crop, w * h);
    let found = false;
    if (kinds !== 0) {
      this.left -= EVERY;
      this.done.push(x, y, w * scale, h * scale);
      if (tones.bars) found = this.readBars(crop, w, h, take);
      else if (long <= FOUR_TIMES) found = this.readSmall(crop, w, h, take);
      else found = this.readLarge(crop, w, h, long <= TWICE ? ALL_OUTLINES : kinds, take);
    }
    if (!found && !tones.bars && long <= LONGEST_BARE) found = take(this.bare.read(crop, w, h), 1);
    if (found) return true;
    memo.add(key);
    if (this.goesOn) known.add(x, y, w, h);
    return false;
  }

  private isDone(x: number, y: number, w: number, h: number): boolean {
    const held = holder(this.done, x, y, x + w, y + h) * RECT_STRIDE;
    return held >= 0 && this.done.items[held + 2]! * this.done.items[held + 3]! <= ALIKE * w * h;
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
    kernels.blurPlane(work, w, h, 2);
    kernels.enlargePlane(work, w, h, zxing.pixels());
    return ask(2, 'closed');
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
      // As long as this are lines of words, and codes of forms that need no more.
      if (Math.max(w, h) > LONG * Math.min(w, h)) return false;
    }
    work.set(crop.subarray(0, w * h));
    // Dots run together.
    kernels.blurPlane(work, w, h, 2);
    zxing.pixels().set(work.subarray(0, w * h));
    if (ask(1, 'closed')) return true;
    kernels.shrinkRect(crop, w, 0, 0, w, h, 1, zxing.pixels());
    return this.ask(w >> 1, h >> 1, 1, kinds, 'closed', (symbols) => take(symbols, 2));
  }

  private ask(w: number, h: number, enlarged: number, kinds: number, how: Binarisation, take: TakeAt): boolean {
    this.reads += 1;
    return take(
      this.zxing.readMarked(w * enlarged, h * enlarged, kinds, how).filter((s) => s.valid),
      1 / enlarged,
    );
  }
}
