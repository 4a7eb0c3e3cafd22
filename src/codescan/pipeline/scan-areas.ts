import { ALL_OUTLINES, type Kernels, OUTLINE, TEXTURE_AREAS, TEXTURE_OUT, TEXTURE_STRIDE } from '../../core/kernels.js';
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import type { ZxingReader } from '../decoders/library-readers.js';
import { CleanMemo, EFFORT, MAX_JOB_SUSPECTS, readRects } from '../jobs/scan-memory.js';
import { ALL_PLACES, PLACES, type TexturedRegions } from '../locate/textured-regions.js';
import type { TakeAt } from '../matrix/cell-reader.js';
import { ALL_BARS, BarsReader } from '../pdf417/bars-reader.js';
import type { MarkedCode } from '../qr/finder-reader.js';
import { isQrCode } from '../qr/qr-evidence.js';
import { stretchPlane } from './rgba-planes.js';
import type { Corner, Quad } from './quad-sampler.js';
import { addHit, type CodeSymbol, EVIDENCE_CHARACTERS, hitOfSymbol, type TakeSymbols } from './symbol.js';

/** How a textured region is read, beside the bits of `BARS` and `PLACES`. */
const AS_IT_LIES = 4;
export const EVERYTHING = AS_IT_LIES | ALL_PLACES | ALL_BARS;
/** The readings a show makes at once. */
export const WITHOUT_BARS = AS_IT_LIES | PLACES.cells;
/** The readings of stacked barcodes that a show gets once a second. */
const BARS_ONLY = PLACES.bars | ALL_BARS;

/**
 * Which readings the regions of a plane get in a job of `rects` rectangles. A show has its stacked barcodes read in all
 * ways, in the luma, once a second and where a violation is scanned again.
 */
export function dueReadings(effort: number, rects: number, plane: number): number {
  if ((effort & EFFORT.slotted) === 0) return EVERYTHING;
  if (plane !== 0 || (effort & EFFORT.bars) === 0) return WITHOUT_BARS;
  return (effort & EFFORT.luma) === 0 && readRects(rects, effort) === 0 ? BARS_ONLY : EVERYTHING;
}

/** The shorter side of a located symbol, in samples: 21 modules. */
const MIN_LOCATED = 21;
/** Maximum ratio of the longest to the shortest side of a located symbol. */
const MAX_UNEVEN = 2;

/**
 * When a located QR code counts without further evidence: the luma has few locators in all, including finders proper.
 * Photographs of codes that no reader reads have 3 finders and 8 to 15 locators; rows of windows, speakers and
 * characters, in which three locators are always arranged like a code's, have at least 5 and 16.
 */
const MAX_CALM_MARKS = 15;
const MAX_CALM_FINDERS = 3;

/** Whether a located QR code counts in a plane with this many finders proper and locators. */
export const countsLocated = (finders: number, marks: number): boolean =>
  finders <= MAX_CALM_FINDERS && marks <= MAX_CALM_MARKS;

/** The findings of one frame's scan, in luma pixels, and the current plane. */
export class ScanFindings {
  readonly hits: FrameHit[] = [];
  /** Candidate regions that could not be read. */
  readonly suspects = new RectList(MAX_JOB_SUSPECTS);
  private plane: Uint8Array = new Uint8Array(0);
  private width = 0;
  private height = 0;
  private scale: 1 | 2 = 1;

  clear(): void {
    this.hits.length = 0;
    this.suspects.clear();
  }

  /** Sets the plane of the following findings; it has `scale` luma pixels per sample. */
  lookingAt(plane: Uint8Array, width: number, height: number, scale: 1 | 2): void {
    this.plane = plane;
    this.width = width;
    this.height = height;
    this.scale = scale;
  }

