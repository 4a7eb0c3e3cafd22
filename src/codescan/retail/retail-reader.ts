import type { Kernels } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { BarredAreas } from '../pdf417/barred-areas.js';
import { BarsReader } from '../pdf417/bars-reader.js';
import { stretchPlane } from '../pipeline/rgba-planes.js';
import { CleanMemo } from '../jobs/scan-memory.js';
import type { CodeSymbol, TakeSymbols } from '../pipeline/symbol.js';
import type { ZxingReader } from '../decoders/library-readers.js';

/** Samples around an area, for the quiet zone: a minimum, and a share of its longer side. */
const MARGIN = 16;
const MARGIN_SHARE = 0.08;
/** The longer side, in samples, up to which an area is also read at twice its size: bars of a sample and a half. */
const SMALL = 320;
/** Areas of one plane; the last one absorbs any overflow. */
const MAX_AREAS = 24;

/**
 * Reads retail barcodes in one plane, upright, rotated by a quarter and slanted, for rooms that refuse them.
 *
 * Their position is the whole area of bars, as a reader reports only the rows that it read. An area that was read as
 * clean before is not read again.
 */
export class RetailReader {
  reads = 0;
  /** The areas of the last plane that contain one. */
  readonly withCode = new RectList(8);
  private readonly barred: BarredAreas;
  private readonly bars: BarsReader;
  private readonly areas = new RectList(MAX_AREAS);
  private readonly memo = new CleanMemo();

  constructor(
    private readonly kernels: Pick<Kernels, 'shrinkRect' | 'enlargePlane' | 'turnPlane'>,
    private readonly zxing: ZxingReader,
    private readonly width: number,
    private readonly height: number,
    private readonly kind: 'luma' | 'chroma',
    private readonly crop: Uint8Array,
  ) {
    this.barred = new BarredAreas(width, height);
    this.bars = new BarsReader(kernels, zxing, 'retail');
  }

  /** Reads every area of bars that touches one of `rects` (in pixels of the plane × `scale`). */
  run(plane: Uint8Array, rects: RectList, scale: number, take: TakeSymbols): void {
    const { areas, withCode } = this;
    this.reads = 0;
    areas.clear();
    withCode.clear();
    this.barred.find(plane, rects, scale, areas);
    for (let r = 0; r < areas.count * RECT_STRIDE; r += RECT_STRIDE) {
      const [x0 = 0, y0 = 0, w0 = 0, h0 = 0] = areas.items.subarray(r, r + RECT_STRIDE);
      const margin = Math.max(MARGIN, Math.round(MARGIN_SHARE * Math.max(w0, h0)));
      const x = Math.max(0, x0 - margin);
      const y = Math.max(0, y0 - margin);
      const w = Math.min(this.width, x0 + w0 + margin) - x;
      const h = Math.min(this.height, y0 + h0 + margin) - y;
      const bars = { x: x0 - x, y: y0 - y, width: w0, height: h0 };
      const symbols = this.read(plane, x, y, w, h).map((s) => (isWithin(s, bars) ? { ...s, ...bars } : s));
      if (take(symbols, 1, x, y)) withCode.push(x, y, w, h);
    }
  }

  private read(plane: Uint8Array, x: number, y: number, w: number, h: number): readonly CodeSymbol[] {
    const { crop, kernels, memo, zxing, bars } = this;
    kernels.shrinkRect(plane, this.width, x, y, w, h, 0, crop);
    const key = memo.key(crop, w, h);
    if (memo.has(key)) return [];
    // Chroma has a small range even in strong colours.
    if (this.kind === 'chroma') stretchPlane(crop, w * h);
    for (const how of ['local', 'global'] as const) {
      zxing.pixels().set(crop.subarray(0, w * h));
      const found = this.ask(w, h, how);
      if (found.length > 0) return found;
    }
    if (Math.max(w, h) <= SMALL && 4 * w * h <= zxing.maxPixels) {
      kernels.enlargePlane(crop, w, h, zxing.pixels());
      const found = this.ask(2 * w, 2 * h, 'global');
      if (found.length > 0) return found;
    }
    bars.reads = 0;
    const turned = bars.read(crop, w, h, 0);
    this.reads += bars.reads;
    if (turned.length === 0) memo.add(key);
    return turned;
  }

  private ask(w: number, h: number, how: 'local' | 'global'): CodeSymbol[] {
    this.reads += 1;
    return this.zxing.read(w, h, 'retail', how).filter((s) => s.valid);
  }
}

/** Whether the middle of one is in the other: the margin may contain another barcode. */
function isWithin(a: Box, b: Box): boolean {
  const [x, y] = [a.x + a.width / 2, a.y + a.height / 2];
  return x >= b.x && x <= b.x + b.width && y >= b.y && y <= b.y + b.height;
}
