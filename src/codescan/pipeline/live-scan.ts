import type { Kernels } from '../../core/kernels.js';
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';
import type { Box, FrameHit } from '../../core/verdict.js';
import type { ZxingReader } from '../decoders/library-readers.js';
import { EFFORT, MAX_JOB_RECTS, passesOf, readRects, slotRects } from '../jobs/scan-memory.js';
import { addSuspects, CandidateBoxes } from '../locate/candidate-boxes.js';
import { EnhancedFinders } from '../locate/enhanced-finders.js';
import { MarkFinder } from '../locate/crowded-marks.js';
import { MarkFollower } from '../locate/mark-follower.js';
import { OutlineReader } from '../locate/outline-reader.js';
import { ALL_PLACES, TexturedRegions } from '../locate/textured-regions.js';
import { markedCodewords } from '../pdf417/bars-reader.js';
import { FinderReader } from '../qr/finder-reader.js';
import { RetailReader } from '../retail/retail-reader.js';
import { BoxReader, samplesToRead } from './box-reader.js';
import { AreaScan, countsLocated, dueReadings, EVERYTHING, ScanFindings, WITHOUT_BARS } from './scan-areas.js';
import { addRect, addRects, eachPart, holder, mergeRects } from './rect-lists.js';
import type { TakeSymbols } from './symbol.js';

/** The kernels that a scan uses. */
export type ScanKernels = Pick<
  Kernels,
  | 'findFinders'
  | 'findTexture'
  | 'outlineKinds'
  | 'findTinyFinders'
  | 'meanCells'
  | 'shrinkRect'
  | 'sharpenPlane'
  | 'enlargePlane'
  | 'mixPlanes'
  | 'doublePlane'
  | 'blurPlane'
  | 'turnPlane'
>;

/** Chroma samples around an area. */
const MARGIN = 16;
const MAX_AREAS = 12;

/**
 * Finds where colours alternate within a box. Each area is separate, as anything else in the box would fill the lists
 * of locators.
 */
class ColourfulAreas {
  private readonly box = new RectList(1);
  private readonly found = new RectList(MAX_AREAS);

  constructor(
    private readonly cbAreas: AreaScan,
    private readonly crAreas: AreaScan,
  ) {}

  /**
   * In planes of `width` × `height` samples; the box in luma pixels, the areas in chroma samples, valid until the next
   * call.
   */
  find(cb: Uint8Array, cr: Uint8Array, width: number, height: number, luma: Int32Array): RectList {
    const { box, found } = this;
    const [bx = 0, by = 0, bw = 0, bh = 0] = luma;
    const right = Math.min((bx + bw + 1) >> 1, width);
    const bottom = Math.min((by + bh + 1) >> 1, height);
    box.clear();
    box.push(bx, by, bw, bh);
    found.clear();
    this.add(this.cbAreas.find(cb, box, 2), bx >> 1, by >> 1, right, bottom);
    this.add(this.crAreas.find(cr, box, 2), bx >> 1, by >> 1, right, bottom);
    mergeRects(found);
    return found;
  }

  private add({ items, count }: RectList, left: number, top: number, right: number, bottom: number): void {
    for (let r = 0; r < count * RECT_STRIDE; r += RECT_STRIDE) {
      const x = Math.max(left, items[r]! - MARGIN);
      const y = Math.max(top, items[r + 1]! - MARGIN);
      const w = Math.min(right, items[r]! + items[r + 2]! + MARGIN) - x;
      const h = Math.min(bottom, items[r + 1]! + items[r + 3]! + MARGIN) - y;
      if (w > 0 && h > 0) this.found.push(x, y, w, h);
    }
  }
}

/** The enhanced passes over a box of a picture: its luma sharpened, and its colourful areas enlarged. */
class EnhancedPasses {
  private readonly finders: EnhancedFinders;

  constructor(
    kernels: ScanKernels,
    reader: FinderReader,
    private readonly colourful: ColourfulAreas,
    private readonly found: ScanFindings,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.finders = new EnhancedFinders(kernels, reader, width, height);
  }

