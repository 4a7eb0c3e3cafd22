import type { PlaneSampler } from '../pipeline/quad-sampler.js';

/*
 * Where the modules of a MaxiCode lie (ISO/IEC 16023), from its bull's eye on.
 *
 * The bull's eye is six tones around a middle, which give the middle, the size and the slant of the symbol but not its turn: that is
 * told by eighteen modules around it that are the same in every symbol. What is a tenth of a module off at the bull's eye is three
 * tenths off at the corners, so the place is then moved, step by step, to where the modules are furthest from grey.
 */

export const MAXI_COLUMNS = 30;
export const MAXI_ROWS = 33;
/** Of the module in the middle of the bull's eye. */
const MIDDLE_COLUMN = 14;
const MIDDLE_ROW = 16;
/** From row to row, in modules; a module is as wide as it is from column to column. */
const ROW = 0.86;
/** A ring of the bull's eye, in modules. */
const RING = 0.785;
/** Half the symbol's longer side, in rings, and a quiet zone. */
export const MAXI_REACH = 21;
/** Middles of the rings, light and dark by turns, in rings; the inner ones are met although the symbol leans. */
const MIDDLES = [0.3, 1.25, 2.24, 3.22, 4.2, 5.2] as const;
const ALL = tonesAt(MIDDLES);
const INNER = tonesAt(MIDDLES.slice(0, 4));
/** On either side of each edge of theirs: in a clear picture all of a ring's width is alike, and its middle tells little of where it is. */
const BESIDE_EDGES = [0.75, 1.74, 2.73, 3.71, 4.7, 5.69].flatMap((edge, i) => [
  { radius: edge - 0.22, tone: (i & 1) === 0 ? 1 : -1 },
  { radius: edge + 0.22, tone: (i & 1) === 0 ? -1 : 1 },
]);
const ANGLES = 24;
const COS = Float64Array.from({ length: ANGLES }, (_, k) => Math.cos((2 * Math.PI * k) / ANGLES));
const SIN = Float64Array.from({ length: ANGLES }, (_, k) => Math.sin((2 * Math.PI * k) / ANGLES));
/** Column, row and tone (1 dark) of the modules that are the same in every symbol. */
const FIXED = [
  [10, 9, 1], [11, 9, 1], [11, 10, 1],
  [16, 9, 0], [17, 9, 0], [17, 10, 0],
  [20, 16, 1], [21, 16, 0], [20, 17, 1],
  [17, 22, 1], [17, 23, 1], [16, 23, 0],
  [10, 22, 1], [10, 23, 1], [11, 22, 0],
  [7, 15, 1], [7, 16, 0], [8, 16, 1],
] as const; // prettier-ignore
const TURNS = 180;
/** Correlations, from −1 to 1: of a first look at rings, of rings that fit, and of the fixed modules. */
const MIN_RINGS = 0.5;
const MIN_FITTED = 0.68;
const MIN_FIXED = 0.72;
const MAX_TURNS = 2;
/** Sizes and slants of the rings that are tried, as a, b and d of a pose, and steps of the search in rings with those that are looked at. */
const STARTS = [[1, 0, 1], [0.9, 0, 0.9], [1.1, 0, 1.1], [1.05, 0, 0.78], [0.78, 0, 1.05], [0.92, 0.14, 0.92], [0.92, -0.14, 0.92]] as const; // prettier-ignore
const STEPS = [[0.3, INNER], [0.15, INNER], [0.15, ALL], [0.08, ALL], [0.08, BESIDE_EDGES], [0.04, BESIDE_EDGES], [0.02, BESIDE_EDGES]] as const; // prettier-ignore
const MAX_ROUNDS = 4;
/** Steps of the last search, in modules at a corner. */
const LAST_STEPS = [0.5, 0.25, 0.12] as const;

/** From so many pixels a module on several points of it are looked at, as there is noise. */
const COARSE = 5;
const ONE = [[0, 0]] as const;
const FIVE = [[0, 0], [0.28, 0], [-0.28, 0], [0, 0.28], [0, -0.28]] as const; // prettier-ignore

interface Ring {
  readonly radius: number;
  /** 1: light. */
  readonly tone: number;
}

function tonesAt(radii: readonly number[]): readonly Ring[] {
  return radii.map((radius, i) => ({ radius, tone: (i & 1) === 0 ? 1 : -1 }));
}

/** Rings or modules to pixels: x = (a·u + b·v + x) / z, y = (c·u + d·v + y) / z, with z = 1 + g·u + h·v. */
export interface MaxiPose {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly g: number;
  readonly h: number;
}

