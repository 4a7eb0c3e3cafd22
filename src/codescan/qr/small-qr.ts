import { type Corner, PlaneSampler } from '../pipeline/quad-sampler.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { Binarisation, ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Micro QR and rMQR have one finder, so a reader locates them in any square within a square, and only decoded ones
 * count. One finder also gives direction and size less precisely than three: a tilted symbol of two or three pixels per
 * module is located and then misread. Redrawn upright and enlarged around its location, two of three of those are read
 * (`npm run scan:bench -- --only rMQR`).
 */

/** Located symbols that are redrawn per plane; texture locates more than that, one below the other. */
const MAX_SEEDS = 4;
/** A located Micro QR may be the end of an rMQR, which is up to 139 modules long against its 7 to 17. */
const MICRO_REACH = 9;
const LONG_REACH = 2.2;
const MAX_SIDE = 1400;
const MAX_HEIGHT = 600;
const MIN_HEIGHT = 60;
/** Enlargement and binarisation, the most promising first. */
const DRAWINGS: readonly (readonly [times: number, how: Binarisation])[] = [
  [3, 'closed'],
  [2, 'global'],
  [4, 'closed'],
];
/** Seeds with middles nearer than this, in pixels, are one. */
const NEAR = 6;

export const isUnreadSmallQr = (s: CodeSymbol): boolean =>
  !s.valid && (s.format === 'MicroQRCode' || s.format === 'RMQRCode');

/** A symbol of a plane of twice the size. */
export function halved(s: CodeSymbol): CodeSymbol {
  const half = ({ x, y }: Corner): Corner => ({ x: x / 2, y: y / 2 });
  const { topLeft, topRight, bottomLeft, bottomRight } = s.quad;
  const quad = {
    topLeft: half(topLeft),
    topRight: half(topRight),
    bottomLeft: half(bottomLeft),
    bottomRight: half(bottomRight),
  };
  return { ...s, x: s.x / 2, y: s.y / 2, width: s.width / 2, height: s.height / 2, quad };
}

/**
 * Rereads located but misread Micro QR and rMQR codes of a plane, upright and enlarged. Returns the first one that
 * decodes, with its position in the plane's pixels.
 */
export function readSmallQr(
  zxing: ZxingReader,
  plane: Uint8Array,
  width: number,
  height: number,
  located: readonly CodeSymbol[],
): CodeSymbol | undefined {
  const sampler = new PlaneSampler(plane, width, height);
  const done: { x: number; y: number }[] = [];
  for (const symbol of located) {
    if (done.length >= MAX_SEEDS) return undefined;
    if (!isUnreadSmallQr(symbol)) continue;
    const { topLeft, topRight, bottomLeft, bottomRight } = symbol.quad;
    const x = (topLeft.x + topRight.x + bottomLeft.x + bottomRight.x) / 4;
    const y = (topLeft.y + topRight.y + bottomLeft.y + bottomRight.y) / 4;
    if (done.some((d) => Math.hypot(d.x - x, d.y - y) < NEAR)) continue;
    done.push({ x, y });
    const angle = Math.atan2(topRight.y - topLeft.y, topRight.x - topLeft.x);
    const long = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
    const high = Math.hypot(bottomLeft.x - topLeft.x, bottomLeft.y - topLeft.y);
    const wide = Math.max(long, high) * (symbol.format === 'MicroQRCode' ? MICRO_REACH : LONG_REACH);
    const tall = Math.max(high * 2.4, MIN_HEIGHT);
    for (const [times, how] of DRAWINGS) {
      const w = Math.max(1, Math.min(MAX_SIDE, Math.floor(wide * times)));
      const h = Math.max(1, Math.min(MAX_HEIGHT, Math.floor(tall * times)));
      if (w * h > zxing.maxPixels) continue;
      draw(sampler, zxing.pixels(), w, h, { x, y, angle, times });
      const read = zxing.read(w, h, 'qr', how).find((s) => s.valid);
      if (read === undefined) continue;
      const side = Math.round(Math.max(long, high));
      return { ...read, x: Math.round(x - side / 2), y: Math.round(y - side / 2), width: side, height: side };
    }
  }
  return undefined;
}

interface Drawing {
  /** The middle in the plane. */
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
  readonly times: number;
}

/** Draws a rotated rectangle of a plane upright and enlarged, `w`×`h` samples. */
function draw(sampler: PlaneSampler, to: Uint8Array, w: number, h: number, { x, y, angle, times }: Drawing): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < h; row += 1) {
    const v = (row - h / 2) / times;
    for (let column = 0; column < w; column += 1) {
      const u = (column - w / 2) / times;
      to[row * w + column] = sampler.sharp(x + u * cos - v * sin, y + u * sin + v * cos);
    }
  }
}
