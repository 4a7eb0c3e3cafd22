import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsqr from 'jsqr';
import { prepareZXingModule } from 'zxing-wasm/reader';
import { EngineError } from '../../core/errors.js';
import { ALL_OUTLINES } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import type { CodeSymbol } from '../pipeline/symbol.js';

/**
 * jsQR as a second opinion on a grey plane, by default in both polarities. It takes RGBA, so the plane is widened. At
 * about 70 ns per pixel it runs only where the fast reader left a doubt.
 */
export function readWithJsQr(
  plane: Uint8Array,
  width: number,
  height: number,
  bothWays = true,
): CodeSymbol | undefined {
  if (width < 21 || height < 21) return undefined;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    const v = plane[i]!;
    rgba[4 * i] = v;
    rgba[4 * i + 1] = v;
    rgba[4 * i + 2] = v;
    rgba[4 * i + 3] = 255;
  }
  const code = jsqr.default(rgba, width, height, { inversionAttempts: bothWays ? 'attemptBoth' : 'dontInvert' });
  if (code === null) return undefined;
  const { topLeftCorner: a, topRightCorner: b, bottomLeftCorner: c, bottomRightCorner: d } = code.location;
  const x = Math.max(0, Math.min(a.x, b.x, c.x, d.x));
  const y = Math.max(0, Math.min(a.y, b.y, c.y, d.y));
  return {
    format: 'QRCode',
    valid: true,
    text: code.data,
    x,
    y,
    width: Math.max(a.x, b.x, c.x, d.x) - x,
    height: Math.max(a.y, b.y, c.y, d.y) - y,
    quad: { topLeft: a, topRight: b, bottomLeft: c, bottomRight: d },
  };
}

/** Reads a part of a plane with rows `stride` long; positions are in plane coordinates. */
export function readPartWithJsQr(plane: Uint8Array, stride: number, part: Box): CodeSymbol | undefined {
  const { x, y, width, height } = part;
  const cut = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = (y + row) * stride + x;
    cut.set(plane.subarray(from, from + width), row * width);
  }
  const symbol = readWithJsQr(cut, width, height);
  if (symbol === undefined) return undefined;
  const move = (at: { x: number; y: number }): { x: number; y: number } => ({ x: at.x + x, y: at.y + y });
  const { topLeft, topRight, bottomLeft, bottomRight } = symbol.quad!;
  const quad = {
    topLeft: move(topLeft),
    topRight: move(topRight),
    bottomLeft: move(bottomLeft),
    bottomRight: move(bottomRight),
  };
  return { ...symbol, x: symbol.x + x, y: symbol.y + y, quad };
}

interface Point {
  x: number;
  y: number;
}

interface RawResult {
  isValid: boolean;
  format: string;
  text: string;
  position: { topLeft: Point; topRight: Point; bottomLeft: Point; bottomRight: Point };
}

/** The used part of the WASM module: pixels go straight to its heap, without an RGBA detour. */
interface ReaderModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  readBarcodesFromPixmap(
    pointer: number,
    width: number,
    height: number,
    options: object,
  ): { size(): number; get(i: number): RawResult; delete(): void };
}

/**
 * Which formats are searched for. `qr` is several times faster than `other`; `cornered` is the part of `other` with two
 * solid sides. `retail` is the barcodes of goods and parcels, which the other groups leave out.
 */
export type CodeFamily = 'qr' | 'other' | 'cornered' | 'all' | 'retail';
/**
 * How grey becomes black and white: `local` by the neighbourhood's average, `global` by the histogram's valley,
 * `closed` is `local` with a second pass after a morphological closing.
 */
export type Binarisation = 'local' | 'global' | 'closed';

const QR = 'QRCode,MicroQRCode,RMQRCode';
const OTHER = 'DataMatrix,Aztec,PDF417,CompactPDF417,MicroPDF417,MaxiCode';
const RETAIL = 'EAN13,EAN8,UPCA,UPCE,Code128,Code39,ITF,Codabar,DataBar,DataBarLtd,DataBarExp';
const FORMATS: Record<CodeFamily, string> = {
  qr: QR,
  other: OTHER,
  cornered: 'DataMatrix',
  all: `${QR},${OTHER}`,
  retail: RETAIL,
};