const KEYS = ['x', 'y', 'a', 'b', 'c', 'd', 'g', 'h'] as const;

/** Columns and rows in modules from the middle. */
const across = (column: number, row: number): number => column - MIDDLE_COLUMN + (row & 1) / 2;
const down = (row: number): number => (row - MIDDLE_ROW) * ROW;

/** A symbol's values; modules under the bull's eye have some too. */
export function sampleMaxi(sampler: PlaneSampler, pose: MaxiPose, to: Float64Array): void {
  const points = Math.abs(pose.a * pose.d - pose.b * pose.c) < COARSE ** 2 ? ONE : FIVE;
  for (let row = 0; row < MAXI_ROWS; row += 1) {
    for (let column = 0; column < MAXI_COLUMNS; column += 1) {
      let sum = 0;
      for (const [u, v] of points) sum += at(sampler, pose, across(column, row) + u, down(row) + v);
      to[row * MAXI_COLUMNS + column] = sum / points.length;
    }
  }
}

/** Where a column and a row, which may lie between modules, are in the plane. */
export function maxiPoint(pose: MaxiPose, column: number, row: number): { x: number; y: number } {
  const [u, v] = [column - MIDDLE_COLUMN, (row - MIDDLE_ROW) * ROW];
  const z = 1 + pose.g * u + pose.h * v;
  return { x: (pose.a * u + pose.b * v + pose.x) / z, y: (pose.c * u + pose.d * v + pose.y) / z };
}

/** The rings near a place, of about `ring` pixels, if there are some; `sign` 1: of a dark symbol. */
export function meetRings(
  sampler: PlaneSampler,
  x: number,
  y: number,
  ring: number,
): { rings: MaxiPose; sign: number } | undefined {
  let rings: MaxiPose | undefined;
  let [most, sign] = [MIN_RINGS, 1];
  for (const [a, b, d] of STARTS) {
    const next = { x, y, a: ring * a, b: ring * b, c: ring * b, d: ring * d, g: 0, h: 0 };
    const agreed = ringsAgree(sampler, next, INNER);
    if (Math.abs(agreed) <= most) continue;
    [rings, most, sign] = [next, Math.abs(agreed), Math.sign(agreed)];
  }
  return rings && { rings, sign };
}

/** The poses of a symbol with such rings; likeliest first, each as it is met and then moved. */
export function* fitMaxi(sampler: PlaneSampler, start: MaxiPose, sign: number): Generator<MaxiPose, void, void> {
  let rings: readonly Ring[] = INNER;
  const agrees = (pose: MaxiPose): number => sign * ringsAgree(sampler, pose, rings);
  const ring = start.a;
  let pose = start;
  let agreed = agrees(pose);
  for (const [step, looked] of STEPS) {
    if (looked !== rings) {
      rings = looked;
      agreed = agrees(pose);
    }
    const grow = (step * ring) / rings.at(-1)!.radius;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const before = agreed;
      for (const way of [1, -1]) {
        // Rings have no turn: what stretches them along a slant is in b and c alike.
        for (const change of [
          { x: step * ring },
          { y: step * ring },
          { a: grow, d: grow },
          { a: grow },
          { d: grow },
          { b: grow, c: grow },
        ] as Partial<MaxiPose>[]) {
          const next = changed(pose, change, way);
          const better = agrees(next);
          if (better > agreed) [pose, agreed] = [next, better];
        }
      }
      if (agreed === before) break;
    }
    if (agreed < MIN_FITTED) return;
  }
  for (const met of turnsOf(sampler, pose, sign)) {
    yield met;
    yield sharpen(sampler, met, sign);
  }
}

/** The ways in which the fixed modules may lie around the rings, seen from before or from behind. */
function turnsOf(sampler: PlaneSampler, rings: MaxiPose, sign: number): MaxiPose[] {
  const found: { pose: MaxiPose; agreed: number }[] = [];
  for (const side of [1, -1]) {
    let [before, since] = [Infinity, -1];
    // Once around and a step more, to see whether the last one is a peak.
    for (let i = 0; i <= TURNS + 1; i += 1) {
      const agreed = sign * fixedAgree(sampler, turned(rings, i, side));
      if (agreed > before) since = i;
      else if (agreed < before) {
        // In a clear picture all turns within a module are alike.
        if (since >= 0 && before >= MIN_FIXED)
          found.push({ pose: turned(rings, (since + i - 1) / 2, side), agreed: before });
        since = -1;
      }
      before = agreed;
    }
  }
  found.sort((a, b) => b.agreed - a.agreed);
  return found.slice(0, MAX_TURNS).map(({ pose }) => pose);
}