  /** `box`: x, y, width and height in an I420 picture; `passes`: pass bits as from `passesOf`. */
  run(picture: Uint8Array, box: Int32Array, passes: number): void {
    const { width, height, finders, found } = this;
    const [bx = 0, by = 0, bw = 0, bh = 0] = box;
    const n = width * height;
    const luma = picture.subarray(0, n);
    for (const code of finders.inLuma(luma, width, bx, by, bw, bh, passes)) found.takeMarked(code, 1);
    if (!finders.takesChroma(passes)) return;
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const cb = picture.subarray(n, n + cw * ch);
    const cr = picture.subarray(n + cw * ch, n + 2 * cw * ch);
    const colourful = this.colourful.find(cb, cr, cw, ch, box);
    for (let r = 0; r < colourful.count * RECT_STRIDE; r += RECT_STRIDE) {
      const [x = 0, y = 0, w = 0, h = 0] = colourful.items.subarray(r, r + RECT_STRIDE);
      for (const code of finders.inChroma(cb, cr, cw, x, y, w, h, passes)) found.takeMarked(code, 2);
    }
  }
}

/** By plane. */
const SLICE_BITS = [EFFORT.luma | EFFORT.bars, EFFORT.cb, EFFORT.cr] as const;

/** The purpose of a job's rectangles in one plane, as laid out in `ScanMemory`; in pixels of the picture. */
export class JobParts {
  /** Searched for locators. */
  readonly searched = new RectList(MAX_JOB_RECTS * 2);
  /** Changed in this picture. */
  readonly changed = new RectList(MAX_JOB_RECTS);
  /** Read for all formats of codes. */
  readonly toRead = new RectList(MAX_JOB_RECTS);

  /** `rects` holds the rectangles after the scan. */
  split(rects: RectList, effort: number, plane: 0 | 1 | 2): void {
    const { searched, changed, toRead } = this;
    const all = rects.count;
    const slot = slotRects(effort);
    searched.clear();
    changed.clear();
    toRead.clear();
    rects.count = all - slot;
    addRects(rects, 1, searched);
    addRects(rects, 1, changed);
    rects.count = readRects(all, effort);
    addRects(rects, 1, toRead);
    rects.count = all;
    if ((effort & SLICE_BITS[plane]) === 0) return;
    for (let i = all - slot; i < all; i += 1) addRect(rects, i * RECT_STRIDE, 1, toRead);
  }
}

/**
 * Tone compression for codes without a quiet zone. Without one, the outer ring of a finder runs into a dark background,
 * where "dark" is everything below the neighbourhood's middle. With the tones below or above the middle compressed,
 * only the darkest (or lightest) stay dark (light), and a background of middle tone separates from the code.
 */
const BRIGHTER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 40)));
const DARKER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 470)));

/** The tone tables of the scan. */
const TONES = [BRIGHTER, DARKER] as const;

/** Maps the plane's samples through a table of 256 tones into `out`, which has the same length. */
function pressTones(plane: Uint8Array, tones: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < plane.length; i += 1) out[i] = tones[plane[i]!]!;
}

const WITHOUT_RETAIL = ['qr', 'other'] as const;
const WITH_RETAIL = [...WITHOUT_RETAIL, 'retail'] as const;
/**
 * The scan of one frame in the live path. First every candidate region of any format that touches the rectangles is
 * read (`AreaScan`). Then the cheap search for finder patterns covers the rectangles and those regions, in Y, and in U
 * and V, where an equiluminant code shows. Each suspect is read in all ways, cheapest first, until one is sure. New
 * parts are sharpened and enlarged as well.
 *
 * Without EFFORT.deep each suspect gets a single reading, and that is no verdict.
 */
