import type { MouthSpace } from '../face/mouth-space.js';
import type { Patch } from '../footage/sample-patch.js';

/** Gives a mouth's picture the mean and contrast that the skin around the mouth has in another one. In place. */
export function matchColours(patch: Patch, to: Patch, space: MouthSpace): Patch {
  const { unit, left, top, chinY, halfWidth } = space;
  for (let k = 0; k < 3; k += 1) {
    let [n, a, b] = [0, 0, 0];
    for (let v = 0; v < patch.height; v += 2) {
      const y = top + v + 0.5;
      if (y > 0.35 * chinY) break; // the chin is elsewhere in an open mouth
      for (let u = 0; u < patch.width; u += 2) {
        const x = left + u + 0.5;
        if (Math.abs(x) > halfWidth[v]! * 0.85 || (x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
        const at = (v * patch.width + u) * 3 + k;
        a += patch.data[at]!;
        b += to.data[at]!;
        n += 1;
      }
    }
    const gain = a === 0 ? 1 : Math.min(1.3, Math.max(0.77, b / a));
    if (n === 0) continue;
    for (let i = k; i < patch.data.length; i += 3) patch.data[i]! *= gain;
  }
  return patch;
}
