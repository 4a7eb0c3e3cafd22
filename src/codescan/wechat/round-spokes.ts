import type { PlaneView } from './round-markers.js';

/*
 * The spokes between the ring markers of a round code: dots or lines at equal angles, 36 to 72 of them.
 */

/**
 * The square that the markers span: its middle, its sides, and how its distance from the eye, 1 in the middle, grows
 * along each. A point (c, d) sides from the middle appears at ((x, y) + c·u + d·v) / (1 + c·uw + d·vw).
 */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly ux: number;
  readonly uy: number;
  readonly uw: number;
  readonly vx: number;
  readonly vy: number;
  readonly vw: number;
}

/** The square with a corner at `a` and the adjacent ones at `b` and `c`, with their distances relative to `a`. */
export function squareOn(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
  c: { readonly x: number; readonly y: number },
  farB = 1,
  farC = 1,
): Square {
  const w = (farB + farC) / 2;
  return {
    x: (farB * b.x + farC * c.x) / 2 / w,
    y: (farB * b.y + farC * c.y) / 2 / w,
    ux: (farB * b.x - a.x) / w,
    uy: (farB * b.y - a.y) / w,
    uw: (farB - 1) / w,
    vx: (farC * c.x - a.x) / w,
    vy: (farC * c.y - a.y) / w,
    vw: (farC - 1) / w,
  };
}

/** The same square around a point this many sides from its middle. */
function shifted({ x, y, ux, uy, uw, vx, vy, vw }: Square, i: number, k: number): Square {
  const w = 1 + i * uw + k * vw;
  return {
    x: (x + i * ux + k * vx) / w,
    y: (y + i * uy + k * vy) / w,
    ux: ux / w,
    uy: uy / w,
    uw: uw / w,
    vx: vx / w,
    vy: vy / w,
    vw: vw / w,
  };
}

/** Circles, in sides, on most of which the spokes are counted; they run from 0.41 to 0.78. */
const CIRCLES = [0.5, 0.56, 0.62, 0.68] as const;
const BUSY_CIRCLES = 3;
const SAMPLES = 240;
/** Alternations wanted on a circle: the coarsest code has 36 spokes, half of them inked there, some merged by blur. */
const ALTERNATIONS = 16;
const COSINES = Float64Array.from({ length: SAMPLES }, (_, s) => Math.cos((2 * Math.PI * s) / SAMPLES));
const SINES = Float64Array.from({ length: SAMPLES }, (_, s) => Math.sin((2 * Math.PI * s) / SAMPLES));
/** The spokes are at equal angles: their number per circle. */
const ANY_SPOKES = Array.from({ length: 37 }, (_, i) => 28 + 2 * i);
/** The platform's own: 36, 54 and 72, each with its neighbours, as a rough position shifts the count. */
const PLATFORM_SPOKES = [36, 38, 52, 54, 56, 70, 72, 74] as const;
/** Pieces of a circle that are added up without their phase: in perspective, spokes drift. */
const ARCS = 8;
const ANY_CIRCLES = [0.54, 0.57, 0.6, 0.63, 0.66] as const;
/** The spoke numbers examined for them, and the distance of the numbers they are compared with. */
const AROUND_PLATFORM = Array.from({ length: 28 }, (_, i) => 28 + 2 * i);
const BESIDE = 8;
/** Further in, beyond the reach of the markers. */
const PLATFORM_CIRCLES = [0.46, 0.49, 0.52, 0.55, 0.58, 0.61] as const;
/** In perspective, the spokes' middle is not the square's: it is searched for up to this far off, in sides. */
const SHIFTS = [0, -0.025, 0.025] as const;

/** In the square's middle; searching beside it gains nothing. */
const HOPELESS_SHARE = 0.008;

export interface Spokes {
  /** Their share in the changes on a piece of the circles. */
  readonly share: number;
  readonly count: number;
}

/** Whether most circles around the square's middle change between light and dark as spokes do. */
export function isBusy(view: PlaneView, square: Square): boolean {
  let busy = 0;
  for (const radius of CIRCLES) if (alternations(view, square, radius) >= ALTERNATIONS) busy += 1;
  return busy >= BUSY_CIRCLES;
}

