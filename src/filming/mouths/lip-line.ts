import { LOWER_INNER, LOWER_OUTER, UPPER_INNER, UPPER_OUTER } from '../face/landmarks.js';
import type { MouthSpace } from '../face/mouth-space.js';
import type { Patch } from '../footage/sample-patch.js';

/** The resting lips of one picture, in the mouth space; curves have one value per column of the rectangle. */
export interface RestingLips {
  readonly xLeft: number;
  readonly xRight: number;
  /** Lower edge of the upper lip, and upper edge of the lower one: the same where the lips meet. */
  readonly upper: Float32Array;
  readonly lower: Float32Array;
  /** Outer edges. */
  readonly top: Float32Array;
  readonly bottom: Float32Array;
  /** Height of the gap in the middle, in shares of the unit. */
  readonly gap: number;
}

/** A resting gap below this share of the unit is a closed mouth: the points are not more exact. */
const CLOSED_SHARE = 0.035;
/** How far from the points the dark line between the lips is searched, in shares of the unit. */
const SEARCH_SHARE = 0.045;

/** `points`: x and y of all 468 landmarks in the mouth space. */
export function restingLips(space: MouthSpace, points: Float32Array, patch: Patch): RestingLips {
  const curve = (indices: readonly number[]): Float32Array => curveOf(space, points, indices);
  let upper = curve(UPPER_INNER);
  let lower = curve(LOWER_INNER);
  const xLeft = Math.min(points[61 * 2]!, points[78 * 2]!);
  const xRight = Math.max(points[291 * 2]!, points[308 * 2]!);
  const middle = Math.round((xLeft + xRight) / 2 - space.left);
  const gap = Math.max(0, lower[middle]! - upper[middle]!) / space.unit;
  if (gap < CLOSED_SHARE) {
    const line = upper.map((y, i) => (y + lower[i]!) / 2);
    const seam = darkSeam(space, patch, line, xLeft, xRight);
    upper = seam;
    lower = seam;
  }
  return { xLeft, xRight, upper, lower, top: curve(UPPER_OUTER), bottom: curve(LOWER_OUTER), gap };
}

/** A polyline's height at every column; flat beyond its ends. */
function curveOf(space: MouthSpace, points: Float32Array, indices: readonly number[]): Float32Array {
  const nodes = indices.map((i) => [points[i * 2]!, points[i * 2 + 1]!] as const).sort((a, b) => a[0] - b[0]);
  const out = new Float32Array(space.width);
  let k = 0;
  for (let column = 0; column < space.width; column += 1) {
    const x = space.left + column + 0.5;
    while (k + 2 < nodes.length && nodes[k + 1]![0] < x) k += 1;
    const [x0, y0] = nodes[k]!;
    const [x1, y1] = nodes[k + 1]!;
    const t = Math.min(1, Math.max(0, (x - x0) / Math.max(1e-3, x1 - x0)));
    out[column] = y0 + (y1 - y0) * t;
  }
  return smooth(out, 2);
}

function smooth(values: Float32Array, radius: number): Float32Array {
  return values.map((_, i) => {
    let [sum, n] = [0, 0];
    for (let k = -radius; k <= radius; k += 1) {
      const v = values[i + k];
      if (v === undefined) continue;
      sum += v;
      n += 1;
    }
    return sum / n;
  });
}

/** The darkest path from corner to corner near a line: where the lips really meet. */
function darkSeam(space: MouthSpace, patch: Patch, line: Float32Array, xLeft: number, xRight: number): Float32Array {
  const reach = Math.max(2, Math.round(SEARCH_SHARE * space.unit));
  const from = Math.max(0, Math.floor(xLeft - space.left));
  const to = Math.min(space.width - 1, Math.ceil(xRight - space.left));
  const size = 2 * reach + 1;
  const darkness = (column: number, k: number): number => {
    const y = Math.min(patch.height - 2, Math.max(1, Math.round(line[column]! - space.top - 0.5) + k - reach));
    const luma = (row: number): number => {
      const at = (row * patch.width + column) * 3;
      return 0.3 * patch.data[at]! + 0.6 * patch.data[at + 1]! + 0.1 * patch.data[at + 2]!;
    };
    const away = (k - reach) / reach;
    return luma(y) - 0.35 * (luma(y - 1) + luma(y + 1)) + 6 * away * away;
  };
  const cost: Float64Array[] = [];
  const came: Int8Array[] = [];
  for (let column = from; column <= to; column += 1) {
    const row = new Float64Array(size);
    const back = new Int8Array(size);
    const before = cost.at(-1);
    for (let k = 0; k < size; k += 1) {
      let best = before === undefined ? 0 : Infinity;
      if (before !== undefined) {
        for (let d = -1; d <= 1; d += 1) {
          if (k + d < 0 || k + d >= size) continue;
          const c = before[k + d]! + 3 * Math.abs(d);
          if (c < best) {
            best = c;
            back[k] = d;
          }
        }
      }
      row[k] = best + darkness(column, k);
    }
    cost.push(row);
    came.push(back);
  }
  const out = Float32Array.from(line);
  let k = cost.at(-1)!.indexOf(Math.min(...cost.at(-1)!));
  for (let i = cost.length - 1; i >= 0; i -= 1) {
    const column = from + i;
    out[column] = space.top + 0.5 + Math.round(line[column]! - space.top - 0.5) + k - reach;
    k += came[i]![k]!;
  }
  for (let column = 0; column < from; column += 1) out[column] = out[from]!;
  for (let column = to + 1; column < space.width; column += 1) out[column] = out[to]!;
  return smooth(smooth(out, 2), 2);
}
