import { type Kernels, OUTLINE, OUTLINE_STRIDE, TEXTURE_OUT, TEXTURE_STRIDE } from '../../core/kernels.js';
import { RectList } from '../../core/media/picture.js';
import type { Box } from '../../core/verdict.js';
import { CellReader, isForCells, LONGEST_CELLS, type PlaceAt, type TakeAt } from '../matrix/cell-reader.js';
import { contrastOf, type Tones, tonesOfCells } from './cell-texture.js';
import { KnownRegions } from '../pipeline/known-regions.js';
import { holdsAlike } from '../pipeline/rect-lists.js';
import type { TakeSymbols } from '../pipeline/symbol.js';
import { CleanMemo } from '../jobs/scan-memory.js';
import type { ZxingReader } from '../decoders/library-readers.js';

/*
 * Further readings of textured regions that were read once without a result.
 *
 * The problem: with modules of two pixels, in twenty levels of grey, or moved, the single reading of a Data Matrix, an
 * Aztec code or a PDF417 at its own size fails. The rule: regions that were read anyway, areas enclosed by locators,
 * and the parts of a region with strong edges are read further if they consist of cells. Each is read once while it
 * looks the same, and a moving show gets at most a few per second. Regions of bars are read only when stacked barcodes
 * are due.
 */

/** In samples. */
const MIN_SIDE = 24;
/**
 * Margin around the sides of a corner, in pixels and as a share of them; from a bull's eye, in its widths of seven
 * modules: codes of 39 modules.
 */
const CORNER_MARGIN = 6;
const CORNER_SHARE = 0.2;
/** The share left out beside the sides of a corner when its cells are measured. */
const WITHIN_CORNER = 0.12;
const BULLSEYE_REACH = 2.3;
/** The surroundings of a bull's eye in which any code alternates, in its widths. */
const MIN_AROUND = 0.6;
/** Strong edges: a share of the region's contrast, and an absolute minimum. The margin read around such a part. */
const STRONG_SWING = 0.4;
const MIN_SWING = 24;
const AREA_MARGIN = 8;
/** From this many samples on, a region is searched for parts that consist of cells. */
const REGIONS_FROM = 6000;
/** A reading of a region equals one of a region inside it that is at least half as large. */
const ALIKE = 2;
/** Number of pictures for which a slightly moving region is skipped. */
const KNOWN_FOR = 60;
/** Regions read in one picture. A show gets that many at once, then one every `EVERY` pictures. */
const MAX_PLACES = 12;
const EVERY = 10;

/** The kinds of regions that are read: bits not used by `BARS`. */
export const PLACES = { cells: 8, bars: 16 } as const;
export const ALL_PLACES = PLACES.cells | PLACES.bars;

type Rect = [x: number, y: number, w: number, h: number];
type CellKernels = ConstructorParameters<typeof CellReader>[0] & Pick<Kernels, 'findTexture' | 'meanCells'>;

export class TexturedRegions {
  private readonly reader: CellReader;
  private readonly known: KnownRegions;
  private readonly memo = new CleanMemo();
  /** Read in this picture. */
  private readonly done = new RectList(MAX_PLACES * (EVERY + 2));
  private readonly texture = new Int32Array(TEXTURE_OUT);
  private readonly whole = new RectList(1);
  private readonly crop = new Uint8Array(LONGEST_CELLS ** 2);
  /** Whether `read` left something for another picture. */
  passedOver = false;
  private goesOn = false;
  /** Remaining readings, times EVERY. */
  private left = MAX_PLACES * EVERY;

  constructor(
    private readonly kernels: CellKernels,
    zxing: ZxingReader,
  ) {
    this.reader = new CellReader(kernels, zxing);
    this.known = new KnownRegions(kernels, KNOWN_FOR);
  }

  get reads(): number {
    return this.reader.reads;
  }

  /** Starts a new picture, which may be one of a running show; `thorough`: all its regions are read. */
  begin(goesOn: boolean, thorough: boolean): void {
    this.reader.reads = 0;
    this.goesOn = goesOn;
    this.known.begin();
    this.done.clear();
    const max = thorough ? Infinity : MAX_PLACES * EVERY;
    this.left = goesOn ? Math.min(this.left + 1, MAX_PLACES * EVERY) : max;
  }

