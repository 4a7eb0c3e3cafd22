import { type Kernels, OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { KnownRegions } from '../pipeline/known-regions.js';
import { holder } from '../pipeline/rect-lists.js';
import { AreaScan, EVERYTHING } from '../pipeline/scan-areas.js';
import type { TakeSymbols } from '../pipeline/symbol.js';
import { CleanMemo } from '../jobs/scan-memory.js';
import type { ZxingReader } from '../decoders/library-readers.js';

/*
 * Reads regions with the locator of a code without QR finders, in the very frame in which it appears. A moving part is
 * read for such codes only in its round-robin slot, and a code that flashes up would fall between two slots.
 *
 * Ordinary pictures have such locators too, so the region is small: the area enclosed by the sides of a corner, or the
 * reach of a code with the module of a bull's eye or start pattern. Only its code-like parts are read, for the formats
 * with that locator. A locator that was read and has moved a little is skipped for a few pictures.
 */

/** Margin around the sides of a corner, in pixels and as a share of them, for a tilt or a partly found side. */
const CORNER_MARGIN = 12;
const CORNER_SHARE = 0.2;
/** From the middle of a bull's eye, in its widths of seven modules: Aztec codes normally have up to 79 modules. */
const BULLSEYE_REACH = 5.5;
/** From the start of a PDF417, in its widths of 17 modules: 20 columns, and half of 90 rows of height three. */
const START_ALONG = 24;
const START_ACROSS = 8;
const MAX_BOXES = 24;
/**
 * Number of pictures for which a read locator is skipped; a frame leaves only when the thirteen after it are judged.
 */
const KNOWN_FOR = 9;
/**
 * A bull's eye of up to this many pixels, with modules below 2.6 px, is also read four times as large: modules of 1.8
 * px are too small for readers. This covers a few of them, and codes of up to 27 modules.
 */
const SMALL_BULLSEYE = 18;
const SMALL_REACH = 2.3;
const MAX_SMALL = 6;
const ENLARGED = 4;
/**
 * A bull's eye whose longer side exceeds the shorter by more is also read with that side halved: beyond 1:2, readers take
 * an Aztec code in some positions only.
 */
const STRETCHED = 1.8;
const MAX_STRETCHED = 2;
const HALVED = 16;
/** For the memo, beside the locators: stacked barcodes were read in all ways too. */
const BARS_TOO = 8;
/** Corner sides of this length belong to a low Data Matrix, which is read whole and not by its code-like parts. */
const LONG = 3;
const MAX_LONG = 6;

export class OutlineReader {
  reads = 0;
  private readonly boxes = new RectList(MAX_BOXES);
  /** The locators of each, as bits. */
  private readonly kinds = new Int32Array(MAX_BOXES);
  private readonly whole = new RectList(1);
  private readonly memo = new CleanMemo();
  private readonly known: KnownRegions;
  /** Reads the region of a locator; the caller sets its `due`. */
  readonly areas: AreaScan;
  private enlarged = new Uint8Array(0);
  private twice = new Uint8Array(0);

  /** `crop` and `part` each have room for the plane. */
  constructor(
    private readonly kernels: Pick<
      Kernels,
      'findTexture' | 'shrinkRect' | 'outlineKinds' | 'enlargePlane' | 'turnPlane' | 'meanCells'
    >,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    kind: 'luma' | 'chroma',
    private readonly crop: Uint8Array,
    part: Uint8Array,
  ) {
    this.known = new KnownRegions(kernels, KNOWN_FOR);
    this.areas = new AreaScan(kernels, zxing, width, height, kind, part);
  }

  /**
   * Reads around `count` locators, except those inside one of `done` (in pixels of the plane), which was read already.
   */
  run(plane: Uint8Array, marks: Int32Array, count: number, done: RectList, take: TakeSymbols): void {
    const { boxes, whole, crop, memo, known, width } = this;
    this.reads = 0;
    known.begin();
    boxes.clear();
    for (let i = 0; i < count; i += 1) this.addBox(marks.subarray(i * OUTLINE_STRIDE, (i + 1) * OUTLINE_STRIDE), done);
    for (let i = 0; i < boxes.count; i += 1) {
      const [x = 0, y = 0, w = 0, h = 0] = boxes.items.subarray(i * RECT_STRIDE, (i + 1) * RECT_STRIDE);
      this.kernels.shrinkRect(plane, width, x, y, w, h, 0, crop);
      // Most regions are known, and their key takes longer.
      if (known.has(crop, x, y, w, h)) continue;
      const key = memo.key(crop, w, h, this.kinds[i]! | (this.areas.due === EVERYTHING ? BARS_TOO : 0));
      if (memo.has(key)) continue;
      let found = false;
      this.areas.marked = this.kinds[i]!;
      whole.clear();
      whole.push(0, 0, w, h);
      this.areas.run(
        crop,
        whole,
        1,
        (symbols, scale, dx, dy) => {
          const code = take(symbols, scale, dx + x, dy + y);
          found ||= code;
          return code;
        },
        w,
        h,
      );
      this.reads += this.areas.reads;
      if (found) continue;
      memo.add(key);
      known.add(x, y, w, h);
    }
    this.readDirectly(plane, marks, count, take);
  }

  /** Reads around small bull's eyes, enlarged, and the areas enclosed by long corners. */
  private readDirectly(plane: Uint8Array, marks: Int32Array, count: number, take: TakeSymbols): void {
    let small = MAX_SMALL;
    let long = MAX_LONG;
    let stretched = MAX_STRETCHED;
    for (let i = 0; i < count; i += 1) {
      const [kind, x = 0, y = 0, w = 0, h = 0] = marks.subarray(i * OUTLINE_STRIDE, (i + 1) * OUTLINE_STRIDE);
      const most = Math.max(w, h);
      if (kind === OUTLINE.bullseye && most <= SMALL_BULLSEYE && small > 0) {
        small -= 1;
        this.readAround(plane, x, y, w, h, Math.round(most * SMALL_REACH), true, take);
      } else if (kind === OUTLINE.bullseye && most > STRETCHED * Math.min(w, h) && stretched > 0) {
        stretched -= 1;
        this.readHalved(plane, x, y, w, h, take);
      } else if (kind === OUTLINE.corner && most >= LONG * Math.min(w, h) && long > 0) {
        long -= 1;
        const margin = CORNER_MARGIN + Math.round(Math.min(w, h) * CORNER_SHARE);
        this.readAround(plane, x, y, w, h, margin, false, take);
      }
    }
  }

  private readAround(
    plane: Uint8Array,
    x: number,
    y: number,
    w: number,
    h: number,
    reach: number,
    enlarge: boolean,
    take: TakeSymbols,
  ): void {
    const { kernels, zxing, memo, crop, width, height } = this;
    const x0 = Math.max(0, x - reach);
    const y0 = Math.max(0, y - reach);
    const cw = Math.min(width, x + w + reach) - x0;
    const ch = Math.min(height, y + h + reach) - y0;
    kernels.shrinkRect(plane, width, x0, y0, cw, ch, 0, crop);
    const scale = enlarge ? ENLARGED : 1;
    const key = memo.key(crop, cw, ch, scale << 8);
    if (memo.has(key)) return;
    const n = cw * ch;
    if (enlarge) {
      if (this.enlarged.length < n * ENLARGED * ENLARGED) {
        this.twice = new Uint8Array(n * ENLARGED);
        this.enlarged = new Uint8Array(n * ENLARGED * ENLARGED);
      }
      kernels.enlargePlane(crop, cw, ch, this.twice);
      kernels.enlargePlane(this.twice, 2 * cw, 2 * ch, this.enlarged);
    }
    zxing.pixels().set((enlarge ? this.enlarged : crop).subarray(0, n * scale * scale));
    this.reads += 1;
    const symbols = zxing.read(cw * scale, ch * scale, 'other', 'local').filter((s) => s.valid);
    if (!take(symbols, 1 / scale, x0, y0)) memo.add(key);
  }

  /** Reads around a bull's eye that is far from square, with its longer side halved. */
  private readHalved(plane: Uint8Array, x: number, y: number, w: number, h: number, take: TakeSymbols): void {
    const { kernels, zxing, memo, crop, width, height } = this;
    const [reachX, reachY] = [Math.round(w * BULLSEYE_REACH), Math.round(h * BULLSEYE_REACH)];
    const x0 = Math.max(0, x - reachX);
    const y0 = Math.max(0, y - reachY);
    const cw = (Math.min(width, x + w + reachX) - x0) & ~1;
    const ch = (Math.min(height, y + h + reachY) - y0) & ~1;
    kernels.shrinkRect(plane, width, x0, y0, cw, ch, 0, crop);
    const key = memo.key(crop, cw, ch, HALVED);
    if (memo.has(key)) return;
    const isWide = w > h;
    const to = zxing.pixels();
    const [tw, th] = isWide ? [cw >> 1, ch] : [cw, ch >> 1];
    const [step, next] = isWide ? [2, 1] : [1, cw];
    for (let row = 0, at = 0; row < th; row += 1) {
      let from = (isWide ? row : 2 * row) * cw;
      for (let column = 0; column < tw; column += 1, at += 1, from += step)
        to[at] = (crop[from]! + crop[from + next]! + 1) >> 1;
    }
    this.reads += 1;
    const [sx, sy] = isWide ? [2, 1] : [1, 2];
    const symbols = zxing.read(tw, th, 'other', 'local').filter(({ valid }) => valid);
    const whole = symbols.map((one) => ({
      ...one,
      x: one.x * sx,
      y: one.y * sy,
      width: one.width * sx,
      height: one.height * sy,
    }));
    if (!take(whole, 1, x0, y0)) memo.add(key);
  }

  /** The part of the plane that a locator's code may cover. */
  private addBox([kind, x = 0, y = 0, w = 0, h = 0]: Int32Array, done: RectList): void {
    const corner = CORNER_MARGIN + Math.round(Math.max(w, h) * CORNER_SHARE);
    const long = Math.max(w, h);
    const along = w >= h ? long * START_ALONG : long * START_ACROSS;
    const across = w >= h ? long * START_ACROSS : long * START_ALONG;
    const reachX = kind === OUTLINE.corner ? corner : kind === OUTLINE.start ? along : Math.round(w * BULLSEYE_REACH);
    const reachY = kind === OUTLINE.corner ? corner : kind === OUTLINE.start ? across : Math.round(h * BULLSEYE_REACH);
    const left = Math.max(0, x - reachX);
    const top = Math.max(0, y - reachY);
    const right = Math.min(this.width, x + w + reachX);
    const bottom = Math.min(this.height, y + h + reachY);
    // A full list merges boxes: a box inside the union may be unread.
    if (done.count < done.capacity && holder(done, left, top, right, bottom) >= 0) return;
    const { boxes, kinds } = this;
    let box = holder(boxes, left, top, right, bottom);
    if (box < 0) {
      box = Math.min(boxes.count, boxes.capacity - 1);
      if (box === boxes.count) kinds[box] = 0;
      boxes.push(left, top, right - left, bottom - top);
    }
    kinds[box]! |= 1 << kind!;
  }
}
