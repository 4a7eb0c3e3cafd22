import type { Kernels } from '../../core/kernels.js';

/*
 * The angle of a rotated PDF417. It is read along rows of pixels, and its rows are three modules high, so eight degrees
 * are too many. Its bars identify it: most edges have one direction. The structure tensor (Bigün and Granlund 1987)
 * detects that cheaply, but its angle is up to seven degrees off where letters or a product stand in the area. The
 * angle is therefore that of the bars and rows together: most edges of a code lie within two degrees of one of the two,
 * and edges of the surroundings are upright or of any angle.
 */

/** Share of the edges' strength in one direction; letters and photos have 0.1 to 0.3. */
const ONE_WAY = 0.3;
/**
 * From this share on its angle is the angle of the bars, where pixel edges hide it: the edges of a code a few degrees
 * off are upright.
 */
const SURELY_ONE_WAY = 0.4;
/** Degrees off the rows and columns within which a reader needs no help. */
const STRAIGHT = 3;
const MIN_SIDE = 40;
/** Number of evenly spread samples. */
const MAX_SAMPLES = 10_000;
/** Edges of less contrast have no angle. */
const MIN_EDGE = 60;
/** One bin per degree; the two perpendicular directions share it. */
const BINS = 90;
/** Edges near the best angle, of those near any. */
const MIN_PEAK = 2;
/** Minimum compared with the upright edges: the corners of letters have angles too. */
const MIN_OF_UPRIGHT = 0.3;
/** Degrees on either side that belong to an angle. */
const WITHIN = 2;

/** Radians by which the bars or rows of an area are slanted; undefined when they are upright or missing. */
export function barsAngle(area: Uint8Array, width: number, height: number): number | undefined {
  if (width < MIN_SIDE || height < MIN_SIDE) return undefined;
  const { share, angle: main } = tensorOf(area, width, height);
  if (share < ONE_WAY) return undefined;
  const bins = edgeAngles(area, width, height);
  let [best, most, all] = [0, 0, 0];
  for (let bin = 0; bin < BINS; bin += 1) {
    all += bins[bin]!;
    const near = sumNear(bins, bin);
    if (bin < STRAIGHT || bin > BINS - STRAIGHT || near <= most) continue;
    // The upright edges of letters reach this far, but rise towards their own angle.
    if (near < sumNear(bins, bin - 1) || near < sumNear(bins, bin + 1)) continue;
    [best, most] = [bin, near];
  }
  // Where all edges are faint there is no peak.
  const isClear =
    most > 0 && most * BINS >= MIN_PEAK * (2 * WITHIN + 1) * all && most >= MIN_OF_UPRIGHT * sumNear(bins, 0);
  if (!isClear) {
    if (share < SURELY_ONE_WAY) return undefined;
    const off = Math.abs(main) % (Math.PI / 2);
    return Math.min(off, Math.PI / 2 - off) * 180 < STRAIGHT * Math.PI ? undefined : main;
  }
  let [sum, weights] = [0, 0];
  for (let off = -WITHIN; off <= WITHIN; off += 1) {
    const weight = bins[(best + off + BINS) % BINS]!;
    sum += weight * (best + off);
    weights += weight;
  }
  return ((sum / weights) * Math.PI) / 180;
}

/** The share of an area's edges, by strength, in one direction. */
export const shareOneWay = (area: Uint8Array, width: number, height: number): number =>
  tensorOf(area, width, height).share;

/** The structure tensor of an area: the share of its edges in one direction, and the angle of that direction. */
function tensorOf(area: Uint8Array, width: number, height: number): { share: number; angle: number } {
  let [xx, yy, xy] = [0, 0, 0];
  // Odd and even columns and rows in every combination: squares of a few pixels have all their edges at one parity, and
  // at two adjacent sides of a square the same sample makes both differences, which is an angle of 45 degrees.
  for (let y = 1, row = 0; y < height - 1; y += 3, row += 1) {
    for (let x = 1 + ((row >> 1) & 1); x < width - 1; x += 2) {
      const at = y * width + x;
      const dx = area[at + 1]! - area[at - 1]!;
      const dy = area[at + width]! - area[at - width]!;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const strength = xx + yy;
  const share = strength === 0 ? 0 : Math.hypot(xx - yy, 2 * xy) / strength;
  return { share, angle: Math.atan2(2 * xy, xx - yy) / 2 };
}

/** Histogram of edges by angle, in degrees; perpendicular directions share a bin. */
function edgeAngles(area: Uint8Array, width: number, height: number): Float64Array {
  const bins = new Float64Array(BINS);
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / MAX_SAMPLES)));
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const at = y * width + x;
      const [a, b, c] = [area[at - width - 1]!, area[at - width]!, area[at - width + 1]!];
      const [d, e] = [area[at - 1]!, area[at + 1]!];
      const [f, g, h] = [area[at + width - 1]!, area[at + width]!, area[at + width + 1]!];
      const dx = c + 2 * e + h - a - 2 * d - f;
      const dy = f + 2 * g + h - a - 2 * b - c;
      const edge = Math.abs(dx) + Math.abs(dy);
      if (edge < MIN_EDGE) continue;
      const degrees = (Math.atan2(dy, dx) * 180) / Math.PI + 360;
      bins[Math.round(degrees) % BINS]! += edge;
    }
  }
  return bins;
}

function sumNear(bins: Float64Array, bin: number): number {
  let sum = 0;
  for (let off = -WITHIN; off <= WITHIN; off += 1) sum += bins[(bin + off + BINS) % BINS]!;
  return sum;
}

/** Draws a whole area rotated back by `angle` into `to`, `scale` times as large; undefined when `to` is too small. */
export function turnArea(
  kernels: Pick<Kernels, 'turnPlane'>,
  area: Uint8Array,
  width: number,
  height: number,
  angle: number,
  to: Uint8Array,
  scale: 1 | 2 = 1,
): { width: number; height: number } | undefined {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [cos, sin] = [c / scale, s / scale];
  const w = Math.ceil((width * Math.abs(cos) + height * Math.abs(sin)) * scale * scale);
  const h = Math.ceil((width * Math.abs(sin) + height * Math.abs(cos)) * scale * scale);
  if (w * h > to.length) return undefined;
  kernels.turnPlane(area, width, height, c, s, scale, to, w, h);
  return { width: w, height: h };
}
