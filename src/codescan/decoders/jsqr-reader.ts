import jsqr from 'jsqr';
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
