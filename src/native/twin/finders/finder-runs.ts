// frame path
/*
 * Whether the runs of light and dark along a line match a locator: a finder of the QR family, a finder that merges with
 * a dark background, the ring marker of a round code, the bull's eye of a MaxiCode. All in integers, so that the native
 * kernels give the same results.
 */

/** Whether five runs are near enough to 1:1:3:1:1; half a pixel of tolerance for sampling. */
export function isFinderRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const t = a + b + c + d + e;
  if (t < 7) return false;
  // ring and gap between 0.5 and 1.7 modules
  const low = t - 7;
  const high = 17 * t + 35;
  if (14 * a < low || 14 * b < low || 14 * d < low || 14 * e < low) return false;
  if (70 * a > high || 70 * b > high || 70 * d > high || 70 * e > high) return false;
  // the two sides within a factor of 2
  if (a > 2 * e + 1 || e > 2 * a + 1 || b > 2 * d + 1 || d > 2 * b + 1) return false;
  // the core between 2.1 and 4 modules
  return 10 * c >= 3 * t - 5 && 14 * c <= 8 * t + 7;
}

/** Whether five runs are near enough to 1:1.5:1.05:1.5:1: ring, gap, dot, gap, ring of a round code's marker. */
export function isRingRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const t = a + b + c + d + e;
  if (t < 6) return false;
  // rings between 0.55 and 1.6 units (a unit is t / 6.05), gaps between 1 and 2.2, the dot between 0.5 and 1.75
  const thin = 26 * t + 60;
  if (11 * a < t - 6 || 11 * e < t - 6 || 100 * a > thin || 100 * e > thin) return false;
  const wide = 36 * t + 50;
  const narrow = 16 * t - 50;
  if (100 * b < narrow || 100 * d < narrow || 100 * b > wide || 100 * d > wide) return false;
  if (a > 2 * e + 1 || e > 2 * a + 1 || 2 * b > 3 * d + 2 || 2 * d > 3 * b + 2) return false;
  return 100 * c >= 8 * t - 50 && 100 * c <= 29 * t + 50;
}

/**
 * Whether three runs are gap, core, gap as 1:3:1 of a finder with one outer ring merged with a dark background: a code
 * without quiet zone. At a corner of a code no line meets the background at both its ends.
 */
export function isLooseRuns(a: number, b: number, c: number, d: number, e: number): boolean {
  const s = b + c + d;
  if (s < 5 || 10 * a < s - 5 || 10 * e < s - 5) return false;
  const high = 17 * s + 25;
  if (50 * a > high && 50 * e > high) return false;
  return isLooseInside(b, c, d);
}

/** The same on a diagonal, where both ends may meet the background. */
export function isLooseInside(b: number, c: number, d: number): boolean {
  const s = b + c + d;
  if (10 * b < s - 5 || 10 * d < s - 5 || 50 * b > 17 * s + 25 || 50 * d > 17 * s + 25) return false;
  if (b > 2 * d + 1 || d > 2 * b + 1) return false;
  return 50 * c >= 21 * s - 25 && 10 * c <= 8 * s + 5;
}

/** Whether a run of the bull's eye of a MaxiCode, `core` its middle, fits a width of `t`, which is 10 of its units. */
export function isBullseyeRun(run: number, t: number, core: boolean): boolean {
  if (core) return 50 * run >= 7 * t - 50 && 50 * run <= 15 * t + 50;
  return 20 * run >= t - 15 && 20 * run <= 3 * t + 15;
}

/**
 * Whether the middle is wider than the rings beside it: `three` is the sum of all three. Stripes have runs of one
 * width.
 */
export function isBullseyeCore(core: number, three: number): boolean {
  return 3 * core > three;
}

/**
 * Eleven runs around run `i + 2`: five rings, a middle as wide as two, five rings (ISO/IEC 16023, 4.2.1.1). The outer
 * ones may merge with dark hexagons, so the nine between them are measured.
 */
export function isBullseyeRow(edges: Int32Array, i: number): boolean {
  const t = edges[i + 7]! - edges[i - 2]!;
  if (t < 12) return false;
  for (let k = i - 2; k < i + 7; k += 1) {
    if (!isBullseyeRun(edges[k + 1]! - edges[k]!, t, k === i + 2)) return false;
  }
  if (!isBullseyeCore(edges[i + 3]! - edges[i + 2]!, edges[i + 4]! - edges[i + 1]!)) return false;
  return 20 * (edges[i - 2]! - edges[i - 3]!) >= t - 15 && 20 * (edges[i + 8]! - edges[i + 7]!) >= t - 15;
}
