import { RectList } from '../../core/picture.js';
import type { FrameHit, FrameVerdict } from '../../core/verdict.js';
import { readWithJsQr } from './jsqr-reader.js';
import { LiveScan, type ScanKernels } from './live-scan.js';
import { blurPlane, doublePlane, halvePlane, stretchPlane } from './plane-filters.js';
import { alphaPlane, fitRgba, hasAlpha, type PicturePlanes, planesToI420, rgbaToPlanes } from './rgba-planes.js';
import { EFFORT } from './scan-memory.js';
import { type CodeSymbol, hitOfSymbol } from './symbol.js';
import { type Binarisation, type CodeFamily, ZxingReader } from './zxing-reader.js';

/** `admission`: everything that may find a code. `live`: what the gate does to a frame, on the whole picture. */
export type ScanMode = 'admission' | 'live';

/** A picture is looked at in the size a 720p frame would show it, and, where it is larger, in this one. */
const FRAME_WIDTH = 1280;
const FRAME_HEIGHT = 720;
const LARGE_SIDE = 2560;
const DOUBLE_UP_TO = 500_000;

/**
 * The hard scan of a picture before it may become a layer: what gets past it is only stopped by the gate,
 * frame by frame. It is done once a picture, so it may take half a second.
 *
 * A code that one reading misses another one finds: other thresholds and sizes, a blur, one colour channel.
 * The readings go from the cheapest and most telling on and end with the first code.
 */
export class AdmissionScan {
  private readonly pixels = LARGE_SIDE * LARGE_SIDE;

  private constructor(
    private readonly zxing: ZxingReader,
    private readonly kernels: ScanKernels,
  ) {}

  static async open(kernels: ScanKernels): Promise<AdmissionScan> {
    return new AdmissionScan(await ZxingReader.open(LARGE_SIDE * LARGE_SIDE), kernels);
  }

  close(): void {
    this.zxing.close();
  }

  /** Judges straight RGBA, rows without padding. */
  scanPicture(rgba: Uint8Array, width: number, height: number, mode: ScanMode): FrameVerdict {
    const frame = fitRgba(rgba, width, height, FRAME_WIDTH, FRAME_HEIGHT);
    const scale = width / frame.width;
    if (mode === 'live') return verdictOf(this.scanLive(frame.rgba, frame.width, frame.height), scale);
    const clear = hasAlpha(frame.rgba);
    for (const background of clear ? [255, 0] : [255]) {
      const hits = this.scanFrameSize(rgbaToPlanes(frame.rgba, frame.width, frame.height, background));
      if (hits.length > 0) return verdictOf(hits, scale);
    }
    if (clear) {
      const hits = this.readPlane(alphaPlane(frame.rgba), frame.width, frame.height, 'all', 'local');
      if (hits.length > 0) return verdictOf(hits, scale);
    }
    if (width === frame.width) return verdictOf([], 1);
    const large = fitRgba(rgba, width, height, LARGE_SIDE, LARGE_SIDE);
    for (const background of clear ? [255, 0] : [255]) {
      const planes = rgbaToPlanes(large.rgba, large.width, large.height, background);
      for (const how of ['local', 'global'] as const) {
        const hits = this.readPlane(planes.y, large.width, large.height, 'all', how);
        if (hits.length > 0) return verdictOf(hits, width / large.width);
      }
    }
    return verdictOf([], 1);
  }

  private scanLive(rgba: Uint8Array, width: number, height: number): FrameHit[] {
    const live = new LiveScan(this.kernels, this.zxing, width, height);
    const rects = new RectList(1);
    rects.push(0, 0, width, height);
    live.run(planesToI420(rgbaToPlanes(rgba, width, height, 255)), rects, rects.items, EFFORT.deep | EFFORT.exact);
    return [...live.hits];
  }

  private scanFrameSize(planes: PicturePlanes): FrameHit[] {
    const { width, height, y } = planes;
    const n = width * height;
    for (const how of ['local', 'global', 'closed'] as const) {
      const hits = this.readPlane(y, width, height, 'all', how);
      if (hits.length > 0) return hits;
    }
    const work = new Uint8Array(n * 4);
    if (n <= DOUBLE_UP_TO) {
      doublePlane(y, width, height, work);
      for (const how of ['local', 'closed'] as const) {
        const hits = this.readPlane(work, width * 2, height * 2, 'all', how, 0.5);
        if (hits.length > 0) return hits;
      }
    }
    if (width >= 64 && height >= 64) {
      halvePlane(y, width, height, work);
      for (const how of ['local', 'global'] as const) {
        const hits = this.readPlane(work, width >> 1, height >> 1, 'all', how, 2);
        if (hits.length > 0) return hits;
      }
    }
    const spare = new Uint8Array(n);
    for (const radius of [1, 2, 3]) {
      work.set(y);
      blurPlane(work, width, height, radius, spare);
      const hits = this.readPlane(work, width, height, 'qr', 'local');
      if (hits.length > 0) return hits;
    }
    const channels = this.scanChannels(planes);
    if (channels.length > 0) return channels;
    const symbol = readWithJsQr(y, width, height);
    return symbol === undefined ? [] : toHits([symbol], 1);
  }

  private scanChannels(planes: PicturePlanes): FrameHit[] {
    const { width, height } = planes;
    const n = width * height;
    const work = new Uint8Array(n * 4);
    for (const plane of [planes.cb, planes.cr, planes.r, planes.g, planes.b, planes.y]) {
      work.set(plane);
      // An unstretched luma was read already, a channel was not.
      if (!stretchPlane(work, n) && plane === planes.y) continue;
      const hits = this.readPlane(work, width, height, 'all', 'local');
      if (hits.length > 0) return hits;
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
    return toHits(this.zxing.read(width, height, family, how), scale);
  }
}

function toHits(symbols: readonly CodeSymbol[], scale: number): FrameHit[] {
  return symbols.map((s) => hitOfSymbol(s, scale)).filter((hit) => hit !== undefined);
}

/** Boxes are given in pixels of the picture as it came. */
function verdictOf(hits: readonly FrameHit[], scale: number): FrameVerdict {
  const scaled = hits.map((hit): FrameHit => {
    if (hit.box === undefined) return hit;
    const { x, y, width, height } = hit.box;
    const box = {
      x: Math.round(x * scale),
      y: Math.round(y * scale),
      width: Math.round(width * scale),
      height: Math.round(height * scale),
    };
    return { ...hit, box };
  });
  return { verdict: hits.length > 0 ? 'violation' : 'clean', hits: scaled };
}
