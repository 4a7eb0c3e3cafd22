import type { MouthSpace } from '../face/mouth-space.js';

const smooth = (t: number): number => {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
};
const FEATHER_SHARE = 0.15;
const TOP_FEATHER_SHARE = 0.09;
/** How far inside the jaw the mouth's picture ends. */
const INSIDE_JAW = 0.86;
/** Heights between mouth and chin to which the jaw's width counts, and from which the chin's does. */
const JAW_TO = 0.92;
const CHIN_FROM = 0.6;
const CHIN_SHARE = 0.33;

/** Alpha 0…1 of a mouth's picture: full around the mouth, soft towards nose, jaw and neck. */
export function patchMask(space: MouthSpace): Float32Array {
  const { unit, top, left, width, height, chinY, halfWidth } = space;
  const out = new Float32Array(width * height);
  const bottom = top + height;
  // The chin moves, so the picture holds it with some neck; the jaw beside it stays the frame's own.
  const chinFrom = CHIN_FROM * chinY;
  for (let v = 0; v < height; v += 1) {
    const y = top + v + 0.5;
    const jaw = y < JAW_TO * chinY ? halfWidth[v]! * INSIDE_JAW : 0;
    const t = Math.max(0, (y - chinFrom) / (bottom - chinFrom));
    const chin = y < chinFrom ? 0 : CHIN_SHARE * unit * Math.sqrt(Math.max(0, 1 - t * t));
    const half = Math.min(-left, Math.max(jaw, chin));
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
