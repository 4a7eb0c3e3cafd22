import { mapX, mapY, type Affine } from '../face/mouth-space.js';
import type { Rgb } from './open-footage.js';

/** RGB as floats 0…255, interleaved, rows without padding. */
export interface Patch {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

export const newPatch = (width: number, height: number): Patch => ({
  data: new Float32Array(width * height * 3),
  width,
  height,
});

/** Catmull-Rom weights of four samples around a fraction. */
function weights(t: number, out: Float64Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  out[0] = (-t3 + 2 * t2 - t) / 2;
  out[1] = (3 * t3 - 5 * t2 + 2) / 2;
  out[2] = (-3 * t3 + 4 * t2 + t) / 2;
  out[3] = (t3 - t2) / 2;
}
const wx = new Float64Array(4);
const wy = new Float64Array(4);

/** One pixel of a picture at a place between its samples, sharp cubic, into `out[at…at+2]`; edges are extended. */
export function sampleCubic(
  data: ArrayLike<number>,
  width: number,
  height: number,
  x: number,
  y: number,
  out: Float32Array,
  at: number,
): void {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  weights(x - x0, wx);
  weights(y - y0, wy);
  let [r, g, b] = [0, 0, 0];
  for (let j = 0; j < 4; j += 1) {
    const row = Math.min(height - 1, Math.max(0, y0 + j - 1)) * width;
    for (let i = 0; i < 4; i += 1) {
      const from = (row + Math.min(width - 1, Math.max(0, x0 + i - 1))) * 3;
      const w = wx[i]! * wy[j]!;
      r += data[from]! * w;
      g += data[from + 1]! * w;
      b += data[from + 2]! * w;
    }
  }
  out[at] = r;
  out[at + 1] = g;
  out[at + 2] = b;
}

/** The rectangle (left, top, width, height) of the mouth space, taken from a frame by its pose. */
export function samplePatch(
  picture: Rgb,
  pose: Affine,
  rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Patch {
  const patch = newPatch(rect.width, rect.height);
  for (let v = 0; v < rect.height; v += 1) {
    for (let u = 0; u < rect.width; u += 1) {
      const x = rect.left + u + 0.5;
      const y = rect.top + v + 0.5;
      const at = (v * rect.width + u) * 3;
      const px = mapX(pose, x, y) - 0.5;
      const py = mapY(pose, x, y) - 0.5;
      sampleCubic(picture.data, picture.width, picture.height, px, py, patch.data, at);
    }
  }
  return patch;
}
