import { type Kernels, OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { RectList } from '../../core/picture.js';
import { isCellular } from './cellular-places.js';
import { stretchPlane } from './plane-filters.js';
import { holder } from './rect-lists.js';
import type { TakeSymbols } from './scan-areas.js';
import { CleanMemo } from './scan-memo.js';
import type { CodeSymbol } from './symbol.js';
import type { Binarisation, ZxingReader } from './zxing-reader.js';

/*
 * Further readings of the places that bear the mark of a code without finders, in what is new.
 *
 * The problem: a Data Matrix or an Aztec code is read once, in its own size, by the neighbourhood's average. With modules of
 * two pixels, in twenty levels of grey, printed as dots that do not touch, or moved, that reading fails and nothing else is tried,
 * while the mark is met in most of them. The rule: what the mark encloses is cut out and, if it has a bull's eye or is made of cells,
 * read twice as large, closed, by the histogram, sharpened and blurred. The marks are those of the sharpened looks, which search the
 * same bits for finders anyway; to search the areas of code-like texture too would find some more, of 40 to 60 px, for 0.5 ms a frame.
 */

/** Around a corner's sides, in pixels, and as a share of them. */
const MARGIN = 6;
const SHARE = 0.12;
/** From a bull's eye to the edge of its code, in its widths of seven modules: codes of 39 modules. */
const REACH = 2.3;
const LEAST_SIDE = 12;
/** What is longer is not enlarged, and halved for a second reading; what is longer than the second is none. */
const ENLARGE_UP_TO = 160;
const LONGEST = 420;
/** Of each family in one picture. */
const MOST_PLACES = 12;
const FAMILIES = ['cornered', 'ringed'] as const;
/** Sharpening: radius and gain. */
const GAIN = 3;

/** By the mark: two solid sides, a bull's eye. */
type Marked = (typeof FAMILIES)[number];
type PlaceKernels = Pick<Kernels, 'shrinkRect' | 'sharpenPlane' | 'enlargePlane' | 'blurPlane'>;

export class MarkedPlaces {
  reads = 0;
  private readonly memo = new CleanMemo();
  /** Places that were taken up in this picture. */
  private readonly places = { cornered: new RectList(MOST_PLACES), ringed: new RectList(MOST_PLACES) };
  private readonly crop = new Uint8Array(LONGEST ** 2);
  private readonly work = new Uint8Array(LONGEST ** 2);

  constructor(
    private readonly kernels: PlaceKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** A new picture begins. */
  begin(): void {
    this.reads = 0;
    for (const family of FAMILIES) this.places[family].clear();
  }

  /** `marks`: their number, or −1, and each; their pixels × `scale` + (left, top) are the plane's. */
  run(plane: Uint8Array, marks: Int32Array, scale: number, left: number, top: number, take: TakeSymbols): void {
    const { width, height } = this;
    for (let i = 0; i < marks[0]!; i += 1) {
      const mark = marks.subarray(1 + i * OUTLINE_STRIDE, 1 + (i + 1) * OUTLINE_STRIDE);
      const [kind] = mark;
      const [x, y] = [mark[1]! * scale + left, mark[2]! * scale + top];
      const [w, h] = [mark[3]! * scale, mark[4]! * scale];
      const most = Math.max(w, h);
      if (kind === OUTLINE.bullseye) this.readAround(plane, x, y, w, h, Math.round(most * REACH), 'ringed', take);
      if (kind !== OUTLINE.corner || !isCellular(plane, width, height, x, y, w, h)) continue;
      this.readAround(plane, x, y, w, h, Math.round(MARGIN + most * SHARE), 'cornered', take);
    }
  }

  private readAround(
    plane: Uint8Array,
    x: number,
    y: number,
    w: number,
    h: number,
    reach: number,
    family: Marked,
    take: TakeSymbols,
  ): void {
    const { crop, memo, width, height, kernels } = this;
    const places = this.places[family];
    const left = Math.max(0, x - reach);
    const top = Math.max(0, y - reach);
    const cw = Math.min(width, x + w + reach) - left;
    const ch = Math.min(height, y + h + reach) - top;
    if (Math.max(cw, ch) > LONGEST || Math.min(cw, ch) < LEAST_SIDE || places.count === places.capacity) return;
    if (holder(places, left, top, left + cw, top + ch) >= 0) return;
    places.push(left, top, cw, ch);
    kernels.shrinkRect(plane, width, left, top, cw, ch, 0, crop);
    const key = memo.key(crop, cw, ch, FAMILIES.indexOf(family));
    if (memo.has(key)) return;
    stretchPlane(crop, cw * ch);
    if (!this.readCrop(cw, ch, family, (symbols, scale) => take(symbols, scale, left, top))) memo.add(key);
  }

  private readCrop(
    w: number,
    h: number,
    family: Marked,
    take: (symbols: readonly CodeSymbol[], scale: number) => boolean,
  ): boolean {
    const { crop, work, kernels, zxing } = this;
    const enlarge = Math.max(w, h) <= ENLARGE_UP_TO;
    const scale = enlarge ? 2 : 1;
    const read = (from: Uint8Array, how: Binarisation): boolean => {
      if (enlarge) kernels.enlargePlane(from, w, h, zxing.pixels());
      else zxing.pixels().set(from.subarray(0, w * h));
      return this.ask(w * scale, h * scale, family, how, (symbols) => take(symbols, 1 / scale));
    };
    if (read(crop, 'closed') || read(crop, 'global')) return true;
    kernels.sharpenPlane(crop, w, h, 1, GAIN, work);
    if (read(work, 'local')) return true;
    // Dots run together.
    work.set(crop.subarray(0, w * h));
    kernels.blurPlane(work, w, h, enlarge ? 1 : 2);
    if (read(work, 'local')) return true;
    if (enlarge) return false;
    kernels.shrinkRect(crop, w, 0, 0, w, h, 1, zxing.pixels());
    return this.ask(w >> 1, h >> 1, family, 'closed', (symbols) => take(symbols, 2));
  }

  private ask(
    w: number,
    h: number,
    family: Marked,
    how: Binarisation,
    take: (symbols: readonly CodeSymbol[]) => boolean,
  ): boolean {
    this.reads += 1;
    return take(this.zxing.read(w, h, family, how).filter((s) => s.valid));
  }
}
