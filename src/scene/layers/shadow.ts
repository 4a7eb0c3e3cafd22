import type { Raster } from '../raster.js';
import type { BuiltSprite } from './build-context.js';

/** Radius of one of the three box blurs, and how far the shadow falls, as shares of the picture's shorter side. */
const BLUR_SHARE = 0.02;
const FALL_SHARE = 0.03;
const OPACITY = 0.42;

/** The picture with a soft shadow below it, in a raster that is larger by the shadow's reach. */
export function withShadow({ raster, dx, dy }: BuiltSprite): BuiltSprite {
  const shortest = Math.min(raster.width, raster.height);
  const blur = Math.max(1, Math.round(shortest * BLUR_SHARE));
  const fall = Math.round(shortest * FALL_SHARE);
  const reach = 3 * blur + fall + 1;
  const width = raster.width + 2 * reach;
  const height = raster.height + 2 * reach;
  let shade = alphaAt(raster, reach, reach + fall, width, height);
  for (let pass = 0; pass < 3; pass += 1)
    shade = blurred(blurred(shade, width, height, blur, 1), width, height, blur, width);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < shade.length; i += 1) rgba[i * 4 + 3] = Math.round(shade[i]! * OPACITY);
  drawOver(raster, reach, rgba, width);
  return { raster: { rgba, width, height }, dx: dx - reach, dy: dy - reach };
}

export function alphaAt(raster: Raster, left: number, top: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y < raster.height; y += 1)
    for (let x = 0; x < raster.width; x += 1)
      out[(y + top) * width + x + left] = raster.rgba[(y * raster.width + x) * 4 + 3]!;
  return out;
}

/** A box blur along rows (`step` 1) or columns (`step` the width). The edges are clear. */
export function blurred(from: Float32Array, width: number, height: number, radius: number, step: number): Float32Array {
  const out = new Float32Array(from.length);
  const [lines, length, next] = step === 1 ? [height, width, width] : [width, height, 1];
  for (let line = 0; line < lines; line += 1) {
    const start = line * next;
    let sum = 0;
    for (let i = -radius; i < length; i += 1) {
      if (i + radius < length) sum += from[start + (i + radius) * step]!;
      if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * step]!;
      if (i >= 0) out[start + i * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}

/** Draws the picture over its black shadow. */
export function drawOver({ rgba: top, width, height }: Raster, reach: number, out: Uint8Array, outWidth: number): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = ((y + reach) * outWidth + x + reach) * 4;
      const alpha = top[from + 3]!;
      if (alpha === 0) continue;
      const whole = alpha + (out[to + 3]! * (255 - alpha)) / 255;
      for (let c = 0; c < 3; c += 1) out[to + c] = Math.round((top[from + c]! * alpha) / whole);
      out[to + 3] = Math.round(whole);
    }
  }
}
