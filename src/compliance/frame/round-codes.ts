import type { Box } from '../../core/verdict.js';
import { FINDER_STRIDE } from './candidate-boxes.js';

/*
 * The round codes of WeChat (mini-programs, rewards): no reader knows them, so what counts is geometry. Three
 * ring markers stand at corners of a square whose side is 6.5 times a marker's width, and around the square's
 * middle run spokes of dots. Lamps, buttons and speakers have rings too, but not three in that place with some
 * dozens of alternations on the circles between them.
 */

/** A marker's width in units of its ring. */
export const MARKER_UNITS = 6.05;
/** Side over width: 6.5, with a third of tolerance for tilt and rough sizes, and less where markers are drawn large. */
const SIDE_LOW = 2.8;
const SIDE_USUAL = 4.4;
const SIDE_HIGH = 9;
/** Circles, in sides, on most of which the spokes are counted; they run from 0.41 to 0.78. */
const CIRCLES = [0.5, 0.56, 0.62, 0.68] as const;
const BUSY_CIRCLES = 3;
const SAMPLES = 240;
/** Alternations wanted on a circle: the coarsest code has 36 spokes, half of them inked there, some merged by blur. */
const ALTERNATIONS = 16;
const COSINES = Float64Array.from({ length: 240 }, (_, s) => Math.cos((2 * Math.PI * s) / 240));
const SINES = Float64Array.from({ length: 240 }, (_, s) => Math.sin((2 * Math.PI * s) / 240));
const MAX_MARKERS = 32;
/** The spokes stand at equal angles: so often around, and their share of what changes on a piece of the circles. */
const FEWEST_SPOKES = 28;
const MOST_SPOKES = 100;
const SPOKES_SHARE = 0.072;
/** The same for markers that are drawn larger than the platform's: rows of targets have up to 0.08. */
const SPOKES_SHARE_CLOSE = 0.095;
/** From so many on their share is smaller, as they run together; that of targets is 0.02. */
const MANY_SPOKES = 46;
const SPOKES_SHARE_MANY = 0.06;
/** Pieces of a circle that are added up without their phase: seen aslant, spokes drift. */
const ARCS = 8;
const SPOKE_CIRCLES = [0.54, 0.57, 0.6, 0.63, 0.66] as const;
/** Directions in which a marker is looked at. */
const ANGLES = 20;
/** Pixels a ring's unit from which round and square can be told. */
const TOLD_FROM = 2.25;

/** The outline of a round code among ring markers (FINDER_STRIDE integers each), in pixels of the plane. */
export function findRoundCode(
  plane: Uint8Array,
  width: number,
  height: number,
  markers: Int32Array,
  count: number,
): Box | undefined {
  const n = Math.min(count, MAX_MARKERS);
  const kept = markers.subarray(0, n * FINDER_STRIDE);
  for (let a = 0; a < n; a += 1) {
    for (let b = 0; b < n; b += 1) {
      if (b === a || !alike(markers, a, b)) continue;
      for (let c = b + 1; c < n; c += 1) {
        if (c === a || !alike(markers, a, c) || !alike(markers, b, c)) continue;
        const box = codeOf(plane, width, height, kept, a, b, c);
        if (box !== undefined) return box;
      }
    }
  }
  return undefined;
}

/** Rows of buttons or lamps have more markers of one kind where a code has its spokes and its logo. */
function anotherInside(
  plane: Uint8Array,
  width: number,
  height: number,
  markers: Int32Array,
  a: number,
  b: number,
  c: number,
  x: number,
  y: number,
  reach: number,
): boolean {
  for (let i = 0; i * FINDER_STRIDE < markers.length; i += 1) {
    if (i === a || i === b || i === c || !alike(markers, a, i)) continue;
    const at = i * FINDER_STRIDE;
    if (isSame(markers, at, a) || isSame(markers, at, b) || isSame(markers, at, c)) continue;
    const near = Math.hypot(markers[at]! - x, markers[at + 1]! - y) < reach;
    if (near && isRound(plane, width, height, markers, at)) return true;
  }
  return false;
}