export class LiveScan {
  private readonly found = new ScanFindings();
  readonly hits: readonly FrameHit[] = this.found.hits;
  /** Candidate regions that could not be read. */
  readonly suspects = this.found.suspects;
  candidates = 0;
  reads = 0;
  /** Reads any number of textured regions further: for a picture that is judged once. */
  thorough = false;
  private readonly reader: FinderReader;
  private readonly deep: EnhancedPasses;
  private readonly boxes = new CandidateBoxes();
  private isDeep = false;
  /** The luma has few enough locators for a located QR code to count. */
  private isCalm = false;
  private readonly boxReader: BoxReader;
  /** By plane: Y, U, V. */
  private readonly areas: readonly AreaScan[];
  private readonly marks: MarkFinder;
  /** In the luma. */
  private readonly follower: MarkFollower;
  /** By plane. */
  private readonly outlines: readonly OutlineReader[];
  private readonly cells: TexturedRegions;
  /** By plane; empty when retail barcodes are allowed. */
  private readonly retail: readonly RetailReader[];
  private readonly parts = new JobParts();
  private readonly crop: Uint8Array;
  /** Of the scanned picture. */
  private luma: Uint8Array | undefined;
  /** The luma with other tones; made when first needed. */
  private toned: Uint8Array | undefined;

  constructor(
    private readonly kernels: ScanKernels,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    /** See `MarkFollower`. */
    keptMarks?: Int32Array,
    /** Reads retail barcodes as well. */
    retail = false,
  ) {
    this.follower = new MarkFollower(width, height, keptMarks);
    this.crop = new Uint8Array(width * height);
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    this.cells = new TexturedRegions(kernels, zxing);
    this.areas = [
      new AreaScan(kernels, zxing, width, height, 'luma', this.crop, this.cells),
      new AreaScan(kernels, zxing, cw, ch, 'chroma', this.crop),
      new AreaScan(kernels, zxing, cw, ch, 'chroma', this.crop),
    ];
    const part = new Uint8Array(width * height);
    this.outlines = [
      new OutlineReader(kernels, zxing, width, height, 'luma', this.crop, part),
      new OutlineReader(kernels, zxing, cw, ch, 'chroma', this.crop, part),
      new OutlineReader(kernels, zxing, cw, ch, 'chroma', this.crop, part),
    ];
    const sizes = [
      { w: width, h: height, kind: 'luma' },
      { w: cw, h: ch, kind: 'chroma' },
      { w: cw, h: ch, kind: 'chroma' },
    ] as const;
    this.retail = retail ? sizes.map(({ w, h, kind }) => new RetailReader(kernels, zxing, w, h, kind, this.crop)) : [];
    this.boxReader = new BoxReader(kernels, zxing, this.crop);
    this.reader = new FinderReader(zxing);
    this.marks = new MarkFinder(kernels);
    const colourful = new ColourfulAreas(this.areas[1]!, this.areas[2]!);
    this.deep = new EnhancedPasses(kernels, this.reader, colourful, this.found, width, height);
  }

  /** Samples a reader must have room for, for frames of this size. */
  static pixels(width: number, height: number): number {
    return samplesToRead(width * height);
  }

  /**
   * Scans the rectangles `rects` in an I420 picture (odd sizes: chroma rounded up); `parts` (x, y, width, height each;
   * width 0 ends the list) get the enhanced passes; `effort` holds bits of EFFORT. Results are in `hits`, `suspects`,
   * `candidates` and `reads`.
   */
  run(picture: Uint8Array, rects: RectList, parts: Int32Array, effort: number): void {
    const { width, height } = this;
    this.found.clear();
    this.candidates = 0;
    this.reads = 0;
    this.boxReader.reads = 0;
    this.isCalm = false;
    this.boxReader.goesOn = (effort & EFFORT.slotted) !== 0;
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const y = width * height;
    this.isDeep = (effort & EFFORT.deep) !== 0;
    this.reader.start();
    this.cells.begin(this.boxReader.goesOn, this.thorough);
    for (const [plane, areas] of this.areas.entries()) {
      areas.due = dueReadings(effort, rects.count, plane);
      this.outlines[plane]!.areas.due = this.boxReader.goesOn ? WITHOUT_BARS : EVERYTHING;
    }
    this.luma = picture.subarray(0, y);
    this.lookAt(0, this.luma, width, height, rects, effort);
    // Runs whatever was found: a chroma-only code may stand beside it, and stays after it is gone.
    this.lookAt(1, picture.subarray(y, y + cw * ch), cw, ch, rects, effort);
    this.lookAt(2, picture.subarray(y + cw * ch, y + 2 * cw * ch), cw, ch, rects, effort);
    if (this.hits.length === 0 && (effort & EFFORT.exact) !== 0) this.scanTones(picture, rects);
    if (this.isDeep) {
      eachPart(parts, (part) => this.deep.run(picture, part, passesOf(effort)));
    }
    this.reads += this.reader.reads + this.boxReader.reads + this.cells.reads;
    if ((effort & EFFORT.exact) !== 0) eachPart(parts, (part) => this.readWhole(picture, part));
  }