/** The pose of modules with the rings of another, turned by so many steps. */
function turned(rings: MaxiPose, step: number, side: number): MaxiPose {
  const angle = (2 * Math.PI * step) / TURNS;
  const [cos, sin] = [Math.cos(angle) / RING, Math.sin(angle) / RING];
  const { a, b, c, d } = rings;
  return {
    ...rings,
    a: side * (a * cos + b * sin),
    b: b * cos - a * sin,
    c: side * (c * cos + d * sin),
    d: d * cos - c * sin,
  };
}

/** The pose near one at which the modules are furthest from grey. */
function sharpen(sampler: PlaneSampler, from: MaxiPose, sign: number): MaxiPose {
  const clear = (pose: MaxiPose): number => contrast(sampler, pose, sign);
  let pose = from;
  let best = clear(pose);
  const module = Math.sqrt(Math.abs(pose.a * pose.d - pose.b * pose.c));
  const reach = MAXI_COLUMNS / 2;
  for (const step of LAST_STEPS) {
    const grow = (step * module) / reach;
    const lean = step / reach / reach;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const before = best;
      for (const key of KEYS) {
        const size = key === 'x' || key === 'y' ? (step * module) / 2 : key === 'g' || key === 'h' ? lean : grow;
        for (const way of [1, -1]) {
          // A lean pulls the middle along with it, which is not to move.
          const next = changed(
            pose,
            key === 'g'
              ? { g: size, a: size * pose.x, c: size * pose.y }
              : key === 'h'
                ? { h: size, b: size * pose.x, d: size * pose.y }
                : { [key]: size },
            way,
          );
          const better = clear(next);
          if (better > best) [pose, best] = [next, better];
        }
      }
      if (best === before) break;
    }
  }
  return pose;
}

const changed = (pose: MaxiPose, change: Partial<MaxiPose>, way: number): MaxiPose => {
  const next = { ...pose };
  for (const key of KEYS) next[key] += way * (change[key] ?? 0);
  return next;
};

function at(sampler: PlaneSampler, { x, y, a, b, c, d, g, h }: MaxiPose, u: number, v: number): number {
  const z = 1 + g * u + h * v;
  return sampler.at((a * u + b * v + x) / z, (c * u + d * v + y) / z);
}

/** Correlation with light and dark rings by turns. */
function ringsAgree(sampler: PlaneSampler, pose: MaxiPose, rings: readonly Ring[]): number {
  let [n, sy, syy, sxy] = [0, 0, 0, 0];
  for (const { radius, tone } of rings) {
    for (let k = 0; k < ANGLES; k += 1) {
      const value = at(sampler, pose, radius * COS[k]!, radius * SIN[k]!);
      n += 1;
      sy += value;
      syy += value * value;
      sxy += tone * value;
    }
  }
  const spread = n * syy - sy * sy;
  return spread <= 0 ? 0 : sxy / Math.sqrt(spread);
}

/** Correlation with the fixed modules. */
function fixedAgree(sampler: PlaneSampler, pose: MaxiPose): number {
  let [n, sx, sy, syy, sxy] = [0, 0, 0, 0, 0];
  for (const [column, row, dark] of FIXED) {
    const value = at(sampler, pose, across(column, row), down(row));
    n += 1;
    sx += 1 - dark;
    sy += value;
    syy += value * value;
    sxy += (1 - dark) * value;
  }
  const spread = (n * sx - sx * sx) * (n * syy - sy * sy);
  return spread <= 0 ? 0 : (n * sxy - sx * sy) / Math.sqrt(spread);
}

/** How far the modules are from their mean, and the fixed ones on their side of it. */
function contrast(sampler: PlaneSampler, pose: MaxiPose, sign: number): number {
  sampleMaxi(sampler, pose, values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  const mean = sum / values.length;
  let off = 0;
  for (let i = 0; i < values.length; i += 1) off += Math.abs(values[i]! - mean);
  for (const [column, row, dark] of FIXED) {
    const value = values[row * MAXI_COLUMNS + column]! - mean;
    off += FIXED_WEIGHT * sign * (dark === 1 ? -value : value);
  }
  return off;
}

const FIXED_WEIGHT = 4;
const values = new Float64Array(MAXI_COLUMNS * MAXI_ROWS);
