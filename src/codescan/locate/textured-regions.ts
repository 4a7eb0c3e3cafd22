import { type Kernels, OUTLINE, OUTLINE_STRIDE, TEXTURE_OUT, TEXTURE_STRIDE } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import type { Box } from '../../core/verdict.js';
import { ALL_BARS, BarsReader } from '../pdf417/bars-reader.js';
import {
  CellReader,
  type CutOff,
  isForCells,
  LONGEST_CELLS,
  mayBeCoarse,
  type PlaceAt,
  type TakeAt,
} from '../matrix/cell-reader.js';
import { contrastOf, sparseTones, spreadTones, type Tones, tonesOfCells, tonesOfDots } from './cell-texture.js';
import { FaintPlaces } from './faint-places.js';
import { KnownRegions } from '../pipeline/known-regions.js';
import { holdsAlike } from '../pipeline/rect-lists.js';
import type { TakeSymbols } from '../pipeline/scan-areas.js';
import { CleanMemo } from '../jobs/scan-memo.js';
import { mayBeBars } from '../pdf417/turned-bars.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Further readings of places that are made of cells and were read once without a find.
 *
 * The problem: with modules of two pixels, in twenty levels of grey, printed as dots that do not touch, or moved, the one reading of a Data
 * Matrix, an Aztec code, a PDF417 or a MaxiCode in its own size fails. The rule: the areas that were read anyway, what marks enclose that were
 * met anyway, and of an area the parts with strong edges are read further if they are made of cells, once as long as they look as
 * they do, and in a show that moves no more than a few a second. Only what is faint is searched for (`FaintPlaces`), and has a number of its own, as
 * words look like dots at first and would use up that of the others.
 *
 * Numbers: of 1,600 areas that the demo room has in half a minute sixty are such places, most looked at for dots only, of 560 faint ones three: 0.3 ms of 3 a frame.
 */

/** In samples. */
const MIN_SIDE = 24;
/** Around the sides of a corner, in pixels, and as a share of them; from a bull's eye, in its widths of seven modules: codes of 39 modules. */
const CORNER_MARGIN = 6;
const CORNER_SHARE = 0.2;
/** What is left out beside the sides of a corner, where it is told whether it holds cells. */
const WITHIN_CORNER = 0.12;
const BULLSEYE_REACH = 2.3;
/** So much around it alternates in any code. */
const MIN_AROUND = 0.6;
/** Strong edges are so much of a place's contrast, and more than those that any area has; and what is read around such a part. */
const STRONG_SWING = 0.4;
const MIN_SWING = 24;
/** Of a code on grain, or leaves: the same of all but its rarest tones, and so many times as strong at least. */
const STRONGEST_SWING = 0.55;
const RARE = 0.001;
const STRONGER = 1.25;
const AREA_MARGIN = 8;
/** For the memo: a faint place, and one that was read for codes without a margin only. */
const FAINT = 16;
const BARE = 32;
/** From so many samples on a place is searched for parts that are made of cells. */
const REGIONS_FROM = 6000;
/** A place that was read holds one this much smaller: readings of both would be alike. */
const ALIKE = 2;
/** Pictures for which a place that moves a little is left alone. */
const KNOWN_FOR = 60;
/** Places in one picture; in a show so many at once, and then one in so many pictures. */
const MAX = 12;
const EVERY = 10;
/** What a place costs of that in which dots were looked for and there were none, or a part of a lattice. */
const LITTLE = 1;

type Rect = [x: number, y: number, w: number, h: number];
type CellKernels = ConstructorParameters<typeof CellReader>[0] &
  Pick<Kernels, 'findTexture' | 'turnPlane' | 'blockRanges'>;

export class TexturedRegions {
  readonly reader: CellReader;
  private readonly bars: BarsReader;
  private faint: FaintPlaces | undefined;
  private readonly known = new KnownRegions(KNOWN_FOR);
  private readonly memo = new CleanMemo();
  /** Read in this picture. */
  private readonly done = new RectList(MAX * (EVERY + 2));
  private readonly texture = new Int32Array(TEXTURE_OUT);
  private readonly whole = new RectList(1);
  private readonly crop = new Uint8Array(LONGEST_CELLS ** 2);
  /** Whether `read` left something for another picture. */
  passedOver = false;
  /** What of the place that `read` was given is a lattice of dots, or bars, that may go on beyond it, unread. */
  cutOff: CutOff | undefined;
  private goesOn = false;
  /** Places that may be read, times EVERY. */
  private left = MAX * EVERY;
  private faintLeft = MAX * EVERY;
  private bareLeft = MAX * EVERY;

