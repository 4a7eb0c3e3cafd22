import type { Kernels } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import type { FrameHit } from '../../core/verdict.js';
import { addSuspects, CandidateBoxes, FINDER_STRIDE } from './candidate-boxes.js';
import { readWithJsQr } from './jsqr-reader.js';
import { blurPlane, cropPlane, doublePlane, halvePlane, stretchPlane } from './plane-filters.js';
import { MAX_JOB_SUSPECTS } from './scan-memory.js';
import { type CodeSymbol, hitOfSymbol } from './symbol.js';
import type { Binarisation, CodeFamily, ZxingReader } from './zxing-reader.js';

/** Finder hits kept a plane; noise and foliage give more, and then everything that was asked for is read. */
const MAX_FINDERS = 128;
/** Doubling a plane pays for small codes only. */
const DOUBLE_UP_TO = 250_000;
/** jsQR takes about 70 ns a pixel. */
const JSQR_UP_TO = 160_000;

/**
 * The scan of one frame in the live path.
 *
 * First the cheap search for finder patterns in Y, and in U and V, where a code in colours of equal luma
 * shows. Each place it suspects is then read by decoders in steps, cheapest first, until one of them is
 * sure; a place with two or more patterns gets all of them, a single pattern (an eye, the letter 回) the
 * first two. `thorough = false` is for a thread that has fallen behind: a shallower look at every
 * frame is safer than a deep look at some.
 */
export class LiveScan {
  readonly hits: FrameHit[] = [];
  /** Places that look like a code and could not be read. */
  readonly suspects = new RectList(MAX_JOB_SUSPECTS);
  candidates = 0;
  reads = 0;
  private readonly finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly boxes = new CandidateBoxes();
  private readonly crop: Uint8Array;
  private readonly spare: Uint8Array;

  constructor(
    private readonly kernels: Pick<Kernels, 'findFinders'>,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.crop = new Uint8Array(width * height);
    this.spare = new Uint8Array(width * height);
  }

  /** Samples a reader must have room for, for frames of this size. */
  static pixels(width: number, height: number): number {
    return Math.max(width * height, DOUBLE_UP_TO * 4);
  }

  /**
   * Scans `rects` of an I420 picture (odd sizes: chroma rounded up) for the QR family, and the box `other` (x, y, width, height; width 0:
   * none) for the other forms. Results are in `hits`, `suspects`, `candidates` and `reads`.
   */
  run(picture: Uint8Array, rects: RectList, other: Int32Array, thorough: boolean): void {
    const { width, height } = this;
    this.hits.length = 0;
    this.suspects.clear();
    this.candidates = 0;
    this.reads = 0;
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const y = width * height;
    this.scanPlane(picture.subarray(0, y), width, height, 1, rects, thorough);
    if (this.hits.length === 0) {
      this.scanPlane(picture.subarray(y, y + cw * ch), cw, ch, 2, rects, thorough);
      this.scanPlane(picture.subarray(y + cw * ch, y + 2 * cw * ch), cw, ch, 2, rects, thorough);
    }
    if (other[2]! > 0) {
      cropPlane(picture, width, other[0]!, other[1]!, other[2]!, other[3]!, this.zxing.pixels());
      this.take(this.read(other[2]!, other[3]!, 'other', 'local'), 1, other[0]!, other[1]!);
    }
  }

  private scanPlane(
    plane: Uint8Array,
    width: number,
    height: number,
    scale: 1 | 2,
    rects: RectList,
    thorough: boolean,
  ): void {
    const { finders, boxes, kernels } = this;
    let count = 0;
    for (let i = 0; i < rects.count && count < MAX_FINDERS; i += 1) {
      const r = i * RECT_STRIDE;
      const x = Math.floor(rects.items[r]! / scale);
      const y = Math.floor(rects.items[r + 1]! / scale);
      const w = Math.ceil(rects.items[r + 2]! / scale);
      const h = Math.ceil(rects.items[r + 3]! / scale);
      const room = finders.subarray(count * FINDER_STRIDE);
      count += kernels.findFinders(plane, width, height, x, y, w, h, room);
    }
    if (count === 0) return;
    boxes.build(finders, count, width, height);
    if (count === MAX_FINDERS) boxes.cover(rects, scale, count);
    this.candidates += boxes.boxes.count;
    const before = this.hits.length;
    const several = count >= 2;
    for (let i = 0; i < boxes.boxes.count; i += 1) this.readBox(plane, width, scale, i, thorough);
    if (this.hits.length === before && several && thorough && count < MAX_FINDERS) {
      // The search may have met only the less telling part of a code: once around everything.
      boxes.cover(rects, scale, 1);
      this.readBox(plane, width, scale, 0, thorough);
    }
    if (this.hits.length === before) addSuspects(finders, count, scale, this.width, this.height, this.suspects);
  }

  private readBox(plane: Uint8Array, stride: number, scale: 1 | 2, box: number, thorough: boolean): void {
    const { items } = this.boxes.boxes;
    const r = box * RECT_STRIDE;
    const x = items[r]!;
    const y = items[r + 1]!;
    const w = items[r + 2]!;
    const h = items[r + 3]!;
    const { crop, spare, zxing } = this;
    cropPlane(plane, stride, x, y, w, h, crop);
    // Chroma has a small range even in strong colours.
    if (scale === 2) stretchPlane(crop, w * h);
    const small = w * h <= DOUBLE_UP_TO;
    const deep = thorough && this.boxes.counts[box]! >= 2;
    const dx = x * scale;
    const dy = y * scale;

    zxing.pixels().set(crop.subarray(0, w * h));
    if (this.take(this.read(w, h, 'qr', 'local'), scale, dx, dy)) return;
    zxing.pixels().set(crop.subarray(0, w * h));
    if (this.take(this.read(w, h, 'qr', 'global'), scale, dx, dy)) return;
    if ((deep || scale === 2) && small) {
      doublePlane(crop, w, h, zxing.pixels());
      if (this.take(this.read(w * 2, h * 2, 'qr', 'local'), scale / 2, dx, dy)) return;
    }
    if (!deep) return;
    zxing.pixels().set(crop.subarray(0, w * h));
    if (this.take(this.read(w, h, 'qr', 'closed'), scale, dx, dy)) return;
    if (w >= 64 && h >= 64) {
      halvePlane(crop, w, h, zxing.pixels());
      if (this.take(this.read(w >> 1, h >> 1, 'qr', 'local'), scale * 2, dx, dy)) return;
    }
    if (w * h <= JSQR_UP_TO) {
      this.reads += 1;
      const symbol = readWithJsQr(crop, w, h);
      if (symbol !== undefined && this.take([symbol], scale, dx, dy)) return;
    }
    blurPlane(crop, w, h, 3, spare);
    zxing.pixels().set(crop.subarray(0, w * h));
    this.take(this.read(w, h, 'qr', 'local'), scale, dx, dy);
  }

  private read(width: number, height: number, family: CodeFamily, how: Binarisation): CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(width, height, family, how);
  }

  private take(symbols: readonly CodeSymbol[], scale: number, dx: number, dy: number): boolean {
    let found = false;
    for (const symbol of symbols) {
      const hit = hitOfSymbol(symbol, scale, dx, dy);
      if (hit === undefined) continue;
      this.hits.push(hit);
      found = true;
    }
    return found;
  }
}