  /** Takes a code identified by its locators, in a plane with `scale` luma pixels per sample. */
  takeMarked({ kind, text, box }: MarkedCode, scale: number): void {
    const { x, y, width, height } = box;
    const scaled = { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    const hit: FrameHit = { rule: CODE_RULE, kind, box: scaled };
    addHit(this.hits, text === undefined ? hit : { ...hit, text: text.slice(0, EVIDENCE_CHARACTERS) });
  }

  /**
   * Takes the symbols of a reading; their coordinates are `scale` × + (dx, dy) in luma pixels. Returns whether any of
   * them is a hit. `located`: a QR code that the reader located, corners included, but could not read counts without
   * the locators of one.
   */
  take(symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number, located = false): boolean {
    let found = false;
    for (const symbol of symbols) {
      const hit = hitOfSymbol(symbol, scale, dx, dy);
      if (hit === undefined) continue;
      if (!symbol.valid && !(located && hasPlace(symbol)) && !this.isEvident(symbol.quad, scale / this.scale, dx, dy))
        continue;
      addHit(this.hits, hit);
      found = true;
    }
    return found;
  }

  /** Whether an unread symbol has the locators of a QR code; its corners are `scale` × + (dx, dy) / plane scale. */
  private isEvident(quad: Quad, scale: number, dx: number, dy: number): boolean {
    const place = ({ x, y }: Corner): Corner => ({
      x: x * scale + dx / this.scale,
      y: y * scale + dy / this.scale,
    });
    return isQrCode(this.plane, this.width, this.height, {
      topLeft: place(quad.topLeft),
      topRight: place(quad.topRight),
      bottomLeft: place(quad.bottomLeft),
      bottomRight: place(quad.bottomRight),
    });
  }
}

/** A symbol without corners was not located: its pattern only began like a code's. */
function hasPlace({ width, height, quad }: CodeSymbol): boolean {
  if (Math.min(width, height) < MIN_LOCATED) return false;
  const { topLeft: a, topRight: b, bottomLeft: c, bottomRight: d } = quad;
  const sides = [distance(a, b), distance(b, d), distance(d, c), distance(c, a)];
  return Math.max(...sides) <= MAX_UNEVEN * Math.min(...sides);
}

const distance = (a: Corner, b: Corner): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Alternations in chroma are smaller: equiluminant colours differ by 40 and more. */
const SWING = { luma: 24, chroma: 16 };
/** Pixels of the level around an area, for the quiet zone. */
const MARGIN = 12;
const MAX_AREAS = TEXTURE_AREAS;
/** A picture too fine to be a code is scanned again at half its size, this many times. */
const MAX_HALVINGS = 2;
const MIN_SIDE = 32;

type AreaKernels = Pick<Kernels, 'findTexture' | 'shrinkRect' | 'outlineKinds' | 'enlargePlane' | 'turnPlane'>;

interface Stage {
  readonly width: number;
  readonly height: number;
  /** The plane at this stage's size; the first stage has the plane itself. */
  readonly plane: Uint8Array;
}

/**
 * Reads, for every format of code, the candidate regions that touch the changes in one plane.
 *
 * A region whose exact pixels were read as clean before is not read again: a scene returns to the same pictures all the
 * time. Regions of large modules are read at half and quarter size, unless a finer region that contains them was read
 * already, as the reader takes large modules there too.
 */
export class AreaScan {
  /** The regions of the last plane, in its pixels. */
  readonly boxes = new RectList(MAX_AREAS);
  /** Those that were read for every format at their own size, now or when they looked the same. */
  readonly done = new RectList(MAX_AREAS);
  /** Those that contain a code. Another code may stand beside it, unread. */
  readonly withCode = new RectList(8);
  reads = 0;
  /** Locators known in a region, as bits; it is read for the formats with those. 0: for every format. */
  marked = 0;
  /** Which of `EVERYTHING` is read. */
  due = EVERYTHING;
  private unread = false;
  private wasRead = false;
  private readonly stages: Stage[];
  private readonly found = new Int32Array(TEXTURE_OUT);
  private readonly memo = new CleanMemo();
  private readonly bars: BarsReader;

