import { PlaneSampler } from './quad-sampler.js';

/*
 * PDF417 is read along rows of pixels, which a code turned by 20 to 70 degrees has none of. Its bars are what gives it away:
 * all edges run one way. The angle follows from the structure tensor (Bigün and Granlund 1987), and the area is turned
 * back by it before it is read.
 */

/** Share of the edges' strength that runs one way; letters and photos have 0.1 to 0.3. */
const ONE_WAY = 0.4;
/** Radians off the rows and columns within which a reader needs no help. */
const STRAIGHT = 0.26;
const LEAST_SIDE = 40;

/** Radians by which the bars of an area lean; undefined where there are none, or upright ones. */
export function barsAngle(area: Uint8Array, width: number, height: number): number | undefined {
  if (width < LEAST_SIDE || height < LEAST_SIDE) return undefined;
  let [xx, yy, xy] = [0, 0, 0];
  for (let y = 1; y < height - 1; y += 2) {
    for (let x = 1; x < width - 1; x += 2) {
      const at = y * width + x;
      const dx = area[at + 1]! - area[at - 1]!;
      const dy = area[at + width]! - area[at - width]!;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const strength = xx + yy;
  if (strength === 0 || Math.hypot(xx - yy, 2 * xy) < ONE_WAY * strength) return undefined;
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const off = Math.abs(angle) % (Math.PI / 2);
  return Math.min(off, Math.PI / 2 - off) < STRAIGHT ? undefined : angle;
}

/** Draws an area turned back by `angle`, whole, into `to`; undefined where there is no room for it. */
export function turnArea(
  area: Uint8Array,
  width: number,
  height: number,
  angle: number,
  to: Uint8Array,
): { width: number; height: number } | undefined {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const w = Math.ceil(width * Math.abs(cos) + height * Math.abs(sin));
  const h = Math.ceil(width * Math.abs(sin) + height * Math.abs(cos));
  if (w * h > to.length) return undefined;
  const sampler = new PlaneSampler(area, width, height);
  for (let row = 0; row < h; row += 1) {
    const v = row + 0.5 - h / 2;
    for (let column = 0; column < w; column += 1) {
      const u = column + 0.5 - w / 2;
      to[row * w + column] = sampler.at(width / 2 + u * cos - v * sin, height / 2 + u * sin + v * cos);
    }
  }
  return { width: w, height: h };
}
