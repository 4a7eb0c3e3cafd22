import { RectList } from '../../core/media/picture.js';
import { CODE_RULE, type FrameHit, type FrameVerdict } from '../../core/verdict.js';
import { EnhancedFinders } from '../locate/enhanced-finders.js';
import { FinderReader } from '../qr/finder-reader.js';
import { type Binarisation, type CodeFamily, readWithJsQr, ZxingReader } from '../decoders/library-readers.js';
import { LiveScan, type ScanKernels } from '../pipeline/live-scan.js';
import {
  alphaPlane,
  fitRgba,
  halvePlane,
  hasAlpha,
  type PicturePlanes,
  planesToI420,
  rgbaToPlanes,
  stretchPlane,
} from '../pipeline/rgba-planes.js';
import { isQrCode } from '../qr/qr-evidence.js';
import { EFFORT } from '../jobs/scan-memory.js';
import { type CodeSymbol, hitOfSymbol } from '../pipeline/symbol.js';

/** `admission`: every reading that may find a code. `live`: the gate's own scan, over the whole picture. */
export type ScanMode = 'admission' | 'live';

/** A picture is scanned at the size a frame would show it and, when it is larger, at this one. */
const FRAME_SIDE = 1280;
const LARGE_SIDE = 2560;
/** A picture this small is also scanned at twice its size: a room may show it enlarged. */
const ENLARGE_UP_TO = 500_000;
/** jsQR takes about 70 ns per pixel. */
const JSQR_UP_TO = 1_000_000;

/**
 * The hard scan of a picture before it may become a layer. A code that passes it is only stopped by the gate, frame by
 * frame. It runs once per picture, so it may take a second.
 *
 * It starts with the gate's scan of an all-new frame, at every size the picture may be shown in. Other thresholds and
 * sizes follow, then each colour channel at full size, with the readers and with the locators. The first code ends it.
 */
export class AdmissionScan {
  private readonly pixels = LARGE_SIDE * LARGE_SIDE;
  /** The scanner of the last size: all frames of a clip share one. */
  private live: { readonly width: number; readonly height: number; readonly scan: LiveScan } | undefined;

  private constructor(
    private readonly zxing: ZxingReader,
    private readonly kernels: ScanKernels,
    private readonly retail: boolean,
  ) {}

  /** `retail`: retail barcodes are read as well. */
  static async open(kernels: ScanKernels, retail = false): Promise<AdmissionScan> {
    return new AdmissionScan(await ZxingReader.open(LARGE_SIDE * LARGE_SIDE), kernels, retail);
  }

  close(): void {
    this.zxing.close();
  }

  /** Judges straight RGBA, rows without padding. */
  scanPicture(rgba: Uint8Array, width: number, height: number, mode: ScanMode): FrameVerdict {
    const frame = fitRgba(rgba, width, height, FRAME_SIDE, FRAME_SIDE);
    const scale = width / frame.width;
    const clear = hasAlpha(frame.rgba);
    const backgrounds = clear ? [255, 0] : [255];
    for (const background of backgrounds) {
      const planes = rgbaToPlanes(frame.rgba, frame.width, frame.height, background);
      const hits = mode === 'live' ? this.scanAsFrame(planes, false) : this.scanFrameSize(planes);
      if (hits.length > 0) return verdictOf(hits, scale);
    }
    if (mode === 'live') return verdictOf([], 1);
    if (clear) {
      const hits = this.readPlane(alphaPlane(frame.rgba), frame.width, frame.height, 'all', 'local');
      if (hits.length > 0) return verdictOf(hits, scale);
    }
    if (width === frame.width) return verdictOf([], 1);
    const large = fitRgba(rgba, width, height, LARGE_SIDE, LARGE_SIDE);
    for (const background of backgrounds) {
      const planes = rgbaToPlanes(large.rgba, large.width, large.height, background);
      const hits = this.scanLarge(planes);
      if (hits.length > 0) return verdictOf(hits, width / large.width);
    }
    return verdictOf([], 1);
  }

  /** The gate's scan of a frame (I420) that is new all over. */
  scanFrame(i420: Uint8Array, width: number, height: number): FrameVerdict {
    return verdictOf(this.scanI420(i420, width, height, false), 1);
  }

  private scanAsFrame(planes: PicturePlanes, thorough = true): FrameHit[] {
    return this.scanI420(planesToI420(planes), planes.width, planes.height, thorough);
  }

  private scanI420(i420: Uint8Array, width: number, height: number, thorough: boolean): FrameHit[] {
    if (this.live?.width !== width || this.live.height !== height) {
      const scan = new LiveScan(this.kernels, this.zxing, width, height, undefined, this.retail);
      this.live = { width, height, scan };
    }
    const { scan } = this.live;
    scan.thorough = thorough;
    const rects = new RectList(1);
    rects.push(0, 0, width, height);
    scan.run(i420, rects, rects.items, EFFORT.deep | EFFORT.exact);
    return [...scan.hits];
  }