/** The formats that have each locator of `OUTLINE`. */
const MARKED = ['DataMatrix', 'Aztec,MaxiCode', 'PDF417,CompactPDF417,MicroPDF417'] as const;

const optionsFor = (formats: string, how: Binarisation) => ({
  formats,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  tryDenoise: how === 'closed',
  binarizer: how === 'global' ? 1 : 0,
  isPure: false,
  downscaleFactor: 3,
  downscaleThreshold: 500,
  // This many rows of a retail barcode must agree, as some formats have no check digit.
  minLineCount: formats === RETAIL ? 3 : 2,
  maxNumberOfSymbols: 16,
  validateOptionalChecksum: false,
  returnErrors: true,
  eanAddOnSymbol: 0,
  textMode: 0,
  characterSet: 0,
  tryCode39ExtendedMode: true,
});

/**
 * ZXing (WASM, Apache-2.0) on 8-bit planes. One instance belongs to one thread. The WASM comes from the installed
 * package's file; nothing is ever fetched.
 */
export class ZxingReader {
  private readonly options = new Map<string, object>();
  private pointer: number;

  constructor(
    private readonly module: ReaderModule,
    readonly maxPixels: number,
  ) {
    this.pointer = module._malloc(maxPixels);
    if (this.pointer === 0) {
      throw new EngineError('E_SCAN_FAILED', { where: 'code reader', found: `no memory for ${maxPixels} pixels` });
    }
    for (const family of ['qr', 'other', 'cornered', 'all', 'retail'] as const) {
      for (const how of ['local', 'global', 'closed'] as const) {
        this.options.set(family + how, optionsFor(FORMATS[family], how));
      }
    }
    for (let kinds = 1; kinds <= ALL_OUTLINES; kinds += 1) {
      const formats = MARKED.filter((_, kind) => ((kinds >> kind) & 1) === 1).join(',');
      for (const how of ['local', 'global', 'closed'] as const) {
        this.options.set(kinds + how, optionsFor(formats, how));
      }
    }
  }

  /** A reader for planes of up to `maxPixels` samples. */
  static async open(maxPixels: number): Promise<ZxingReader> {
    return new ZxingReader(await ZxingReader.load(), maxPixels);
  }

  /** The decoders, loaded before the size of the planes is known. */
  static async load(): Promise<ReaderModule> {
    const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    const bytes = readFileSync(file);
    const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const module = await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
    return module as unknown as ReaderModule;
  }

  /** Where the caller puts the samples, rows without padding. Valid until the next `read`. */
  pixels(): Uint8Array {
    return this.module.HEAPU8.subarray(this.pointer, this.pointer + this.maxPixels);
  }

  /** Reads the samples in `pixels()`. */
  read(width: number, height: number, family: CodeFamily, how: Binarisation = 'local'): CodeSymbol[] {
    return this.readFor(width, height, family + how);
  }

  /** Reads them in the formats with any of the locators `kinds`: bits 1 << OUTLINE kind, at least one set. */
  readMarked(width: number, height: number, kinds: number, how: Binarisation): CodeSymbol[] {
    return this.readFor(width, height, kinds + how);
  }

  private readFor(width: number, height: number, options: string): CodeSymbol[] {
    const found: CodeSymbol[] = [];
    if (width < 3 || height < 3) return found;
    const results = this.module.readBarcodesFromPixmap(this.pointer, width, height, this.options.get(options)!);
    try {
      for (let i = 0; i < results.size(); i += 1) found.push(toSymbol(results.get(i)));
    } finally {
      results.delete();
    }
    return found;
  }

  /** Frees the memory. The reader can't be used afterwards. */
  close(): void {
    if (this.pointer !== 0) this.module._free(this.pointer);
    this.pointer = 0;
  }
}

function toSymbol(raw: RawResult): CodeSymbol {
  const { topLeft: a, topRight: b, bottomLeft: c, bottomRight: d } = raw.position;
  const x = Math.min(a.x, b.x, c.x, d.x);
  const y = Math.min(a.y, b.y, c.y, d.y);
  const width = Math.max(a.x, b.x, c.x, d.x) - x;
  const height = Math.max(a.y, b.y, c.y, d.y) - y;
  return { format: raw.format, valid: raw.isValid, text: raw.text, x, y, width, height, quad: raw.position };
}
