import type { Box } from '../../core/verdict.js';
import { FINDER_STRIDE } from './candidate-boxes.js';
import { readWithJsQr } from './jsqr-reader.js';
import { findMaxiCode } from './maxi-code.js';
import { standsAlone } from './qr-alone.js';
import { codeOnTriple, isWorthDrawing } from './qr-evidence.js';
import { findCodePieces } from './qr-pieces.js';
import { drawnSide, drawTriple, findTriples, MAX_DRAWN_SIDE, quadOf } from './qr-triples.js';
import type { Quad } from './quad-sampler.js';
import { findRoundCode } from './round-codes.js';
import type { CodeKind } from './symbol.js';
import type { ZxingReader } from './zxing-reader.js';

/** Most hits of the finder search that are looked at. */
export const MAX_FINDERS = 128;
/** Codes drawn anew a scan: 1 to 4 ms each. Texture has more triples than that, a true one is among the first. */
const MAX_DRAWINGS = 6;
/** jsQR takes about 70 ns a pixel. */
const JSQR_UP_TO = 40_000;

/** A code that the marks of one plane give away; the box is in pixels of that plane. */
export interface MarkedCode {
  readonly kind: CodeKind;
  readonly text?: string;
  readonly box: Box;
}

/**
 * What the hits of the cheap search are together: three finders of a QR code, three ring markers of a round code, the
 * bull's eye of a MaxiCode. One thread's; `reads` and the budget of drawings count from `start` on.
 */
export class FinderReader {
  /** Finders proper, FINDER_STRIDE integers each; `sort` moves the other kinds away. */
  readonly finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  /** Ring markers. */
  readonly markers = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  strict = 0;
  markerCount = 0;
  reads = 0;
  /** Finders that may lack a quiet zone; only three in the place of a code count. */
  private readonly loose = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private readonly bullseyes = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  private looseCount = 0;
  private bullseyeCount = 0;
  private drawings = 0;
  private readonly drawing = new Uint8Array(MAX_DRAWN_SIDE * MAX_DRAWN_SIDE);

  constructor(private readonly zxing: ZxingReader) {}

  start(): void {
    this.reads = 0;
    this.drawings = 0;
  }

  /** Takes the first `count` hits in `finders` apart by kind. */
  sort(count: number): void {
    const { finders } = this;
    const lists = [finders, this.markers, this.loose, this.bullseyes];
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < count; i += 1) {
      const from = i * FINDER_STRIDE;
      const kind = finders[from + 3]! >> 1;
      const to = lists[kind]!;
      const at = counts[kind]! * FINDER_STRIDE;
      for (let k = 0; k < FINDER_STRIDE; k += 1) to[at + k] = finders[from + k]!;
      counts[kind]! += 1;
    }
    [this.strict, this.markerCount, this.looseCount, this.bullseyeCount] = counts as [number, number, number, number];
  }

  /**
   * The code that the sorted hits in a plane make up. Sharpening makes rings out of much that has none: `plain` is what
   * the plane was sharpened from, and has to agree.
   */
  find(plane: Uint8Array, width: number, height: number, plain = plane): MarkedCode | undefined {
    if (this.markerCount >= 3 && plain === plane) {
      const box = findRoundCode(plane, width, height, this.markers, this.markerCount);
      if (box !== undefined) return { kind: 'round-code', box };
    }
    if (this.bullseyeCount > 0) {
      const box = findMaxiCode(plain, width, height, this.bullseyes, this.bullseyeCount);
      if (box !== undefined) return { kind: 'maxicode', box };
    }
    // A plane full of finders is a texture.
    if (this.strict === MAX_FINDERS) return undefined;
    const whole = this.strict + this.looseCount < 3 ? undefined : this.readTriples(plane, width, height, plain);
    if (whole !== undefined || this.strict < 2 || plain !== plane) return whole;
    const box = findCodePieces(plane, width, height, this.finders, this.strict);
    return box && { kind: 'undecoded-code', box };
  }

  /** Reads what stands on three finders; unread, it counts by its timing patterns or by standing alone. */
  private readTriples(plane: Uint8Array, width: number, height: number, plain: Uint8Array): MarkedCode | undefined {
    const { strict, looseCount, drawing } = this;
    const all = new Int32Array((strict + looseCount) * FINDER_STRIDE);
    all.set(this.finders.subarray(0, strict * FINDER_STRIDE));
    all.set(this.loose.subarray(0, looseCount * FINDER_STRIDE), strict * FINDER_STRIDE);
    for (const triple of findTriples(all, strict + looseCount)) {
      const side = this.drawings < MAX_DRAWINGS ? drawnSide(triple) : 0;
      if (side > 0 && isWorthDrawing(plane, width, height, triple)) {
        this.drawings += 1;
        drawTriple(plane, width, height, triple, drawing);
        const text = this.readDrawing(side);
        if (text !== undefined) return { kind: 'qr', text, box: boxOf(quadOf(triple, triple.modules), width, height) };
      }
      const quad =
        codeOnTriple(plane, width, height, triple, this.finders, strict) ??
        standsAlone(plane, plain, width, height, triple, this.finders, strict);
      if (quad !== undefined) return { kind: 'undecoded-code', box: boxOf(quad, width, height) };
    }
    return undefined;
  }

  private readDrawing(side: number): string | undefined {
    const drawing = this.drawing.subarray(0, side * side);
    for (const how of ['local', 'global'] as const) {
      this.reads += 1;
      this.zxing.pixels().set(drawing);
      const symbol = this.zxing.read(side, side, 'qr', how).find((s) => s.valid && s.text !== '');
      if (symbol !== undefined) return symbol.text;
    }
    if (side * side > JSQR_UP_TO) return undefined;
    this.reads += 1;
    // Nothing at all passes for a code without content: its error correction agrees with zeros.
    return readWithJsQr(drawing, side, side, false)?.text || undefined;
  }
}

function boxOf(quad: Quad, width: number, height: number): Box {
  const corners = [quad.topLeft, quad.topRight, quad.bottomLeft, quad.bottomRight];
  const within = (v: number, limit: number): number => Math.min(limit, Math.max(0, Math.round(v)));
  const xs = corners.map((p) => within(p.x, width));
  const ys = corners.map((p) => within(p.y, height));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
