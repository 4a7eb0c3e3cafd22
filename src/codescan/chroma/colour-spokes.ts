import type { ColourRegion } from './colour-region.js';

/*
 * The spokes of a round code that only the colours show: its markers are five samples of chroma wide, and not to be told, but dots and lines
 * at equal angles are, from two samples a spoke on. Half of the codes of 90 to 120 px have 0.04 and two thirds of those of 140; of 830 places of
 * emblems, dials, seals, wreaths and mandalas those that are not their own mirror image have 0.032 at most, but for two with equal rays.
 */

/** Of the radius, the circles on which spokes are counted. */
const CIRCLES = [0.56, 0.62, 0.68, 0.74, 0.8, 0.86, 0.92] as const;
const SAMPLES = 240;
const ARCS = 8;
/** The platform's numbers, and how far off those are that they are compared with. */
const PLATFORM_SPOKES = [36, 54, 72] as const;
const BESIDE = 8;
/** In samples. */
const SHIFTS = [0, -0.5, 0.5, -1, 1] as const;
const COS = Float64Array.from({ length: SAMPLES }, (_, s) => Math.cos((2 * Math.PI * s) / SAMPLES));
const SIN = Float64Array.from({ length: SAMPLES }, (_, s) => Math.sin((2 * Math.PI * s) / SAMPLES));

/**
 * How much of what changes along the circles of a disc comes at as many equal angles as a round code has spokes, at the same ones on
 * all, less what numbers beside it have.
 */
export function colourSpokes(region: ColourRegion, radius: number): number {
  let best = 0;
  for (const dy of SHIFTS) {
    for (const dx of SHIFTS) {
      const pieces = piecesAt(region, region.middleX + dx, region.middleY + dy, radius);
      for (const count of PLATFORM_SPOKES) {
        const share = shareOf(pieces, count);
        if (share <= best) continue;
        best = Math.max(best, share - Math.max(shareOf(pieces, count - BESIDE), shareOf(pieces, count + BESIDE)));
      }
    }
  }
  return best;
}

/** One arc of all circles after the other, each less its mean and of the same power. */
function piecesAt({ values, width, height }: ColourRegion, x: number, y: number, radius: number): Float64Array {
  const span = SAMPLES / ARCS;
  const size = span * CIRCLES.length;
  const pieces = new Float64Array(size * ARCS);
  for (let arc = 0; arc < ARCS; arc += 1) {
    const piece = pieces.subarray(arc * size, (arc + 1) * size);
    let at = 0;
    let sum = 0;
    for (const share of CIRCLES) {
      const r = share * radius;
      for (let s = arc * span; s < (arc + 1) * span; s += 1, at += 1) {
        const px = Math.min(width - 1.001, Math.max(0, x + r * COS[s]!));
        const py = Math.min(height - 1.001, Math.max(0, y + r * SIN[s]!));
        const i = (py | 0) * width + (px | 0);
        const [fx, fy] = [px - (px | 0), py - (py | 0)];
        const top = values[i]! + (values[i + 1]! - values[i]!) * fx;
        const low = values[i + width]! + (values[i + width + 1]! - values[i + width]!) * fx;
        sum += piece[at] = top + (low - top) * fy;
      }
    }
    let power = 0;
    for (let i = 0; i < size; i += 1) power += (piece[i]! -= sum / size) ** 2;
    for (let i = 0; i < size; i += 1) piece[i]! /= Math.sqrt(Math.max(1e-6, power * size));
  }
  return pieces;
}

function shareOf(pieces: Float64Array, count: number): number {
  const span = SAMPLES / ARCS;
  const size = pieces.length / ARCS;
  let share = 0;
  for (let arc = 0; arc < ARCS; arc += 1) {
    let [re, im] = [0, 0];
    for (let i = 0; i < size; i += 1) {
      const angle = ((arc * span + (i % span)) * count) % SAMPLES;
      re += pieces[arc * size + i]! * COS[angle]!;
      im += pieces[arc * size + i]! * SIN[angle]!;
    }
    share += (2 * (re * re + im * im)) / ARCS;
  }
  return share;
}
