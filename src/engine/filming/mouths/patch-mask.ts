import type { MouthSpace } from '../face/mouth-space.js';

const smooth = (t: number): number => {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
};
const FEATHER_SHARE = 0.15;
const TOP_FEATHER_SHARE = 0.09;
/** How far inside the jaw the mouth's picture ends. */
const INSIDE_JAW = 0.88;

/** Alpha 0…1 of a mouth's picture: full around the mouth, soft towards nose, jaw and neck. */
export function patchMask(space: MouthSpace): Float32Array {
  const { unit, top, left, width, height, chinY, halfWidth } = space;
  const out = new Float32Array(width * height);
  const from = 0.45 * chinY;
  const bottom = top + height;
  const rowAt = (y: number): number => Math.min(height - 1, Math.max(0, Math.round(y - top)));
  const waist = halfWidth[rowAt(from)]! * INSIDE_JAW;
  for (let v = 0; v < height; v += 1) {
    const y = top + v + 0.5;
    const t = Math.max(0, (y - from) / (bottom - from));
    const half = Math.min(-left, y < from ? halfWidth[v]! * INSIDE_JAW : waist * Math.sqrt(Math.max(0, 1 - t * t)));
    for (let u = 0; u < width; u += 1) {
      const x = Math.abs(left + u + 0.5);
      const side = smooth((half - x) / (FEATHER_SHARE * unit));
      const above = smooth((y - top) / (TOP_FEATHER_SHARE * unit));
      const below = smooth((bottom - y) / (0.12 * unit));
      out[v * width + u] = side * above * below;
    }
  }
  return out;
}
