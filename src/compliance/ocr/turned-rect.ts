import type { Box } from '../../core/verdict.js';

/**
 * A rectangle in any direction: its centre, the unit vector of the reading direction (ux, uy), its length along it and
 * its height across it. The line's downward direction is (−uy, ux).
 */
export interface TurnedRect {
  readonly cx: number;
  readonly cy: number;
  readonly ux: number;
  readonly uy: number;
  readonly length: number;
  readonly height: number;
}

/** Corners of the convex hull as x, y, x, y…; the points are sorted by y, then x (monotone chain, Andrew 1979). */
export function convexHull(points: readonly number[]): number[] {
  const n = points.length / 2;
  const hull: number[] = [];
  const add = (i: number, floor: number): void => {
    const x = points[2 * i]!;
    const y = points[2 * i + 1]!;
    while (hull.length >= floor + 4) {
      const k = hull.length;
      const turn =
        (hull[k - 2]! - hull[k - 4]!) * (y - hull[k - 3]!) - (hull[k - 1]! - hull[k - 3]!) * (x - hull[k - 4]!);
      if (turn > 0) break;
      hull.length -= 2;
    }
    hull.push(x, y);
  };
  for (let i = 0; i < n; i += 1) add(i, 0);
  const lower = hull.length - 2;
  for (let i = n - 2; i >= 0; i -= 1) add(i, lower);
  if (hull.length > 2) hull.length -= 2;
  return hull;
}

/**
 * The rectangle of minimum area around pixels; one of its sides lies on a side of their hull (Freeman and Shapira
 * 1975). Reads to the right, or down when it is more than twice as high as wide.
 */
export function leastRect(points: readonly number[]): TurnedRect {
  const hull = convexHull(points);
  let best: TurnedRect | undefined;
  const count = hull.length / 2;
  for (let i = 0; i < count; i += 1) {
    const j = (i + 1) % count;
    const dx = hull[2 * j]! - hull[2 * i]!;
    const dy = hull[2 * j + 1]! - hull[2 * i + 1]!;
    const side = Math.hypot(dx, dy);
    const rect = side === 0 ? boundAlong(hull, 1, 0) : boundAlong(hull, dx / side, dy / side);
    if (best === undefined || rect.length * rect.height < best.length * best.height - 1e-6) best = rect;
  }
  return readable(best!);
}

/** The rectangle with `by` more pixels on every side. */
export const grown = (r: TurnedRect, by: number): TurnedRect => ({
  ...r,
  length: r.length + 2 * by,
  height: r.height + 2 * by,
});

/** The upright box around it, clipped to the picture. */
export function boxAround(r: TurnedRect, scale: number, width: number, height: number): Box {
  const halfX = (Math.abs(r.ux) * r.length + Math.abs(r.uy) * r.height) / 2;
  const halfY = (Math.abs(r.uy) * r.length + Math.abs(r.ux) * r.height) / 2;
  const x = Math.max(0, Math.floor((r.cx - halfX) * scale));
  const y = Math.max(0, Math.floor((r.cy - halfY) * scale));
  return {
    x,
    y,
    width: Math.max(1, Math.min(width, Math.ceil((r.cx + halfX) * scale)) - x),
    height: Math.max(1, Math.min(height, Math.ceil((r.cy + halfY) * scale)) - y),
  };
}

function boundAlong(hull: readonly number[], ux: number, uy: number): TurnedRect {
  let [u0, u1, v0, v1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < hull.length; i += 2) {
    const u = hull[i]! * ux + hull[i + 1]! * uy;
    const v = hull[i + 1]! * ux - hull[i]! * uy;
    u0 = Math.min(u0, u);
    u1 = Math.max(u1, u);
    v0 = Math.min(v0, v);
    v1 = Math.max(v1, v);
  }
  const u = (u0 + u1) / 2;
  const v = (v0 + v1) / 2;
  // A pixel has width 1, and its centre was measured.
  return { cx: u * ux - v * uy + 0.5, cy: u * uy + v * ux + 0.5, ux, uy, length: u1 - u0 + 1, height: v1 - v0 + 1 };
}

/** The same rectangle, with the reading direction nearest to "to the right". */
function readable(r: TurnedRect): TurnedRect {
  let { ux, uy, length, height } = r;
  if (Math.abs(uy) > Math.abs(ux)) {
    [ux, uy] = [-uy, ux];
    [length, height] = [height, length];
  }
  if (ux < 0) [ux, uy] = [-ux, -uy];
  return { ...r, ux, uy, length, height };
}
