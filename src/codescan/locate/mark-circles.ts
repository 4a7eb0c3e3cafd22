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

/**
 * Steps in the plane along the sides of a square module of a locator: (ux, uy) and (vx, vy). A squeezed or tilted locator
 * has circles that are ellipses.
 */
export interface Steps {
  readonly ux: number;
  readonly uy: number;
  readonly vx: number;
  readonly vy: number;
}

/** Steps that differ by less are a square's. */
const MIN_STRETCH = 1.25;
/** A code squeezed to 1:2.5, with the error of small modules. */
const MAX_STRETCH = 3.2;
const DIRECTIONS = 16;
/** How far the core of a finder is followed, in its modules. */
const REACH_MODULES = 5;
const MIN_SWING = 8;
/** Of a square of 3 modules: the mean square of the distances from its middle along a side. */
const CORE_SPREAD = 0.75;

/**
 * The steps of a stretched finder with its middle at (x, y), from the second moments of its core; undefined for one that
 * is hardly stretched, or too much. `size` is the mean side of its modules; `sign` −1 for dark on light.
 */
export function stretchAround(
  { plane, width, height }: MarkView,
  x: number,
  y: number,
  size: number,
  sign: number,
): Steps | undefined {
  const most = Math.ceil(size * REACH_MODULES);
  const sample = (px: number, py: number): number =>
    sign * plane[Math.min(height - 1, Math.max(0, py | 0)) * width + Math.min(width - 1, Math.max(0, px | 0))]!;
  const core = (sample(x, y) + sample(x - 1, y) + sample(x + 1, y) + sample(x, y - 1) + sample(x, y + 1)) / 5;
  let around = core;
  for (let k = 0; k < DIRECTIONS; k += 1) {
    const angle = (2 * Math.PI * k) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    for (let r = 1; r <= most; r += 1) around = Math.min(around, sample(x + r * dx, y + r * dy));
  }
  if (core - around < MIN_SWING) return undefined;
  const level = (core + around) / 2;
  let [area, mx, my, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < DIRECTIONS; k += 1) {
    const angle = (2 * Math.PI * k) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    let r = 0.5;
    while (r <= most && sample(x + r * dx, y + r * dy) > level) r += 0.5;
    if (r > most) return undefined;
    const square = r * r;
    area += square / 2;
    mx += (square * r * dx) / 3;
    my += (square * r * dy) / 3;
    xx += (square * square * dx * dx) / 4;
    xy += (square * square * dx * dy) / 4;
    yy += (square * square * dy * dy) / 4;
  }
  [mx, my] = [mx / area, my / area];
  const a = (xx / area - mx * mx) / CORE_SPREAD;
  const b = (xy / area - mx * my) / CORE_SPREAD;
  const d = (yy / area - my * my) / CORE_SPREAD;
  const determinant = a * d - b * b;
  if (!(determinant > 0)) return undefined;
  // The square root of the symmetric matrix (a b; b d), whose eigenvalues are the squares of the longest and shortest step.
  const product = Math.sqrt(determinant);
  const sum = Math.sqrt(a + d + 2 * product);
  const stretch = (sum + Math.sqrt(Math.max(0, a + d - 2 * product))) ** 2 / (4 * product);
  if (stretch < MIN_STRETCH || stretch > MAX_STRETCH) return undefined;
  return { ux: (a + product) / sum, uy: b / sum, vx: b / sum, vy: (d + product) / sum };
}

/** Pearson's correlation of the samples on the circles around (x, y) with their tones: negative for dark on light. */
export function agreesAround(view: MarkView, circles: Circles, x: number, y: number, module: number): number {
  return agreesOnEllipses(view, circles, x, y, { ux: module, uy: 0, vx: 0, vy: module });
}

/** Fits the circles of a stretched locator. */
export function agreesOnEllipses(
  { plane, width, height }: MarkView,
  { radii, dark: tones }: Circles,
  x: number,
  y: number,
  { ux, uy, vx, vy }: Steps,
): number {
  const [right, bottom] = [width - 1.001, height - 1.001];
  const middle = plane[(Math.min(bottom, Math.max(0, y)) | 0) * width + (Math.min(right, Math.max(0, x)) | 0)]!;
  let sum = MIDDLE * middle;
  let squares = MIDDLE * middle * middle;
  let dark = MIDDLE;
  let product = MIDDLE * middle;
  for (let k = 0; k < radii.length; k += 1) {
    const radius = radii[k]!;
    const isDark = tones[k] === 1;
    for (let a = 0; a < ANGLES; a += 1) {
      const px = Math.min(right, Math.max(0, x - 0.5 + (COS[a]! * ux + SIN[a]! * vx) * radius));
      const py = Math.min(bottom, Math.max(0, y - 0.5 + (COS[a]! * uy + SIN[a]! * vy) * radius));
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