  /** The rectangles with one half of the tones compressed. */
  private scanTones(picture: Uint8Array, rects: RectList): void {
    const { width, height } = this;
    const luma = picture.subarray(0, width * height);
    this.toned ??= new Uint8Array(luma.length);
    for (const tones of TONES) {
      pressTones(luma, tones, this.toned);
      this.reader.untoned = luma;
      this.scanPlane(this.toned, width, height, 1, rects);
      this.reader.untoned = undefined;
      if (this.hits.length > 0) return;
    }
  }

  /** Reads the whole of a part, code-like or not. A QR code that is located there counts, read or not. */
  private readWhole(picture: Uint8Array, [x = 0, y = 0, w = 0, h = 0]: Int32Array): void {
    this.kernels.shrinkRect(picture, this.width, x, y, w, h, 0, this.crop);
    this.found.lookingAt(picture, this.width, this.height, 1);
    for (const family of this.retail.length > 0 ? WITH_RETAIL : WITHOUT_RETAIL) {
      this.zxing.pixels().set(this.crop.subarray(0, w * h));
      this.reads += 1;
      this.found.take(this.zxing.read(w, h, family, 'local'), 1, x, y, this.isCalm);
    }
  }

  private lookAt(
    index: 0 | 1 | 2,
    plane: Uint8Array,
    width: number,
    height: number,
    rects: RectList,
    effort: number,
  ): void {
    const { searched, changed, toRead } = this.parts;
    const scale = index === 0 ? 1 : 2;
    const sweep = (effort & EFFORT.sweep) !== 0;
    this.parts.split(rects, effort, index);
    if (this.isDeep) {
      this.found.lookingAt(plane, width, height, scale);
      const areas = this.areas[index]!;
      const take: TakeSymbols = (symbols, s, dx, dy) => this.found.take(symbols, s * scale, dx * scale, dy * scale);
      areas.run(plane, toRead, scale, take, width, height);
      this.reads += areas.reads;
      addRects(areas.boxes, scale, searched);
      // When the code goes, everything around it is scanned again.
      addRects(areas.withCode, scale, this.suspects);
    }
    if (this.isDeep) this.readRetail(index, plane, scale, toRead);
    if (sweep) mergeRects(changed);
    // If all of it changed, one search does for both.
    const isSwept = sweep && holder(changed, 0, 0, this.width, this.height) < 0;
    if (sweep) {
      // Unchanged parts have no new outline, and read ones need none.
      if (isSwept && this.isDeep) {
        this.marks.findOutlines(plane, width, height, scale, changed);
        this.readOutlines(index, plane, scale, changed);
      }
      searched.clear();
      searched.push(0, 0, this.width, this.height);
    }
    mergeRects(searched);
    this.scanPlane(plane, width, height, scale, searched, !isSwept);
    if (!isSwept && this.isDeep) this.readOutlines(index, plane, scale, searched);
  }