  constructor(
    private readonly kernels: CellKernels,
    private readonly zxing: ZxingReader,
  ) {
    this.bars = new BarsReader(kernels, zxing);
    this.reader = new CellReader(kernels, zxing);
  }

  get reads(): number {
    return this.reader.reads;
  }

  /** A new picture begins, which may be one of a show that goes on; `thorough`: all its places are read. */
  begin(goesOn: boolean, thorough: boolean): void {
    this.reader.reads = 0;
    this.goesOn = goesOn;
    this.known.begin();
    this.done.clear();
    const most = thorough ? Infinity : MAX * EVERY;
    this.left = goesOn ? Math.min(this.left + 1, MAX * EVERY) : most;
    this.bareLeft = goesOn ? Math.min(this.bareLeft + 1, MAX * EVERY) : most;
    this.faintLeft = goesOn ? Math.min(this.faintLeft + 1, MAX * EVERY) : most;
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
      const near = isCorner ? 0 : Math.round(most * MIN_AROUND);
      if (!this.isFree() || !isForCells(w + 2 * reach, h + 2 * reach)) continue;
      const { crop } = this;
      const [, , tw, th] = this.cut(plane, width, height, { x: x, y: y, width: w, height: h }, near);
      const tones = tonesOfCells(crop, tw, th, isCorner ? WITHIN_CORNER : 0);
      if (tones === undefined) continue;
      const [left, top, cw, ch] = this.cut(plane, width, height, { x: x, y: y, width: w, height: h }, reach);
      const takeHere: TakeAt = (symbols, scale) => take(symbols, scale, left, top);
      this.readCells(crop, cw, ch, tones, { x: left, y: top, scale: 1 }, takeHere);
    }
  }

  /**
   * Reads the place at x and y of the plane whose samples, each of `scale` pixels, are in `from`, which it may change, or
   * what is made of cells in it.
   */
  read(from: Uint8Array, w: number, h: number, x: number, y: number, scale: number, take: TakeAt): boolean {
    this.cutOff = undefined;
    this.passedOver = !this.isFree();
    if (this.passedOver) return false;
    const tones = isForCells(w, h) ? sparseTones(from, w, h, mayBeCoarse(w, h, scale)) : undefined;
    if (tones !== undefined && this.readCells(from, w, h, tones, { x, y, scale }, take)) return true;
    if (tones !== undefined) this.cutOff = this.reader.cutOff;
    if (w * h < REGIONS_FROM) return false;
    const swing = Math.round(contrastOf(from, w * h) * STRONG_SWING);
    if (swing < MIN_SWING) return false;
    const all = Math.round(contrastOf(from, w * h, RARE) * STRONGEST_SWING);
    if (this.readStrong(from, w, h, swing, false, { x, y, scale }, take)) return true;
    return !this.passedOver && all >= swing * STRONGER && this.readStrong(from, w, h, all, true, { x, y, scale }, take);
  }

  /** Reads the parts of a place with edges of so many steps; `bare`: for codes without a margin only. */
  private readStrong(
    from: Uint8Array,
    w: number,
    h: number,
    swing: number,
    bare: boolean,
    at: PlaceAt,
    take: TakeAt,
  ): boolean {
    const { texture, whole, crop } = this;
    whole.clear();
    whole.push(0, 0, w, h);
    const count = this.kernels.findTexture(from, w, h, swing, whole, 1, texture);
    let isFound = false;
    for (let i = 0; i < count; i += 1) {
      if (bare && this.bareLeft < EVERY) break;
      this.passedOver = !this.isFree();
      if (this.passedOver) break;
      const [level = 0, left = 0, top = 0, aw = 0, ah = 0] = texture.subarray(1 + i * TEXTURE_STRIDE);
      if (level > 0 || aw * ah * ALIKE > w * h || !isForCells(aw + 2 * AREA_MARGIN, ah + 2 * AREA_MARGIN)) continue;
      const [rx, ry, rw, rh] = this.cut(from, w, h, { x: left, y: top, width: aw, height: ah }, AREA_MARGIN);
      const here = tonesOfCells(crop, rw, rh, undefined, !bare);
      if (here === undefined) continue;
      const takeHere: TakeAt = (symbols, s) => {
        const moved = symbols.map((symbol) => ({ ...symbol, x: symbol.x + rx / s, y: symbol.y + ry / s }));
        return take(moved, s);
      };
      const part = { x: at.x + rx * at.scale, y: at.y + ry * at.scale, scale: at.scale };
      isFound = this.readCells(crop, rw, rh, here, part, takeHere, bare) || isFound;
      const { cutOff } = this.reader;
      if (cutOff !== undefined) this.cutOff ??= { ...cutOff, x: cutOff.x + rx, y: cutOff.y + ry };
    }
    return isFound;
  }

  /** Reads a place that holds what was cut off. */
  readCutOff(from: Uint8Array, w: number, h: number, at: PlaceAt, isBars: boolean, take: TakeAt): boolean {
    if (!this.isFree()) return false;
    if (isBars) {
      this.left -= EVERY;
      return this.reader.readBarsWithin(from, w, h, take);
    }
    const tones = tonesOfDots(from, w, h);
    return tones !== undefined && this.readCells(from, w, h, tones, at, take);
  }

  /** Reads what has so few levels of grey that it is in no area, or in one with stronger edges, where it touches `rects`. */
  readFaint(plane: Uint8Array, width: number, height: number, rects: RectList, take: TakeSymbols): void {
    if (this.faintLeft < EVERY) return;
    const faint = (this.faint ??= new FaintPlaces(this.kernels, width, height));
    const { items, count } = faint.find(plane, rects);
    for (let i = 0; i < count && this.faintLeft >= EVERY; i += 1) {
      const [left = 0, top = 0, fw = 0, fh = 0] = items.subarray(i * RECT_STRIDE, (i + 1) * RECT_STRIDE);
      const [x, y, w, h] = this.cut(plane, width, height, { x: left, y: top, width: fw, height: fh }, 0);
      const takeHere: TakeAt = (symbols, scale) => take(symbols, scale, x, y);
      const found = this.readFaintCells(w, h, x, y, faint.dark[i]!, faint.light[i]!, takeHere);
      // It is to be found again as long as it stays.
      if (found) this.faintLeft = Math.max(this.faintLeft, MAX * EVERY);
    }
  }

  /** Reads what is in `crop`, its tones spread and what is beyond them cut off: no reader tells so few levels beside so many. */
  private readFaintCells(w: number, h: number, x: number, y: number, low: number, high: number, take: TakeAt): boolean {
    const { crop, memo, zxing } = this;
    if (holdsAlike(this.done, x, y, w, h, ALIKE)) return false;
    const key = memo.key(crop, w, h, FAINT);
    if (memo.has(key) || (this.goesOn && this.known.has(crop, x, y, w, h))) return false;
    spreadTones(crop, w * h, { low, high });
    const tones = sparseTones(crop, w, h);
    const isBarred = mayBeBars(crop, w, h);
    if (tones !== undefined || isBarred) {
      this.faintLeft -= EVERY;
      this.reader.reads += 1;
      zxing.pixels().set(crop.subarray(0, w * h));
      const first = zxing.read(w, h, 'other', 'local').filter((s) => s.valid);
      if (take(first, 1) || (isBarred && this.readFaintBars(w, h, take))) return true;
      if (tones !== undefined && this.reader.read(crop, w, h, tones, take)) return true;
    }
    memo.add(key);
    if (this.goesOn) this.known.add(x, y, w, h);
    return false;
  }

  private readFaintBars(w: number, h: number, take: TakeAt): boolean {
    const { bars, crop } = this;
    bars.reads = 0;
    const found = bars.read(crop, w, h, ALL_BARS, true);
    this.reader.reads += bars.reads;
    return take(found, 1);
  }

  private isFree(): boolean {
    return this.left >= EVERY;
  }

  /** Puts a rectangle of a plane and what is around it into `crop`; returns what that is. */
  private cut(
    plane: Uint8Array,
    width: number,
    height: number,
    { x, y, width: w, height: h }: Box,
    reach: number,
  ): Rect {
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
    at: PlaceAt,
    take: TakeAt,
    bare = false,
  ): boolean {
    const { known, memo, reader } = this;
    const { x, y, scale } = at;
    reader.cutOff = undefined;
    if (Math.min(w, h) < MIN_SIDE || holdsAlike(this.done, x, y, w * scale, h * scale, ALIKE)) return false;
    const key = memo.key(crop, w, h, bare ? BARE : 0);
    if (memo.has(key) || (this.goesOn && known.has(crop, x, y, w, h))) return false;
    // What is read for little is still to be read when it is met otherwise.
    if (!bare && tones.isCoarse !== true) this.done.push(x, y, w * scale, h * scale);
    const found = bare ? reader.readBare(crop, w, h, tones, take) : reader.read(crop, w, h, tones, take);
    if (bare) this.bareLeft -= EVERY;
    else this.left -= reader.wasLittle ? LITTLE : EVERY;
    // It is to be found again as long as it stays.
    if (found) this.left = Math.max(this.left, MAX * EVERY);
    else memo.add(key);
    if (!found && this.goesOn) known.add(x, y, w, h);
    return found;
  }
}
