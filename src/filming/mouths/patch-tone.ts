import type { MouthSpace } from '../face/mouth-space.js';
import { mapX, mapY, type Affine } from '../face/similarity.js';
import type { Rgb } from '../footage/rgb.js';
import type { Patch } from '../footage/sample-patch.js';

const MAX_TONE = 40;

/** Difference of a frame's skin around the mouth to that of a resting mouth's picture, in Y, U and V. */
export function patchTone(
  { data, width, height }: Rgb,
  pose: Affine,
  rest: Patch,
  space: MouthSpace,
): [number, number, number] {
  const { unit, left, top, chinY } = space;
  const sum = [0, 0, 0];
  let n = 0;
  for (let v = 0; v < space.height; v += 3) {
    const y = top + v + 0.5;
    const half = space.halfWidth[v]! * 0.85;
    if (y > chinY * 0.9) break;
    for (let u = 0; u < space.width; u += 3) {
      const x = left + u + 0.5;
      if (Math.abs(x) > half || (x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
      const px = Math.round(mapX(pose, x, y) - 0.5);
      const py = Math.round(mapY(pose, x, y) - 0.5);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const at = (py * width + px) * 3;
      const from = (v * space.width + u) * 3;
      for (let k = 0; k < 3; k += 1) sum[k]! += data[at + k]! - rest.data[from + k]!;
      n += 1;
    }
  }
  const [r, g, b] = sum.map((s) => s / Math.max(1, n)) as [number, number, number];
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const hold = (value: number): number => Math.max(-MAX_TONE, Math.min(MAX_TONE, Math.round(value)));
  return [
    hold((luma * 219) / 255),
    hold(((b - luma) / 1.8556) * (224 / 255)),
    hold(((r - luma) / 1.5748) * (224 / 255)),
  ];
}
