import type { WriteInputBarcodeFormat } from 'zxing-wasm/writer';
import { makeCode } from './make-code.js';
import { type FinderStyle, matrixShape, type ModuleStyle, type Shape } from './symbol-shapes.js';

/** Numbers from 0 to 1. */
export type Random = () => number;

export const QR_SIZES = [40, 60, 90, 140, 220, 300] as const;
export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** Text of `length` characters as found in sellers' codes. */
function text(random: Random, length: number): string {
  const letters = Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
  return length > 20 ? `https://u.wx.qq.com/${letters}`.slice(0, length) : letters;
}

/** A QR code with modules of at least 1.6 px at this size: a viewer's phone does not read smaller ones either. */
export async function qr(
  random: Random,
  size: number,
  quiet = 4,
  style: ModuleStyle = 'square',
  logo = 0,
  finders: FinderStyle = 'square',
): Promise<Shape> {
  const largest = Math.min(7, Math.max(1, Math.floor((size / 1.6 - 17) / 4)));
  const version = 1 + Math.floor(random() * Math.min(largest, logo > 0 ? 6 : largest));
  const room = logo > 0 ? [7, 14, 24, 34, 44, 58, 64] : [14, 24, 40, 60, 80, 100, 120];
  const code = await makeCode(text(random, room[version - 1]!), 'QRCode', logo > 0 ? 'ecLevel=H' : 'ecLevel=L');
  return matrixShape(code, quiet, style, logo, finders);
}

/** A symbol of another format with as much text as keeps its modules at 1.6 px at this size. */
export const form =
  (format: WriteInputBarcodeFormat, low: number, high: number, quiet: number) =>
  async (random: Random, size: number): Promise<Shape> => {
    let length = Math.round(between(random, low, high));
    for (;;) {
      const shape = matrixShape(await makeCode(text(random, length), format), quiet);
      if (shape.module * size >= 1.6 || length <= low) return shape;
      length -= 1;
    }
  };

/** 30 rows of hexagons; the writer returns a picture of them, 149 pixels wide. */
export async function maxiCode(random: Random, size: number): Promise<Shape> {
  return { ...(await form('MaxiCode', 6, 24, 4)(random, size * 8)), module: 1 / 30 };
}
