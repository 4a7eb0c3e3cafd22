import type Sharp from 'sharp';

export type SharpLoader = () => Promise<typeof Sharp>;

/** A picture in memory: straight sRGB RGBA, rows without padding. */
export interface Raster {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A 4K frame twice as wide and high: more takes memory without any visible gain. */
const MAX_PIXELS = 34_000_000;
/** Maximum side that librsvg draws. */
const MAX_SIDE = 32_767;

/** The requested size cannot be drawn. */
export class Undrawable extends Error {
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    super(`${width}×${height} pixels`);
  }
}

/** Throws Undrawable. */
export function assertDrawable(width: number, height: number): void {
  const fits = Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS;
  if (!(width >= 1 && height >= 1 && fits)) throw new Undrawable(width, height);
}

/** Draws an SVG made by the engine at its own size. */
export async function drawSvg(load: SharpLoader, svg: string, width: number, height: number): Promise<Raster> {
  assertDrawable(width, height);
  const sharp = await load();
  const { data } = await sharp(Buffer.from(svg))
    .resize(width, height, { fit: 'fill' })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgba: data, width, height };
}

/** The bounding box of the visible pixels; undefined when there are none. */
export function inkBox(
  raster: Raster,
  minAlpha = 1,
): { x: number; y: number; width: number; height: number } | undefined {
  const { rgba, width, height } = raster;
  let x0 = width;
  let x1 = -1;
  let y0 = height;
  let y1 = -1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (rgba[(y * width + x) * 4 + 3]! < minAlpha) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      y1 = y;
    }
  }
  return x1 < 0 ? undefined : { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
}

/** A part of a raster as its own raster. */
export function crop(raster: Raster, x: number, y: number, width: number, height: number): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const from = ((y + row) * raster.width + x) * 4;
    rgba.set(raster.rgba.subarray(from, from + width * 4), row * width * 4);
  }
  return { rgba, width, height };
}
