import { setImmediate as turn } from 'node:timers/promises';
import type { PushIn } from '../../config/sections/layer.js';
import type { Raster } from '../raster.js';
import type { BuiltSprite } from './build-context.js';

/*
 * Problem: a picture that grows by a whole pixel now and then jerks, and a size for every frame would take a hundred
 * megabytes.
 *
 * Rule: the full size is drawn and judged as any picture; smaller ones are made from it with a bilinear filter at
 * fractions of a pixel, in a raster as large as the full one. Width or height grows by half a pixel a size.
 *
 * Numbers: at most MAX_SIZES sizes, and at most MAX_BYTES of pixels in all of them; larger pictures grow in coarser steps.
 */
const STEP_PX = 0.5;
const MAX_SIZES = 40;
const MAX_BYTES = 16 * 1024 * 1024;
/** Bytes of a pixel with alpha in 4:2:0. */
const BYTES_PER_PIXEL = 2.5;

/** The sizes before the full one, smallest first; none for a picture too large to grow. */
export async function growth(built: BuiltSprite, { from, towards }: PushIn): Promise<BuiltSprite[]> {
  const { raster, dx, dy } = built;
  const pixels = raster.width * raster.height;
  const wanted = ((1 - from) * Math.max(raster.width, raster.height)) / STEP_PX;
  const sizes = Math.round(Math.min(wanted, MAX_SIZES, MAX_BYTES / (pixels * BYTES_PER_PIXEL)));
  const made: BuiltSprite[] = [];
  for (let i = 0; i < sizes; i += 1) {
    made.push({ raster: shrunk(raster, from + ((1 - from) * i) / sizes, towards === 'foot' ? 1 : 0.5), dx, dy });
    await turn();
  }
  return made;
}

/** The picture at `scale`, at most 1, in a raster of the same size; the middle of a row at `anchorY` stays in place. */
export function shrunk(raster: Raster, scale: number, anchorY: number): Raster {
  const { rgba, width, height } = raster;
  const out = new Uint8Array(rgba.length);
  const across = steps(width, scale, 0.5);
  const down = steps(height, scale, anchorY);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) blend(rgba, width, height, across[x]!, down[y]!, out, (y * width + x) * 4);
  }
  return { rgba: out, width, height };
}

/** For each pixel of a row or column, where it lies in the full size. */
function steps(length: number, scale: number, anchor: number): Float64Array {
  const middle = length * anchor;
  return Float64Array.from({ length }, (_, i) => (i + 0.5 - middle) / scale + middle - 0.5);
}

/** One pixel from its four neighbours, weighted by area and opacity; nothing lies outside the picture. */
function blend(
  rgba: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  out: Uint8Array,
  to: number,
): void {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  let r = 0;
  let g = 0;
  let b = 0;
  let a = 0;
  for (let j = 0; j < 2; j += 1) {
    const row = y0 + j;
    if (row < 0 || row >= height) continue;
    for (let i = 0; i < 2; i += 1) {
      const column = x0 + i;
      if (column < 0 || column >= width) continue;
      const at = (row * width + column) * 4;
      const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row)) * rgba[at + 3]!;
      r += weight * rgba[at]!;
      g += weight * rgba[at + 1]!;
      b += weight * rgba[at + 2]!;
      a += weight;
    }
  }
  if (a === 0) return;
  out[to] = Math.round(r / a);
  out[to + 1] = Math.round(g / a);
  out[to + 2] = Math.round(b / a);
  out[to + 3] = Math.round(a);
}
