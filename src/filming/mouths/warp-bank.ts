import type { MouthTrackFile } from '../../avatar/filmed/film-manifest.js';
import { LOWER_INNER, LOWER_OUTER, UPPER_INNER, UPPER_OUTER } from '../face/track-face.js';
import type { Affine, MouthSpace } from '../face/mouth-space.js';
import type { PoseTemplate } from '../face/refine-pose.js';
import { newPatch, type Patch, sampleCubic } from '../footage/sample-patch.js';
import { type InnerLight, innerMouth, MOUTH_SHAPES, type MouthShape } from './filmed-mouth-shapes.js';

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
function restingLips(space: MouthSpace, points: Float32Array, patch: Patch): RestingLips {
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

/*
 * Problem: show any mouth from one picture of a resting one.
 * Rule: the skin above the line between the lips moves by one smooth field, the skin below it by another, so that the
 * lips part instead of stretching; the gap shows a drawn inner mouth. The lower lip hangs on the jaw: near the chin the
 * skin follows the chin, which sinks less than the lip, and below the chin it comes to rest.
 */

const smoothstep = (from: number, to: number, x: number): number => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Steps to find the place from which a pixel comes; the fields are gentle, so few are enough. */
const STEPS = 5;
/** Pixels within which the search ends. */
const NEAR = 0.01;
/** Reach of the chin's and the corners' movement, in shares of the unit. */
const JAW_REACH = 0.62;
const CHIN_REST = 0.28;
const CORNER_REACH = 0.2;
/** Width of the edge between lip and gap, in pixels. */
const EDGE = 1.1;

export function warpMouth(
  space: MouthSpace,
  rest: Patch,
  lips: RestingLips,
  shape: MouthShape,
  light: InnerLight,
  /** Where it is 0 nothing is seen, and nothing is computed. */
  mask?: Float32Array,
): Patch {
  const { unit, left, top, width, height, noseY, chinY } = space;
  const out = newPatch(width, height);
  const half = (lips.xRight - lips.xLeft) / 2;
  const centre = (lips.xLeft + lips.xRight) / 2;
  const column = (x: number): number => Math.min(width - 1, Math.max(0, Math.round(x - left - 0.5)));
  const middle = column(centre);
  const lineY = (lips.upper[middle]! + lips.lower[middle]!) / 2;
  const widen = shape.widen * unit;

  /** Outward shift of the skin at a place. */
  const shiftX = (x: number, y: number): number => {
    const t = (x - centre) / half;
    const far = Math.abs(t);
    const along = far <= 1 ? t : Math.sign(t) * (1 - smoothstep(1, 1 + (1.9 * CORNER_REACH * unit) / half, far));
    const away = (y - lineY) / (CORNER_REACH * unit);
    return widen * along * Math.exp(-away * away * 0.7);
  };
  /** 1 in the middle of the mouth, 0 at its corners. */
  const bow = (x: number): number => {
    const t = (x - centre) / half;
    return Math.abs(t) >= 1 ? 0 : (1 - t * t) ** (shape.spread < -0.5 ? 0.62 : 0.75);
  };
  const gapAt = (x: number): number => lips.lower[column(x)]! - lips.upper[column(x)]!;
  const wanted = (x: number): number => shape.gap * unit * bow(x);
  const riseAt = (x: number): number => -shape.up * (wanted(x) - gapAt(x));
  const sinkAt = (x: number): number => (1 - shape.up) * (wanted(x) - gapAt(x));
  const press = shape.press * 0.014 * unit;
  const tuck = shape.tuck * 0.03 * unit;
  const jaw = shape.jaw * unit;

  /** Downward shift of the skin above the gap. */
  const upperShift = (x: number, y: number): number => {
    const c = column(x);
    const lip = Math.max(2, lips.upper[c]! - lips.top[c]!);
    const away = (lips.upper[c]! - y) / Math.max(lip, lips.upper[c]! - noseY);
    const pressed = press * bow(x) * smoothstep(0, 1, (lips.upper[c]! - y) / lip) * (1 - smoothstep(0.35, 0.9, away));
    return riseAt(x) * (1 - smoothstep(0.25, 1, away)) + pressed;
  };
  /** Downward shift of the skin below it. */
  const lowerShift = (x: number, y: number): number => {
    const c = column(x);
    const edge = lips.lower[c]!;
    const lip = Math.max(2, lips.bottom[c]! - edge);
    const down = Math.max(0, y - edge);
    const way = (y - edge) / Math.max(1, chinY - edge);
    const follow = smoothstep(0.22, 0.95, way);
    const side = Math.abs(x - centre) / (JAW_REACH * unit);
    const chin = side >= 1 ? 0 : (0.5 + 0.5 * Math.cos(Math.PI * side)) ** 0.8;
    const rest = 1 - smoothstep(chinY, chinY + CHIN_REST * unit, y);
    const pressed = -(press * smoothstep(0, 1, down / lip) + tuck * (0.4 + 0.6 * smoothstep(0, 1, down / lip)));
    const near = bow(x) * (1 - smoothstep(0.3, 0.8, way));
    return (sinkAt(x) * (1 - follow) + jaw * chin * follow) * rest + pressed * near;
  };

  const inner = new Float32Array(3);
  const skin = new Float32Array(3);
  const { data } = rest;
  const take = (x: number, y: number, to: Float32Array, at: number): void =>
    sampleCubic(data, width, height, x - left - 0.5, y - top - 0.5, to, at);

  for (let v = 0; v < height; v += 1) {
    const y = top + v + 0.5;
    for (let u = 0; u < width; u += 1) {
      const x = left + u + 0.5;
      const at = (v * width + u) * 3;
      if (mask !== undefined && mask[v * width + u]! === 0) {
        for (let k = 0; k < 3; k += 1) out.data[at + k] = data[at + k]!;
        continue;
      }
      let sx = x;
      for (let i = 0; i < STEPS; i += 1) {
        const next = x - shiftX(sx, y);
        const isNear = Math.abs(next - sx) < NEAR;
        sx = next;
        if (isNear) break;
      }
      const c = column(sx);
      const upperEdge = lips.upper[c]! + riseAt(sx);
      const lowerEdge = lips.lower[c]! + sinkAt(sx) - tuck * 0.4 * bow(sx);
      const isUpper = y < (upperEdge + lowerEdge) / 2;
      let sy = y;
      for (let i = 0; i < STEPS; i += 1) {
        const next = y - (isUpper ? upperShift(sx, sy) : lowerShift(sx, sy));
        const isNear = Math.abs(next - sy) < NEAR;
        sy = next;
        if (isNear) break;
      }
      if (lowerEdge - upperEdge < 0.6 || Math.abs((sx - centre) / half) >= 1) {
        take(sx, sy, out.data, at);
        continue;
      }
      // How much of the pixel is gap.
      const open = Math.min(smoothstep(-EDGE, EDGE, y - upperEdge), smoothstep(-EDGE, EDGE, lowerEdge - y));
      if (open <= 0) {
        take(sx, sy, out.data, at);
        continue;
      }
      const lipY = isUpper ? Math.min(sy, lips.upper[c]! - 0.5) : Math.max(sy, lips.lower[c]! + 0.5);
      take(sx, lipY, skin, 0);
      innerMouth(
        {
          across: (sx - centre) / half,
          fromUpper: y - upperEdge,
          fromLower: lowerEdge - y,
          belowLine: y - lineY,
          unit,
          x: x - centre,
          shape,
        },
        light,
        inner,
      );
      for (let k = 0; k < 3; k += 1) out.data[at + k] = skin[k]! + (inner[k]! - skin[k]!) * open;
    }
  }
  return out;
}

/** Colours of skin and lips in a resting mouth's picture. */
function lightOf(space: MouthSpace, rest: Patch, lips: RestingLips): InnerLight {
  const centre = (lips.xLeft + lips.xRight) / 2;
  const reach = (lips.xRight - lips.xLeft) * 0.25;
  const middle = Math.round(centre - space.left);
  const lipY = ((lips.lower[middle]! + lips.bottom[middle]!) / 2) | 0;
  const chinY = lips.bottom[middle]! + 0.55 * (space.chinY - lips.bottom[middle]!);
  return {
    skin: mean(space, rest, centre - reach, centre + reach, chinY - 4, chinY + 5),
    lips: mean(space, rest, centre - reach, centre + reach, lipY - 1, lipY + 2),
  };
}

function mean(
  space: MouthSpace,
  { data, width, height }: Patch,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let n = 0;
  for (let y = Math.max(0, Math.round(y0 - space.top)); y < Math.min(height, Math.round(y1 - space.top)); y += 1) {
    for (let x = Math.max(0, Math.round(x0 - space.left)); x < Math.min(width, Math.round(x1 - space.left)); x += 1) {
      for (let k = 0; k < 3; k += 1) sum[k]! += data[(y * width + x) * 3 + k]!;
      n += 1;
    }
  }
  return [sum[0] / Math.max(1, n), sum[1] / Math.max(1, n), sum[2] / Math.max(1, n)];
}

/** A frame with a resting mouth that stands for a turn of the head. */
export interface Reference {
  readonly frame: number;
  readonly pose: Affine;
  readonly rest: Patch;
  /** All landmarks in the mouth space, x and y by turns. */
  readonly marks: Float32Array;
  /** Grey: how much of a pixel is the person. */
  readonly matte: Patch | undefined;
  readonly template: PoseTemplate;
  /** Of the skin above the lips alone, for frames in which the mouth moves. */
  readonly upper: PoseTemplate;
}

export interface MouthBankParts {
  /** By mouth × references + reference. */
  readonly patches: Patch[];
  readonly masks: Float32Array[];
  readonly references: number;
  readonly mouths: MouthTrackFile['mouths'];
}

/** Mouths made from the resting ones of all references. */
export async function warpBank(
  space: MouthSpace,
  references: readonly Reference[],
  mask: Float32Array,
  onMouth: (done: number, of: number) => void,
): Promise<MouthBankParts> {
  const patches: Patch[] = [];
  const masks: Float32Array[] = [];
  const prepared = references.map((reference) => {
    const lips = restingLips(space, reference.marks, reference.rest);
    return { reference, lips, light: lightOf(space, reference.rest, lips), mask: maskOf(mask, reference.matte) };
  });
  for (const [i, shape] of MOUTH_SHAPES.entries()) {
    for (const one of prepared) {
      // The mouth at rest is the picture itself.
      patches.push(
        i === 0 ? one.reference.rest : warpMouth(space, one.reference.rest, one.lips, shape, one.light, one.mask),
      );
      masks.push(one.mask);
    }
    onMouth(i + 1, MOUTH_SHAPES.length);
    await new Promise(setImmediate);
  }
  const mouths = MOUTH_SHAPES.map(({ viseme, openness, spread }) => ({ viseme, openness, spread, next: -1 }));
  return { patches, masks, references: references.length, mouths };
}

/** A mouth's picture ends where the person ends. */
export function maskOf(mask: Float32Array, matte: Patch | undefined): Float32Array {
  if (matte === undefined) return mask;
  return mask.map((m, i) => m * Math.min(1, Math.max(0, matte.data[i * 3]! / 255)));
}
