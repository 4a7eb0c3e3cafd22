import type { MouthSpace } from '../face/mouth-space.js';
import type { Patch } from '../footage/sample-patch.js';
import type { InnerLight } from './inner-mouth.js';
import type { RestingLips } from './lip-line.js';

/** Colours of skin and lips in a resting mouth's picture. */
export function lightOf(space: MouthSpace, rest: Patch, lips: RestingLips): InnerLight {
  const centre = (lips.xLeft + lips.xRight) / 2;
  const reach = (lips.xRight - lips.xLeft) * 0.25;
  const middle = Math.round(centre - space.left);
  const lipY = ((lips.lower[middle]! + lips.bottom[middle]!) / 2) | 0;
  const chinY = lips.bottom[middle]! + 0.55 * (space.chinY - lips.bottom[middle]!);
  return {
    skin: mean(space, rest, centre - reach, centre + reach, chinY - 4, chinY + 5),
    lips: mean(space, rest, centre - reach, centre + reach, lipY - 1, lipY + 2),
  };
}

function mean(
  space: MouthSpace,
  { data, width, height }: Patch,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let n = 0;
  for (let y = Math.max(0, Math.round(y0 - space.top)); y < Math.min(height, Math.round(y1 - space.top)); y += 1) {
    for (let x = Math.max(0, Math.round(x0 - space.left)); x < Math.min(width, Math.round(x1 - space.left)); x += 1) {
      for (let k = 0; k < 3; k += 1) sum[k]! += data[(y * width + x) * 3 + k]!;
      n += 1;
    }
  }
  return [sum[0] / Math.max(1, n), sum[1] / Math.max(1, n), sum[2] / Math.max(1, n)];
}