  /** Reads the areas enclosed by `count` locators of a plane, of the kinds `due` of PLACES. */
  readMarked(
    plane: Uint8Array,
    width: number,
    height: number,
    marks: Int32Array,
    count: number,
    due: number,
    take: TakeSymbols,
  ): void {
    for (let i = 0; i < count; i += 1) {
      const [kind, x = 0, y = 0, w = 0, h = 0] = marks.subarray(i * OUTLINE_STRIDE, (i + 1) * OUTLINE_STRIDE);
      if (kind === OUTLINE.start) continue;
      const long = Math.max(w, h);
      const isCorner = kind === OUTLINE.corner;
      const reach = Math.round(isCorner ? CORNER_MARGIN + long * CORNER_SHARE : long * BULLSEYE_REACH);
      const near = isCorner ? 0 : Math.round(long * MIN_AROUND);
      if (!this.isFree() || !isForCells(w + 2 * reach, h + 2 * reach)) continue;
      const { crop } = this;
      const [, , tw, th] = this.cut(plane, width, height, { x, y, width: w, height: h }, near);
      const tones = tonesOfCells(crop, tw, th, isCorner ? WITHIN_CORNER : 0);
      if (tones === undefined || !isDue(tones, due)) continue;
      const [left, top, cw, ch] = this.cut(plane, width, height, { x, y, width: w, height: h }, reach);
      const takeHere: TakeAt = (symbols, scale) => take(symbols, scale, left, top);
      this.readCells(crop, cw, ch, tones, { x: left, y: top, scale: 1 }, takeHere);
    }
  }

  /**
   * Reads the region `at` with its samples in `from`, which it may change, or its parts that consist of cells; the
   * kinds `due` of PLACES.
   */
  read(from: Uint8Array, w: number, h: number, at: PlaceAt, due: number, take: TakeAt): boolean {
    this.passedOver = !this.isFree();
    if (this.passedOver) return false;
    const tones = isForCells(w, h) ? tonesOfCells(from, w, h) : undefined;
    if (tones !== undefined && isDue(tones, due) && this.readCells(from, w, h, tones, at, take)) return true;
    if (w * h < REGIONS_FROM) return false;
    const swing = Math.round(contrastOf(from, w * h) * STRONG_SWING);
    return swing >= MIN_SWING && this.readStrong(from, w, h, swing, at, due, take);
  }

  /** Reads the parts of a region with edges of at least `swing` steps. */
  private readStrong(
    from: Uint8Array,
    w: number,
    h: number,
    swing: number,
    at: PlaceAt,
    due: number,
    take: TakeAt,
  ): boolean {
    const { texture, whole, crop } = this;
    whole.clear();
    whole.push(0, 0, w, h);
    const count = this.kernels.findTexture(from, w, h, swing, whole, 1, texture);
    let isFound = false;
    for (let i = 0; i < count; i += 1) {
      this.passedOver = !this.isFree();
      if (this.passedOver) break;
      const [level = 0, left = 0, top = 0, aw = 0, ah = 0] = texture.subarray(1 + i * TEXTURE_STRIDE);
      if (level > 0 || aw * ah * ALIKE > w * h || !isForCells(aw + 2 * AREA_MARGIN, ah + 2 * AREA_MARGIN)) continue;
      const [rx, ry, rw, rh] = this.cut(from, w, h, { x: left, y: top, width: aw, height: ah }, AREA_MARGIN);
      const tones = tonesOfCells(crop, rw, rh);
      if (tones === undefined || !isDue(tones, due)) continue;
      const takeHere: TakeAt = (symbols, s) => {
        const moved = symbols.map((symbol) => ({ ...symbol, x: symbol.x + rx / s, y: symbol.y + ry / s }));
        return take(moved, s);
      };
      const part = { x: at.x + rx * at.scale, y: at.y + ry * at.scale, scale: at.scale };
      isFound = this.readCells(crop, rw, rh, tones, part, takeHere) || isFound;
    }
    return isFound;
  }

  private isFree(): boolean {
    return this.left >= EVERY;
  }

  /** Copies a rectangle of a plane and its surroundings into `crop`; returns the rectangle of both. */
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

  private readCells(crop: Uint8Array, w: number, h: number, tones: Tones, at: PlaceAt, take: TakeAt): boolean {
    const { known, memo, reader } = this;
    const { x, y, scale } = at;
    if (Math.min(w, h) < MIN_SIDE || holdsAlike(this.done, x, y, w * scale, h * scale, ALIKE)) return false;
    const key = memo.key(crop, w, h);
    if (memo.has(key) || (this.goesOn && known.has(crop, x, y, w, h))) return false;
    this.done.push(x, y, w * scale, h * scale);
    const found = reader.read(crop, w, h, tones, take);
    this.left -= EVERY;
    // A detected code must be detected again as long as it stays.
    if (found) this.left = Math.max(this.left, MAX_PLACES * EVERY);
    else memo.add(key);
    if (!found && this.goesOn) known.add(x, y, w, h);
    return found;
  }
}

const isDue = (tones: Tones, due: number): boolean => (due & (tones.bars ? PLACES.bars : PLACES.cells)) !== 0;