/** A marker may be met as a finder as well, with another size. */
function isSame(markers: Int32Array, at: number, of: number): boolean {
  const to = of * FINDER_STRIDE;
  const away = Math.hypot(markers[at]! - markers[to]!, markers[at + 1]! - markers[to + 1]!);
  return 16 * away < (MARKER_UNITS / 2) * markers[to + 2]!;
}

/** Whether dot, gap, ring and the clear zone around it show at every angle: 回 has them on four sides only. */
function isRound(plane: Uint8Array, width: number, height: number, markers: Int32Array, at: number): boolean {
  const [x, y, unit] = [markers[at]! + 0.5, markers[at + 1]! + 0.5, markers[at + 2]! / 16];
  const sign = markers[at + 3] === 2 ? 1 : -1;
  const sample = (angle: number, radius: number): number => {
    const px = Math.floor(x + Math.cos(angle) * radius * unit);
    const py = Math.floor(y + Math.sin(angle) * radius * unit);
    return px < 0 || py < 0 || px >= width || py >= height ? Number.NaN : sign * plane[py * width + px]!;
  };
  const angles = Array.from({ length: ANGLES }, (_, n) => (2 * Math.PI * n) / ANGLES);
  const gaps = angles.map((angle) => sample(angle, 1.5));
  const rings = angles.map((angle) => sample(angle, 2.52));
  const outside = angles.map((angle) => sample(angle, 3.5));
  const mean = (list: readonly number[]): number => list.reduce((s, v) => s + v, 0) / ANGLES;
  const contrast = mean(gaps) - mean(rings);
  if (!(contrast >= 8)) return false;
  const clear = angles.filter((_, n) => gaps[n]! - rings[n]! > 0.3 * contrast);
  const open = mean(outside) - mean(rings) > 0.4 * contrast;
  // The corners of a square ring, and strokes next to it. Smaller than this, blur joins the spokes to a true one.
  const closed = outside.filter((v) => v - mean(rings) <= 0.3 * contrast).length;
  if (unit > TOLD_FROM && closed > ANGLES / 5) return false;
  return open && clear.length >= 0.7 * ANGLES && mean(gaps) - sample(0, 0) > 0.2 * contrast;
}

function alike(markers: Int32Array, a: number, b: number): boolean {
  const [i, j] = [a * FINDER_STRIDE, b * FINDER_STRIDE];
  const [s, t] = [markers[i + 2]!, markers[j + 2]!];
  return markers[i + 3] === markers[j + 3] && 2 * s <= 3 * t && 2 * t <= 3 * s;
}

function codeOf(
  plane: Uint8Array,
  width: number,
  height: number,
  markers: Int32Array,
  a: number,
  b: number,
  c: number,
): Box | undefined {
  const [i, j, k] = [a * FINDER_STRIDE, b * FINDER_STRIDE, c * FINDER_STRIDE];
  const [ux, uy] = [markers[j]! - markers[i]!, markers[j + 1]! - markers[i + 1]!];
  const [vx, vy] = [markers[k]! - markers[i]!, markers[k + 1]! - markers[i + 1]!];
  const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  if (u > 1.4 * v || v > 1.4 * u || Math.abs(ux * vx + uy * vy) > 0.35 * u * v) return undefined;
  const marker = ((markers[i + 2]! + markers[j + 2]! + markers[k + 2]!) * MARKER_UNITS) / 48;
  const ratio = (u + v) / 2 / marker;
  if (ratio < SIDE_LOW || ratio > SIDE_HIGH) return undefined;
  const [mx, my] = [(markers[j]! + markers[k]!) / 2, (markers[j + 1]! + markers[k + 1]!) / 2];
  for (const at of [i, j, k]) if (!isRound(plane, width, height, markers, at)) return undefined;
  if (anotherInside(plane, width, height, markers, a, b, c, mx, my, 0.78 * Math.max(u, v))) return undefined;
  let busy = 0;
  for (const radius of CIRCLES) {
    const n = alternations(plane, width, height, mx, my, ux * radius, uy * radius, vx * radius, vy * radius);
    if (n >= ALTERNATIONS) busy += 1;
  }
  if (busy < BUSY_CIRCLES) return undefined;
  const { share, spokes } = findSpokes(plane, width, height, mx, my, ux, uy, vx, vy);
  const least = spokes >= MANY_SPOKES ? SPOKES_SHARE_MANY : ratio < SIDE_USUAL ? SPOKES_SHARE_CLOSE : SPOKES_SHARE;
  if (share < least) return undefined;
  // The square's outline and a fifth more on each side: the spokes' outer circle.
  const reach = 0.8 * Math.max(u, v);
  const x = Math.max(0, Math.floor(mx - reach));
  const y = Math.max(0, Math.floor(my - reach));
  return {
    x,
    y,
    width: Math.min(width, Math.ceil(mx + reach)) - x,
    height: Math.min(height, Math.ceil(my + reach)) - y,
  };
}