  private readRetail(index: 0 | 1 | 2, plane: Uint8Array, scale: 1 | 2, rects: RectList): void {
    const retail = this.retail[index];
    if (retail === undefined) return;
    retail.run(plane, rects, scale, (symbols, s, dx, dy) =>
      this.found.take(symbols, s * scale, dx * scale, dy * scale),
    );
    this.reads += retail.reads;
    addRects(retail.withCode, scale, this.suspects);
  }

  /** Reads unread regions with the locator of a code without finders. */
  private readOutlines(index: 0 | 1 | 2, plane: Uint8Array, scale: 1 | 2, rects: RectList): void {
    const { marks } = this;
    if (index === 0) this.follower.run(plane, marks, rects, this.parts.changed);
    this.takeCodewords(plane, scale);
    const areas = this.areas[index]!;
    const take: TakeSymbols = (symbols, s, dx, dy) => this.found.take(symbols, s * scale, dx * scale, dy * scale);
    if (marks.outlinesFull) {
      areas.run(plane, rects, scale, take);
      addRects(areas.withCode, scale, this.suspects);
      this.reads += areas.reads;
      return;
    }
    const reader = this.outlines[index]!;
    reader.run(plane, marks.outlines, marks.outlineCount, areas.done, take);
    this.reads += reader.reads;
    if (index === 0) {
      const due = areas.due & ALL_PLACES;
      this.cells.readMarked(plane, this.width, this.height, marks.outlines, marks.outlineCount, due, take);
    }
  }

  /** Codewords behind a start are a PDF417, read or not: it may be readable in the next picture. */
  private takeCodewords(plane: Uint8Array, scale: 1 | 2): void {
    const [width, height] = scale === 1 ? [this.width, this.height] : [(this.width + 1) >> 1, (this.height + 1) >> 1];
    for (const box of markedCodewords(plane, width, height, this.marks.outlines, this.marks.outlineCount)) {
      this.found.takeMarked({ kind: 'pdf417', box }, scale);
    }
  }

  private scanPlane(
    plane: Uint8Array,
    width: number,
    height: number,
    scale: 1 | 2,
    rects: RectList,
    outlined = false,
  ): void {
    const { reader, boxes } = this;
    const { finders } = reader;
    this.found.lookingAt(plane, width, height, scale);
    const { count, full } = this.marks.find(plane, width, height, scale, rects, finders, outlined);
    reader.sort(count);
    const marked = reader.findAll(plane, width, height);
    for (const code of marked) this.found.takeMarked(code, scale);
    if (marked.length === 0 && reader.markerCount >= 3) {
      addSuspects(reader.markers, reader.markerCount, scale, this.width, this.height, this.suspects);
    }
    const { strict } = reader;
    if (plane === this.luma) this.isCalm = countsLocated(strict, count);
    const before = this.hits.length;
    if (full) boxes.cover(rects, scale, strict);
    else if (strict > 0) boxes.build(finders, strict, width, height);
    else return;
    this.candidates += boxes.boxes.count;
    for (let i = 0; i < boxes.boxes.count; i += 1) {
      // When the code goes, everything around it is scanned again.
      if (this.readBox(plane, width, scale, i)) addRect(boxes.boxes, i * RECT_STRIDE, scale, this.suspects);
    }
    if (this.hits.length === before) addSuspects(finders, strict, scale, this.width, this.height, this.suspects);
  }

  /** Reads box `i` of the candidates. */
  private readBox(plane: Uint8Array, stride: number, scale: 1 | 2, i: number): boolean {
    const { boxes, counts, modules } = this.boxes;
    const [x = 0, y = 0, width = 0, height = 0] = boxes.items.subarray(i * RECT_STRIDE);
    const placeOfTriples = (): Box | undefined => this.reader.placeOfTriples({ x, y, width, height });
    const box = { x, y, width, height, patterns: counts[i]!, module16: modules[i]!, placeOfTriples };
    const mayLocate = this.isCalm && plane === this.luma;
    return this.boxReader.read(plane, stride, box, scale === 2, this.isDeep, (symbols, s, dx, dy, located) =>
      this.found.take(symbols, s * scale, dx * scale, dy * scale, located === true && mayLocate),
    );
  }
}
