import type { ColourRegion } from './colour-region.js';

/** Shifts up to this many samples, and up to this share of the shorter side. */
const MAX_SHIFT = 24;
const SHIFT_SHARE = 0.6;
/** So much of a place must lie on itself when it is shifted. */
const MIN_OVERLAP = 0.3;
/** The place is like itself nearby, until the correlation falls below this. */
const STILL_ITSELF = 0.35;
/** So many samples, spread evenly, are compared. */
const COMPARED = 1200;
/** By how much the middle may be off, in samples. */
const OFFSETS = [0, 0.5, -0.5, 1, -1] as const;

const stepOf = (region: ColourRegion): number => Math.max(1, Math.ceil(Math.sqrt(region.samples / COMPARED)));

/** Radius within which the place is like itself, and its best correlation with itself beyond it: checks, weaves, tiles repeat. */
export function repeatsOf(region: ColourRegion): { grain: number; repeats: number } {
  const { width, height, inner, values, mean } = region;
  const most = Math.min(MAX_SHIFT, Math.floor(region.short * SHIFT_SHARE));
  const step = stepOf(region);
  // With room around it, so that no shift leads into another row. Outside all is 0.
  const stride = width + 2 * most;
  const deviations = new Float32Array(stride * (height + most));
  const isInside = new Uint8Array(deviations.length);
  const compared: number[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (inner[y * width + x] === 0) continue;
      const at = y * stride + x + most;
      deviations[at] = values[y * width + x]! - mean;
      isInside[at] = 1;
      if (x % step === 0 && y % step === 0) compared.push(at);
    }
  }
  const byRadius = new Float64Array(Math.ceil(most * Math.SQRT2) + 1).fill(-1);
  for (let dy = 0; dy <= most; dy += 1) {
    for (let dx = dy === 0 ? 1 : -most; dx <= most; dx += 1) {
      const shift = dy * stride + dx;
      let [n, product, own, shifted] = [0, 0, 0, 0];
      for (let i = 0; i < compared.length; i += 1) {
        const at = compared[i]!;
        const a = deviations[at]! * isInside[at + shift]!;
        const b = deviations[at + shift]!;
        n += isInside[at + shift]!;
        product += a * b;
        own += a * a;
        shifted += b * b;
      }
      if (n < MIN_OVERLAP * compared.length) continue;
      const radius = Math.round(Math.hypot(dx, dy));
      byRadius[radius] = Math.max(byRadius[radius]!, product / Math.sqrt(own * shifted + 1e-6));
    }
  }
  let grain = 1;
  while (grain < most && byRadius[grain]! > STILL_ITSELF) grain += 1;
  let repeats = 0;
  for (let radius = grain; radius <= most; radius += 1) repeats = Math.max(repeats, byRadius[radius]!);
  return { grain, repeats };
}

/**
 * Best correlation with its own mirror image, about either axis of the rectangle or both, or with its negative: rings, emblems, tiles. What
 * is nearer to the middle than `from` samples is left out.
 */
export function symmetryOf(region: ColourRegion, from = 0): number {
  const { width, height, inner, values, mean, middleX, middleY, angle } = region;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const step = stepOf(region);
  let best = 0;
  for (let kind = 0; kind < 3; kind += 1) {
    for (const ox of OFFSETS) {
      for (const oy of OFFSETS) {
        let [product, own, mirrored] = [0, 0, 0];
        for (let y = 0; y < height; y += step) {
          for (let x = 0; x < width; x += step) {
            const at = y * width + x;
            if (inner[at] === 0) continue;
            const [dx, dy] = [x - middleX - ox, y - middleY - oy];
            if (dx * dx + dy * dy < from * from) continue;
            const u = (dx * c + dy * s) * (kind === 1 ? 1 : -1);
            const v = (dy * c - dx * s) * (kind === 0 ? 1 : -1);
            const toX = Math.round(middleX + ox + u * c - v * s);
            const toY = Math.round(middleY + oy + u * s + v * c);
            if (toX < 0 || toY < 0 || toX >= width || toY >= height) continue;
            const [a, b] = [values[at]! - mean, values[toY * width + toX]! - mean];
            product += a * b;
            own += a * a;
            mirrored += b * b;
          }
        }
        best = Math.max(best, Math.abs(product) / Math.sqrt(own * mirrored + 1e-6));
      }
    }
  }
  return best;
}