/** Crossings of the middle level, with hysteresis, around an ellipse of half axes (ux, uy) and (vx, vy). */
function alternations(
  plane: Uint8Array,
  width: number,
  height: number,
  mx: number,
  my: number,
  ux: number,
  uy: number,
  vx: number,
  vy: number,
): number {
  const ring = new Uint8Array(SAMPLES);
  let low = 255;
  let high = 0;
  for (let s = 0; s < SAMPLES; s += 1) {
    const angle = (2 * Math.PI * s) / SAMPLES;
    const x = Math.round(mx + Math.cos(angle) * ux + Math.sin(angle) * vx);
    const y = Math.round(my + Math.cos(angle) * uy + Math.sin(angle) * vy);
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    const p = plane[y * width + x]!;
    ring[s] = p;
    low = Math.min(low, p);
    high = Math.max(high, p);
  }
  if (high - low < 16) return 0;
  const middle = (low + high) / 2;
  const slack = (high - low) / 10;
  let crossings = 0;
  let side = ring[SAMPLES - 1]! > middle ? 1 : -1;
  for (const p of ring) {
    if (side > 0 ? p >= middle - slack : p <= middle + slack) continue;
    side = -side;
    crossings += 1;
  }
  return crossings;
}

/**
 * How much of the changes along the circles comes at equal angles, at the same ones on all: 0.09 and more around spokes,
 * 0.02 in letters, up to 0.08 among targets. It is the strongest of the frequencies that spokes may have, added up over
 * the circles with its phase; the pieces of the circles count alike, as a marker on one changes more than spokes do.
 */
function findSpokes(
  plane: Uint8Array,
  width: number,
  height: number,
  mx: number,
  my: number,
  ux: number,
  uy: number,
  vx: number,
  vy: number,
): { share: number; spokes: number } {
  const circles = SPOKE_CIRCLES.map((radius) => {
    const ring = new Float64Array(SAMPLES);
    for (let s = 0; s < SAMPLES; s += 1) {
      const [c, d] = [COSINES[s]! * radius, SINES[s]! * radius];
      const x = Math.min(width - 1, Math.max(0, Math.round(mx + c * ux + d * vx)));
      const y = Math.min(height - 1, Math.max(0, Math.round(my + c * uy + d * vy)));
      ring[s] = plane[y * width + x]!;
    }
    return ring;
  });
  const span = SAMPLES / ARCS;
  const arcs = Array.from({ length: ARCS }, (_, arc) => {
    const values = circles.flatMap((ring) => [...ring.subarray(arc * span, (arc + 1) * span)]);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, power: values.reduce((sum, p) => sum + (p - mean) ** 2, 0) };
  });
  let [share, spokes] = [0, 0];
  for (let k = FEWEST_SPOKES; k <= MOST_SPOKES; k += 2) {
    let sum = 0;
    for (let arc = 0; arc < ARCS; arc += 1) {
      let [re, im] = [0, 0];
      const { mean, power } = arcs[arc]!;
      const from = arc * span;
      for (const ring of circles) {
        for (let s = from; s < from + span; s += 1) {
          const at = (s * k) % SAMPLES;
          re += (ring[s]! - mean) * COSINES[at]!;
          im += (ring[s]! - mean) * SINES[at]!;
        }
      }
      if (power > 0) sum += (2 * (re * re + im * im)) / (power * span * circles.length);
    }
    if (sum / ARCS > share) [share, spokes] = [sum / ARCS, k];
  }
  return { share, spokes };
}