  private scanLarge(planes: PicturePlanes): FrameHit[] {
    const hits = this.scanAsFrame(planes);
    if (hits.length > 0) return hits;
    return this.readPlane(planes.y, planes.width, planes.height, 'all', 'global');
  }

  private scanFrameSize(planes: PicturePlanes): FrameHit[] {
    const { width, height, y } = planes;
    const n = width * height;
    const first = this.scanAsFrame(planes);
    if (first.length > 0) return first;
    for (const how of ['local', 'global', 'closed'] as const) {
      const hits = this.readPlane(y, width, height, 'all', how);
      if (hits.length > 0) return hits;
    }
    const work = new Uint8Array(n * 4);
    if (n <= ENLARGE_UP_TO) {
      const hits = this.scanAsFrame(this.enlarged(planes)).map((hit) => scaledHit(hit, 0.5));
      if (hits.length > 0) return hits;
    }
    this.kernels.enlargePlane(y, width, height, work);
    for (const how of ['local', 'closed'] as const) {
      const hits = this.readPlane(work, width * 2, height * 2, 'all', how, 0.5);
      if (hits.length > 0) return hits;
    }
    if (width >= 64 && height >= 64) {
      halvePlane(y, width, height, work);
      for (const how of ['local', 'global'] as const) {
        const hits = this.readPlane(work, width >> 1, height >> 1, 'all', how, 2);
        if (hits.length > 0) return hits;
      }
    }
    for (const radius of [1, 3]) {
      work.set(y);
      this.kernels.blurPlane(work, width, height, radius);
      const hits = this.readPlane(work, width, height, 'qr', 'local');
      if (hits.length > 0) return hits;
    }
    const channels = this.scanChannels(planes);
    if (channels.length > 0) return channels;
    const symbol = n <= JSQR_UP_TO ? readWithJsQr(y, width, height) : undefined;
    return symbol === undefined ? [] : toHits([symbol], 1);
  }

  private enlarged({ width, height, y, cb, cr }: PicturePlanes): PicturePlanes {
    const twice = (plane: Uint8Array): Uint8Array => {
      const to = new Uint8Array(plane.length * 4);
      this.kernels.enlargePlane(plane, width, height, to);
      return to;
    };
    const [y2, cb2, cr2] = [twice(y), twice(cb), twice(cr)];
    return { width: width * 2, height: height * 2, y: y2, cb: cb2, cr: cr2, r: y2, g: y2, b: y2 };
  }

  /** Reads each channel at the picture's full size; a frame has chroma at half of it. */
  private scanChannels(planes: PicturePlanes): FrameHit[] {
    const { width, height } = planes;
    const n = width * height;
    const work = new Uint8Array(n * 4);
    const reader = new FinderReader(this.zxing);
    const deep = new EnhancedFinders(this.kernels, reader, width, height);
    for (const plane of [planes.cb, planes.cr, planes.r, planes.g, planes.b, planes.y]) {
      work.set(plane);
      // An unstretched luma was already read; a channel was not.
      if (!stretchPlane(work, n) && plane === planes.y) continue;
      const hits = this.readPlane(work, width, height, 'all', 'local');
      if (hits.length > 0) return hits;
      reader.start();
      const [marked] = width < 21 || height < 21 ? [] : deep.inLuma(work, width, 0, 0, width, height);
      if (marked !== undefined) return [{ rule: CODE_RULE, ...marked }];
    }
    return [];
  }

  private readPlane(
    plane: Uint8Array,
    width: number,
    height: number,
    family: CodeFamily,
    how: Binarisation,
    scale = 1,
  ): FrameHit[] {
    if (width * height > this.pixels) return [];
    this.zxing.pixels().set(plane.subarray(0, width * height));
    const symbols = this.zxing.read(width, height, family, how);
    if (this.retail && family === 'all') {
      this.zxing.pixels().set(plane.subarray(0, width * height));
      symbols.push(...this.zxing.read(width, height, 'retail', how));
    }
    // A symbol that was located but not read must show the locators of a code.
    const confirmed = symbols.filter((s) => s.valid || isQrCode(plane, width, height, s.quad));
    return toHits(confirmed, scale);
  }
}

function toHits(symbols: readonly CodeSymbol[], scale: number): FrameHit[] {
  return symbols.map((s) => hitOfSymbol(s, scale)).filter((hit) => hit !== undefined);
}

/** Boxes are in pixels of the original picture. */
const verdictOf = (hits: readonly FrameHit[], scale: number): FrameVerdict => ({
  verdict: hits.length > 0 ? 'violation' : 'clean',
  hits: hits.map((hit) => scaledHit(hit, scale)),
});

function scaledHit(hit: FrameHit, scale: number): FrameHit {
  if (hit.box === undefined) return hit;
  const { x, y, width, height } = hit.box;
  const box = {
    x: Math.round(x * scale),
    y: Math.round(y * scale),
    width: Math.round(width * scale),
    height: Math.round(height * scale),
  };
  return { ...hit, box };
}
