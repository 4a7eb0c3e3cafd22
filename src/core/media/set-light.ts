import type { YuvaBitmap } from './picture.js';

/**
 * The light of a set, as it falls on a person filmed elsewhere.
 *
 * Problem: a person filmed in cool, even light stands in a warm room with a window at one side, and looks pasted in.
 * Rule: a part of the set's mean colour tints the person, and the side on which the set is brighter is the brighter side of
 * the person. Both are small: a set has walls of its own colour, and skin must stay skin.
 */
export interface SetLight {
  /** Gain of luma at the left edge of the person, above 1 by this, and at the right edge below it; negative the other way round. */
  readonly side: number;
  /** Added to U and V. */
  readonly u: number;
  readonly v: number;
}

/** Share of the set's colour that reaches the person, and the most steps of U and V. */
const TINT_SHARE = 0.22;
const MAX_TINT = 5;
/** Share of the difference between the sides, and its most. */
const SIDE_SHARE = 0.45;
const MAX_SIDE = 0.12;
/** Luma of black. */
const BLACK = 16;
/** Of the picture's height, the part above the counter. */
const WALL = 0.6;

const within = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Measures the picture of a set, which is opaque. */
export function lightOfSet({ data, width, height }: YuvaBitmap): SetLight {
  const rows = Math.floor((height * WALL) / 2) * 2;
  const third = Math.floor(width / 3);
  const luma = [0, 0];
  for (let y = 0; y < rows; y += 4) {
    for (let x = 0; x < third; x += 4) {
      luma[0]! += data[y * width + x]! - BLACK;
      luma[1]! += data[y * width + width - 1 - x]! - BLACK;
    }
  }
  const size = width * height;
  const half = width / 2;
  const colour = [0, 0];
  let count = 0;
  for (let y = 0; y < rows / 2; y += 2) {
    for (let x = 0; x < half; x += 2, count += 1) {
      for (const k of [0, 1] as const) colour[k]! += data[size + (k * size) / 4 + y * half + x]! - 128;
    }
  }
  const [left, right] = luma as [number, number];
  const side = within((SIDE_SHARE * (left - right)) / Math.max(1, left + right), MAX_SIDE);
  const tint = (sum: number): number => Math.round(within((TINT_SHARE * sum) / Math.max(1, count), MAX_TINT));
  return { side: Math.round(side * 100) / 100, u: tint(colour[0]!), v: tint(colour[1]!) };
}

/**
 * Lights a premultiplied picture in place. `across` says where a column lies on the person: 0 at the left edge, 1 at the right
 * one.
 */
export function lightPicture(
  data: Uint8Array,
  width: number,
  height: number,
  { side, u, v }: SetLight,
  across: (x: number) => number = (x) => (x + 0.5) / width,
): void {
  const size = width * height;
  const quarter = size / 4;
  const half = width / 2;
  const alphas = size + 2 * quarter;
  const gains = Int32Array.from({ length: width }, (_, x) => Math.round(256 * (1 + side * (1 - 2 * across(x)))));
  for (let i = 0; i < size; i += 1) {
    const alpha = data[alphas + i]!;
    if (alpha === 0) continue;
    const black = (BLACK * alpha) / 255;
    const lit = black + ((data[i]! - black) * gains[i % width]!) / 256;
    data[i] = Math.max(0, Math.min(alpha, Math.round(lit)));
  }
  for (let i = 0; i < half * (height / 2); i += 1) {
    const alpha = data[alphas + size + i]!;
    if (alpha === 0) continue;
    for (const k of [0, 1] as const) {
      const at = size + k * quarter + i;
      data[at] = Math.max(0, Math.min(alpha, Math.round(data[at]! + ((k === 0 ? u : v) * alpha) / 255)));
    }
  }
}