  constructor(
    private readonly kernels: AreaKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    private readonly kind: 'luma' | 'chroma',
    private readonly crop: Uint8Array,
    /** Reads textured regions further. */
    private readonly cells?: TexturedRegions,
  ) {
    this.bars = new BarsReader(kernels, zxing);
    this.stages = [];
    let [w, h] = [width, height];
    for (let i = 0; i <= MAX_HALVINGS && w >= MIN_SIDE && h >= MIN_SIDE; i += 1) {
      this.stages.push({ width: w, height: h, plane: new Uint8Array(i === 0 ? 0 : w * h) });
      w >>= 1;
      h >>= 1;
    }
  }

  /**
   * Reads every region that touches one of `rects` (in pixels of the plane × `scale`). The plane may be smaller than it
   * was made for.
   */
  run(
    plane: Uint8Array,
    rects: RectList,
    scale: number,
    take: TakeSymbols,
    width = this.width,
    height = this.height,
  ): void {
    this.boxes.clear();
    this.done.clear();
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
      if (w < MIN_SIDE || h < MIN_SIDE || !this.scanStage(w, h, from, i, rects, scale << i, take)) return;
    }
  }

  /** The regions that touch `rects`, not read; valid until the next call. */
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
      // At half size a small code is lost among coarser shapes: a region with a locator is read separately.
      const sharp = level === 0 && halved === 0;
      const code = this.holdsCode(plane, width, x, y, w, h, level, 1 << halved, take);
      if (this.wasRead && sharp) done.push(x << halved, y << halved, w << halved, h << halved);
      if (code) withCode.push(x << halved, y << halved, w << halved, h << halved);
    }
    return found[0] === 1;
  }

  /** True when a box of this stage, of the same level or a finer one, contains this one. */
  private isRead(first: number, x: number, y: number, w: number, h: number): boolean {
    const { items, count, capacity } = this.boxes;
    // A full list merges boxes: a box inside the union may be unread.
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
    const { crop, kernels, memo, cells } = this;
    const w = width >> level;
    const h = height >> level;
    kernels.shrinkRect(plane, stride, x, y, width, height, level, crop);
    const key = memo.key(crop, w, h, this.marked);
    const before = memo.waysOf(key);
    const due = this.due & ~before;
    this.wasRead = (before & AS_IT_LIES) !== 0;
    if (due === 0) return false;
    // Chroma has a small range even in strong colours.
    if (this.kind === 'chroma') stretchPlane(crop, w * h);
    const takeHere: TakeAt = (symbols, s) => take(symbols, s * (scale << level), x * scale, y * scale);
    if ((due & AS_IT_LIES) !== 0 && this.readAsItLies(w, h, takeHere)) return true;
    if ((due & ALL_BARS) !== 0 && this.readBars(w, h, due & ALL_BARS, takeHere)) return true;
    const readsPlaces = cells !== undefined && (due & ALL_PLACES) !== 0;
    const at = { x: x * scale, y: y * scale, scale: scale << level };
    if (readsPlaces && cells.read(crop, w, h, at, due & ALL_PLACES, takeHere)) return true;
    // A region skipped because there were too many is not clean: it is read in another picture.
    memo.add(key, before | (readsPlaces && cells.passedOver ? due & ~ALL_PLACES : due));
    return false;
  }

  /** Reads the region in `crop` as a whole. */
  private readAsItLies(w: number, h: number, take: TakeAt): boolean {
    const { crop, kernels, zxing } = this;
    const marks = this.marked === 0 ? ALL_OUTLINES : this.marked | kernels.outlineKinds(crop, w, h);
    zxing.pixels().set(crop.subarray(0, w * h));
    this.reads += 1;
    this.wasRead = marks !== 1 << OUTLINE.corner;
    const family = this.wasRead ? 'other' : 'cornered';
    return take(zxing.read(w, h, family, 'local'), 1);
  }

  private readBars(w: number, h: number, ways: number, take: TakeAt): boolean {
    const { crop, bars } = this;
    bars.reads = 0;
    const found = bars.read(crop, w, h, ways);
    this.reads += bars.reads;
    return take(found, 1);
  }
}
