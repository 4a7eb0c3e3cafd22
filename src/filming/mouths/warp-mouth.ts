import type { MouthSpace } from '../face/mouth-space.js';
import { newPatch, sampleCubic, type Patch } from '../footage/sample-patch.js';
import { innerMouth, type InnerLight } from './inner-mouth.js';
import type { RestingLips } from './lip-line.js';
import type { MouthShape } from './filmed-mouth-shapes.js';

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
