import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { YuvaBitmap } from '../core/media/picture.js';
import type { Region } from './pose-svg.js';

/** RGBA pixels, straight alpha, rows without padding. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Draws an SVG document at its own size. */
export type Rasterise = (svg: Buffer, where: string) => Promise<Pixels>;

/** In this process: for our own drawings alone. */
export async function rasterise(svg: Buffer, where: string): Promise<Pixels> {
  // Loaded late: callers that draw text must set up fonts before the first use in the process.
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(svg, { limitInputPixels: 50_000_000 })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    throw new EngineError('E_PRESENTER_INVALID', {
      where,
      expected: 'drawings that can be rasterised',
      found: (cause as Error).message,
      cause,
    });
  }
}

/** The smallest even rectangle of `within` that holds every visible pixel; undefined when there are none. */
export function inkBounds(pixels: Pixels, within: Region): Region | undefined {
  const { data, width } = pixels;
  let left = within.width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < within.height; y += 1) {
    const row = ((within.y + y) * width + within.x) * 4 + 3;
    let first = -1;
    for (let x = 0; x < within.width; x += 1) {
      if (data[row + x * 4] !== 0) {
        first = x;
        break;
      }
    }
    if (first < 0) continue;
    let last = within.width - 1;
    while (data[row + last * 4] === 0) last -= 1;
    if (top < 0) top = y;
    bottom = y;
    if (first < left) left = first;
    if (last > right) right = last;
  }
  if (top < 0) return undefined;
  left -= left & 1;
  top -= top & 1;
  const even = (n: number): number => n + (n & 1);
  return { x: within.x + left, y: within.y + top, width: even(right + 1 - left), height: even(bottom + 1 - top) };
}

export interface CutSprite {
  readonly bitmap: YuvaBitmap;
  /** Origin of its content in the picture. */
  readonly x: number;
  readonly y: number;
}

/** A cell of a sheet as a bitmap cropped to its content. `cellAt` is the cell's position in the sheet. */
export function cutSprite(
  sheet: Pixels,
  cellAt: Region,
  placeX: number,
  placeY: number,
  kernels: Kernels,
): CutSprite | undefined {
  const ink = inkBounds(sheet, cellAt);
  if (ink === undefined) return undefined;
  const rgba = new Uint8Array(ink.width * ink.height * 4);
  for (let y = 0; y < ink.height; y += 1) {
    const from = ((ink.y + y) * sheet.width + ink.x) * 4;
    rgba.set(sheet.data.subarray(from, from + ink.width * 4), y * ink.width * 4);
  }
  return {
    bitmap: kernels.rgbaToYuva(rgba, ink.width, ink.height, 0, 0),
    x: placeX + ink.x - cellAt.x,
    y: placeY + ink.y - cellAt.y,
  };
}
