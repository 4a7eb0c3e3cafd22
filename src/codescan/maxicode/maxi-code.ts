import type { Box } from '../../core/verdict.js';
import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import { PlaneSampler } from '../pipeline/quad-sampler.js';

/*
 * MaxiCode: a bull's eye amid 30 × 33 hexagons (ISO/IEC 16023). The reader takes it only upright, cut out and clean, so
 * the evidence is a bull's eye that stands alone, with light and dark alternating around it on circle after circle, in
 * every sector, as often as hexagons do. Targets, loudspeakers and rings in water have the rings without the cells.
 */

/** Radii of the circles, in widths of a ring; the bull's eye ends at 6, the symbol's nearer side at 16.6. */
const CIRCLES = [7.7, 9.2, 10.8, 12.4, 14] as const;
/** Directions in which the rings are sampled, and the minimum share of their edges. */
const ANGLES = 32;
const RINGS_AGREE = 0.85;
/** A target shows nearly all edges of further rings; hexagons show half of them. */
const GOES_ON = 0.75;
const RINGS = 6;
const FURTHER_RINGS = 9;
const SECTORS = 8;
const SAMPLES = 192;
/** Sectors, over all circles, in which something must alternate; there are 40. */
const BUSY_SECTORS = 32;
/** A hexagon is 1.24 ring widths wide; in random data a change comes every two. */
const CHANGES_PER_WIDTH = 0.21;
const MAX_PER_WIDTH = 0.85;
/** Pixels per ring: below it, letters alternate as much. */
const MIN_UNIT = 2.3;
/** Minimum distance to another bull's eye of this kind, in ring widths. */
const ALONE = 24;

/** The outline of a MaxiCode among bull's eyes (FINDER_STRIDE integers each), in pixels of the plane. */
export function findMaxiCode(
  plane: Uint8Array,
  width: number,
  height: number,
  marks: Int32Array,
  count: number,
): Box | undefined {
  for (let i = 0; i < count; i += 1) {
    const at = i * FINDER_STRIDE;
    const x = marks[at]! + 0.5;
    const y = marks[at + 1]! + 0.5;
    const unit = marks[at + 2]! / 16;
    const inverted = (marks[at + 3]! & 1) === 1;
    if (unit < MIN_UNIT || !isAlone(marks, count, i) || !isRound(plane, width, height, x, y, unit, inverted)) continue;
    if (!isAmidCells(plane, width, height, x, y, unit)) continue;
    const reach = Math.ceil(19 * unit);
    const left = Math.max(0, Math.floor(x) - reach);
    const top = Math.max(0, Math.floor(y) - reach);
    return {
      x: left,
      y: top,
      width: Math.min(width, Math.ceil(x) + reach) - left,
      height: Math.min(height, Math.ceil(y) + reach) - top,
    };
  }
  return undefined;
}

function isAlone(marks: Int32Array, count: number, i: number): boolean {
  const at = i * FINDER_STRIDE;
  const reach = (marks[at + 2]! / 16) * ALONE;
  for (let k = 0; k < count; k += 1) {
    const other = k * FINDER_STRIDE;
    if (k === i || marks[other + 3] !== marks[at + 3]) continue;
    const away = Math.hypot(marks[other]! - marks[at]!, marks[other + 1]! - marks[at + 1]!);
    // Nearer than its own rings it is the same bull's eye at another size.
    if (away > (marks[at + 2]! / 16) * 6 && away < reach) return false;
  }
  return true;
}

/**
 * Whether the rings surround the middle at every angle, and end: a weave has them on some lines only, a target has more
 * of them.
 */
function isRound(
  plane: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  unit: number,
  inverted: boolean,
): boolean {
  const reach = RINGS * unit;
  if (x < reach || y < reach || x > width - reach || y > height - reach) return false;
  const sampler = new PlaneSampler(plane, width, height);
  const steps: number[] = [];
  const further: number[] = [];
  for (let k = 0; k < ANGLES; k += 1) {
    const angle = (2 * Math.PI * k) / ANGLES;
    const [dx, dy] = [Math.cos(angle) * unit, Math.sin(angle) * unit];
    let before = sampler.at(x + 0.4 * dx, y + 0.4 * dy);
    for (let ring = 1; ring < FURTHER_RINGS; ring += 1) {
      const here = sampler.at(x + (ring + 0.5) * dx, y + (ring + 0.5) * dy);
      const step = (ring & 1) === 1 ? before - here : here - before;
      (ring < RINGS ? steps : further).push(inverted ? -step : step);
      before = here;
    }
  }
  // A quarter of the usual step, and at least two of the plane's.
  const least = Math.max(2, steps.reduce((sum, step) => sum + step, 0) / steps.length / 4);
  const share = (list: readonly number[]): number => list.filter((step) => step > least).length / list.length;
  return share(steps) >= RINGS_AGREE && share(further) < GOES_ON;
}

function isAmidCells(plane: Uint8Array, width: number, height: number, x: number, y: number, unit: number): boolean {
  const ring = new Float32Array(SAMPLES);
  let busy = 0;
  for (const radius of CIRCLES) {
    let low = 255;
    let high = 0;
    for (let s = 0; s < SAMPLES; s += 1) {
      const angle = (2 * Math.PI * s) / SAMPLES;
      const px = Math.floor(x + Math.cos(angle) * radius * unit);
      const py = Math.floor(y + Math.sin(angle) * radius * unit);
      // A symbol cut by the edge still has most of its circles.
      const p = px < 0 || py < 0 || px >= width || py >= height ? -1 : plane[py * width + px]!;
      ring[s] = p;
      if (p < 0) continue;
      low = Math.min(low, p);
      high = Math.max(high, p);
    }
    if (high - low < 16) return false;
    const middle = (low + high) / 2;
    const slack = (high - low) / 8;
    let changes = 0;
    let side = 0;
    let seen = 0;
    for (let s = 0; s < SAMPLES; s += 1) {
      const p = ring[s]!;
      if (p < 0 || Math.abs(p - middle) < slack) continue;
      const now = p > middle ? 1 : -1;
      if (side !== 0 && now !== side) {
        changes += 1;
        seen |= 1 << Math.floor((s * SECTORS) / SAMPLES);
      }
      side = now;
    }
    const around = 2 * Math.PI * radius;
    if (changes < around * CHANGES_PER_WIDTH || changes > around * MAX_PER_WIDTH) return false;
    for (let k = 0; k < SECTORS; k += 1) busy += (seen >> k) & 1;
  }
  return busy >= BUSY_SECTORS;
}