/** Crossings of the middle level, with hysteresis, around the ellipse of a circle in the square. */
function alternations({ plane, width, height }: PlaneView, square: Square, radius: number): number {
  const { ux, uy, uw, vx, vy, vw } = square;
  const ring = new Uint8Array(SAMPLES);
  let low = 255;
  let high = 0;
  for (let s = 0; s < SAMPLES; s += 1) {
    const [c, d] = [COSINES[s]! * radius, SINES[s]! * radius];
    const w = 1 + c * uw + d * vw;
    const x = Math.floor((square.x + c * ux + d * vx) / w);
    const y = Math.floor((square.y + c * uy + d * vy) / w);
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
 * How much of the changes along the circles comes at equal angles, the same on all circles: 0.1 and more around spokes,
 * 0.02 in letters, up to 0.08 among targets. It is the strongest of the possible spoke frequencies, added up over the
 * circles with its phase; the pieces of the circles count alike, as one may lie on a logo. Samples within `markers`
 * sides of one of the three are left out: large markers reach over all circles, and change more than spokes do.
 */
export function findSpokes(view: PlaneView, square: Square, markers: number): Spokes & { readonly above: number } {
  const found = spokesOn(view, square, ANY_CIRCLES, ANY_SPOKES, markers);
  const best = strongest(found);
  const shareOf = (count: number): number => found[(count - ANY_SPOKES[0]!) / 2]?.share ?? 0;
  return { ...best, above: best.share - Math.max(shareOf(best.count - BESIDE), shareOf(best.count + BESIDE)) };
}

/** Finds one of the platform's own numbers of spokes, less the neighbouring numbers: letters have all alike. */
export function findPlatformSpokes(view: PlaneView, square: Square): Spokes {
  let best: Spokes = { share: 0, count: 0 };
  for (const i of SHIFTS) {
    for (const k of SHIFTS) {
      const found = spokesOn(view, shifted(square, i, k), PLATFORM_CIRCLES, AROUND_PLATFORM, 0);
      const shareOf = (count: number): number => found[(count - AROUND_PLATFORM[0]!) / 2]!.share;
      for (const count of PLATFORM_SPOKES) {
        const share = shareOf(count) - Math.max(shareOf(count - BESIDE), shareOf(count + BESIDE));
        if (share > best.share) best = { share, count };
      }
      if (best.share < HOPELESS_SHARE) return best;
    }
  }
  return best;
}

const strongest = (list: readonly Spokes[]): Spokes => list.reduce((a, b) => (b.share > a.share ? b : a));

function spokesOn(
  { plane, width, height }: PlaneView,
  { x, y, ux, uy, uw, vx, vy, vw }: Square,
  radii: readonly number[],
  counts: readonly number[],
  markers: number,
): Spokes[] {
  // One piece of all circles after the other, less its mean.
  const span = SAMPLES / ARCS;
  const size = span * radii.length;
  const values = new Float64Array(size * ARCS);
  const powers = new Float64Array(ARCS);
  const counted = new Float64Array(ARCS);
  const left = new Uint8Array(size);
  for (let arc = 0; arc < ARCS; arc += 1) {
    const piece = values.subarray(arc * size, (arc + 1) * size);
    let [at, sum, seen] = [0, 0, 0];
    for (const radius of radii) {
      for (let s = arc * span; s < (arc + 1) * span; s += 1, at += 1) {
        const [c, d] = [COSINES[s]! * radius, SINES[s]! * radius];
        left[at] = isOnMarker(c, d, markers) ? 1 : 0;
        if (left[at] === 1) continue;
        seen += 1;
        const w = 1 + c * uw + d * vw;
        const px = Math.min(width - 1, Math.max(0, Math.floor((x + c * ux + d * vx) / w)));
        const py = Math.min(height - 1, Math.max(0, Math.floor((y + c * uy + d * vy) / w)));
        sum += piece[at] = plane[py * width + px]!;
      }
    }
    const mean = sum / Math.max(1, seen);
    counted[arc] = seen;
    for (let i = 0; i < size; i += 1) {
      piece[i] = left[i] === 1 ? 0 : piece[i]! - mean;
      powers[arc]! += piece[i]! ** 2;
    }
  }
  return counts.map((count) => {
    let share = 0;
    for (let arc = 0; arc < ARCS; arc += 1) {
      if (powers[arc] === 0) continue;
      let [re, im] = [0, 0];
      for (let i = 0; i < size; i += 1) {
        const angle = ((arc * span + (i % span)) * count) % SAMPLES;
        re += values[arc * size + i]! * COSINES[angle]!;
        im += values[arc * size + i]! * SINES[angle]!;
      }
      share += (2 * (re * re + im * im)) / (powers[arc]! * counted[arc]! * ARCS);
    }
    return { share, count };
  });
}

/**
 * Whether a position, in sides from the square's middle, is within this many sides of one of the three corners with a
 * marker.
 */
function isOnMarker(c: number, d: number, reach: number): boolean {
  const [left, top, right, bottom] = [c + 0.5, d + 0.5, c - 0.5, d - 0.5];
  const most = reach * reach;
  return left * left + top * top < most || right * right + top * top < most || left * left + bottom * bottom < most;
}
