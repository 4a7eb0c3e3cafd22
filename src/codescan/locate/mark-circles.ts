/*
 * The circles around the middle of a locator on which it has one tone at any angle. A square at distance r from its
 * middle lies between the circles of r and 1.41 r, so a finder is dark on those of 1 and 3.4 modules and light on the
 * one of 2.1; the ring marker of a round code is round itself.
 */

const ANGLES = 12;
const COS = Float64Array.from({ length: ANGLES }, (_, n) => Math.cos((2 * Math.PI * n) / ANGLES));
const SIN = Float64Array.from({ length: ANGLES }, (_, n) => Math.sin((2 * Math.PI * n) / ANGLES));
/** Weight of the middle. */
const MIDDLE = 4;

export interface MarkView {
  readonly plane: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Radii in modules (of a ring marker: in rings), and 1 for the dark ones; the middle is always dark. */
export interface Circles {
  readonly radii: readonly number[];
  readonly dark: readonly number[];
}

export const FINDER_CIRCLES: Circles = { radii: [1, 2.1, 3.4], dark: [1, 0, 1] };
export const RING_CIRCLES: Circles = { radii: [1.25, 2.5, 3.6], dark: [0, 1, 0] };

/** Pearson's correlation of the samples on the circles around (x, y) with their tones: negative for dark on light. */
export function agreesAround(
  { plane, width, height }: MarkView,
  { radii, dark: tones }: Circles,
  x: number,
  y: number,
  module: number,
): number {
  const [right, bottom] = [width - 1.001, height - 1.001];
  const middle = plane[(Math.min(bottom, Math.max(0, y)) | 0) * width + (Math.min(right, Math.max(0, x)) | 0)]!;
  let sum = MIDDLE * middle;
  let squares = MIDDLE * middle * middle;
  let dark = MIDDLE;
  let product = MIDDLE * middle;
  for (let k = 0; k < radii.length; k += 1) {
    const radius = radii[k]! * module;
    const isDark = tones[k] === 1;
    for (let a = 0; a < ANGLES; a += 1) {
      const px = Math.min(right, Math.max(0, x - 0.5 + COS[a]! * radius));
      const py = Math.min(bottom, Math.max(0, y - 0.5 + SIN[a]! * radius));
      const i = (py | 0) * width + (px | 0);
      const fx = px - (px | 0);
      const top = plane[i]! + (plane[i + 1]! - plane[i]!) * fx;
      const low = plane[i + width]! + (plane[i + width + 1]! - plane[i + width]!) * fx;
      const p = top + (low - top) * (py - (py | 0));
      sum += p;
      squares += p * p;
      if (!isDark) continue;
      dark += 1;
      product += p;
    }
  }
  const n = MIDDLE + radii.length * ANGLES;
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}
