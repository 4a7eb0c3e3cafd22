import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import { fitFinder } from './finder-fit.js';
import { type Corner, PlaneSampler, type Quad, QuadMap } from '../pipeline/quad-sampler.js';
import { ALIGNMENT_COLUMNS, isRmqrSize, RMQR_HEIGHTS, RMQR_WIDTHS, rmqrModule } from './rmqr-template.js';

/*
 * An rMQR code by its marks. A reader extrapolates from the one finder over up to 132 modules, so that a tilt or a size
 * that is one in a hundred off puts it beside the data at the far end.
 *
 * The rule: a grid is laid on the finder and goes on from there. What is the same in all symbols, above all the edges,
 * on which dark and light take turns, is compared up to a column, the corners are moved to where it agrees best, and only
 * then come the next columns, by a third more. A height and a width for which that holds to the far end is a code,
 * and the grid is good enough to draw it anew.
 */

/** Finders that are looked at; texture has more. */
const MAX_FINDERS = 16;
/** Columns that all widths have alike, and the least width. */
const BEGINNING = 18;
const NARROWEST = 27;
/** Columns are added in this proportion: with more, the far end of a long code is two modules off before it is corrected. */
const GROWTH = 1.3;
/** Steps of the corners in modules, and where to. */
const STEPS = [0.5, 0.25, 0.12] as const;
const MOVES: readonly (readonly (keyof Quad)[])[] = [
  ['topRight', 'bottomRight'],
  ['bottomLeft', 'bottomRight'],
  ['topRight'],
  ['bottomRight'],
  ['bottomLeft'],
  ['topLeft'],
];
const WAYS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
/** The same of all marks outside the finder. */
const MARKS_AGREE = 0.7;
/** The same before the corners are moved to where it is best. */
const WORTH_FITTING = 0.36;
/** And of each of its edges, in step. */
const EDGE_AGREES = 0.7;

export interface RmqrPlace {
  readonly quad: Quad;
  readonly modulesWide: number;
  readonly modulesHigh: number;
  readonly inverted: boolean;
}

interface Axes {
  /** The middle of module (0, 0), and the steps to the next column and row. */
  readonly origin: Corner;
  readonly right: Corner;
  readonly down: Corner;
}

/** Pixels a module in the drawing, and modules of clear ground around it. */
const DRAWN_MODULE = 4;
const QUIET = 4;

const isInStep = (x: number, width: number): boolean =>
  !(ALIGNMENT_COLUMNS[width] ?? []).some((c) => Math.abs(x - c) <= 2) && x < width - 6;
const KNOWN_MARKS = new Map<number, Int32Array>();

/** The first rMQR code of which one of the finders (FINDER_STRIDE integers each) is the left end. */
export function findRmqr(
  plane: Uint8Array,
  width: number,
  height: number,
  finders: Int32Array,
  count: number,
): RmqrPlace | undefined {
  if (count > MAX_FINDERS * 2) return undefined;
  const sampler = new PlaneSampler(plane, width, height);
  for (let i = 0; i < Math.min(count, MAX_FINDERS); i += 1) {
    const at = i * FINDER_STRIDE;
    const middle = { x: finders[at]! + 0.5, y: finders[at + 1]! + 0.5 };
    const found = codeFrom(sampler, middle, finders[at + 2]! / 16, (finders[at + 3]! & 1) === 1 ? 1 : -1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function codeFrom(plane: PlaneSampler, middle: Corner, module: number, sign: number): RmqrPlace | undefined {
  const fitted = fitFinder(plane, middle, module, sign);
  if (fitted === undefined) return undefined;
  const { middle: c, u, v } = fitted;
  for (const [right, down] of [
    [u, v],
    [v, u],
  ] as const) {
    for (const r of [1, -1]) {
      for (const d of [1, -1]) {
        const origin = { x: c.x - 3 * (r * right.x + d * down.x), y: c.y - 3 * (r * right.y + d * down.y) };
        const axes = { origin, right: { x: r * right.x, y: r * right.y }, down: { x: d * down.x, y: d * down.y } };
        const found = codeAlong(plane, axes, sign);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** Tries each height, then each width, on what begins at a finder. */
function codeAlong(plane: PlaneSampler, { origin, right, down }: Axes, sign: number): RmqrPlace | undefined {
  const at = (x: number, y: number): Corner => ({
    x: origin.x + (x - 0.5) * right.x + (y - 0.5) * down.x,
    y: origin.y + (x - 0.5) * right.y + (y - 0.5) * down.y,
  });
  for (const high of RMQR_HEIGHTS) {
    const first = {
      topLeft: at(0, 0),
      topRight: at(NARROWEST, 0),
      bottomLeft: at(0, high),
      bottomRight: at(NARROWEST, high),
    };
    const begin = fitQuad(plane, first, NARROWEST, high, BEGINNING, sign);
    if (begin === undefined) continue;
    // The longest first: a short one may fit on its beginning.
    for (let k = RMQR_WIDTHS.length - 1; k >= 0; k -= 1) {
      const wide = RMQR_WIDTHS[k]!;
      const found = isRmqrSize(wide, high) ? codeOfSize(plane, begin, wide, high, sign) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Goes on from the beginning to the far end, correcting the corners every few columns. */
function codeOfSize(plane: PlaneSampler, begin: Quad, wide: number, high: number, sign: number): RmqrPlace | undefined {
  const map = new QuadMap(begin);
  let quad: Quad = {
    topLeft: begin.topLeft,
    bottomLeft: begin.bottomLeft,
    topRight: map.point(wide / NARROWEST, 0),
    bottomRight: map.point(wide / NARROWEST, 1),
  };
  for (let end = BEGINNING * GROWTH; ; end *= GROWTH) {
    const fitted = fitQuad(plane, quad, wide, high, Math.min(wide, Math.floor(end)), sign);
    if (fitted === undefined) return undefined;
    quad = fitted;
    if (end >= wide) break;
  }
  if (agreement(plane, quad, wide, high, wide) * sign < MARKS_AGREE) return undefined;
  for (const row of [0, high - 1]) {
    if (edgeInStep(plane, new QuadMap(quad), row, wide, high, sign) < EDGE_AGREES) return undefined;
  }
  return { quad, modulesWide: wide, modulesHigh: high, inverted: sign > 0 };
}

/** Columns, rows and tones of what is the same in all symbols of a size, by column. */
function marksOf(wide: number, high: number): Int32Array {
  const size = wide * 32 + high;
  let marks = KNOWN_MARKS.get(size);
  if (marks === undefined) {
    const list: number[] = [];
    for (let x = 0; x < wide; x += 1) {
      for (let y = 0; y < high; y += 1) {
        const expected = rmqrModule(x, y, wide, high);
        if (expected !== undefined) list.push(x, y, expected);
      }
    }
    marks = Int32Array.from(list);
    KNOWN_MARKS.set(size, marks);
  }
  return marks;
}

/** Pearson's correlation of the marks past the finder, up to column `end`, with dark for high samples. */
function agreement(plane: PlaneSampler, quad: Quad, wide: number, high: number, end: number, from = 8): number {
  const map = new QuadMap(quad);
  const marks = marksOf(wide, high);
  let [n, sum, squares, dark, product] = [0, 0, 0, 0, 0];
  for (let i = 0; i < marks.length && marks[i]! < end; i += 3) {
    if (marks[i]! < from) continue;
    const p = map.sample(plane, (marks[i]! + 0.5) / wide, (marks[i + 1]! + 0.5) / high);
    const expected = marks[i + 2]!;
    n += 1;
    sum += p;
    squares += p * p;
    dark += expected;
    product += p * expected;
  }
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}

/** Moves the corners to where the marks up to column `end` agree best; undefined where they never do. */
function fitQuad(
  plane: PlaneSampler,
  quad: Quad,
  wide: number,
  high: number,
  end: number,
  sign: number,
): Quad | undefined {
  if (agreement(plane, quad, wide, high, end) * sign < WORTH_FITTING) return undefined;
  const module = Math.hypot(quad.topRight.x - quad.topLeft.x, quad.topRight.y - quad.topLeft.y) / wide;
  let fit: Record<keyof Quad, Corner> = quad;
  let best = agreement(plane, quad, wide, high, end, 0) * sign;
  for (const step of STEPS) {
    for (let round = 0; round < 3; round += 1) {
      const before = best;
      for (const corners of MOVES) {
        // What is asked for is a step at the last column looked at.
        const size = step * module * (corners[0] === 'topRight' || corners[0] === 'bottomRight' ? wide / end : 1);
        for (const [dx, dy] of WAYS) {
          const tried = { ...fit };
          for (const name of corners) tried[name] = { x: fit[name].x + dx * size, y: fit[name].y + dy * size };
          const value = agreement(plane, tried, wide, high, end, 0) * sign;
          if (value <= best) continue;
          best = value;
          fit = tried;
        }
      }
      if (best - before < 1e-3) break;
    }
  }
  return agreement(plane, fit, wide, high, end) * sign < MARKS_AGREE - 0.15 ? undefined : fit;
}

/** Share of the modules along an edge that are on their side of their neighbours, less those on the other. */
function edgeInStep(plane: PlaneSampler, map: QuadMap, row: number, wide: number, high: number, sign: number): number {
  const sample = (x: number): number => map.sample(plane, (x + 0.5) / wide, (row + 0.5) / high) * sign;
  let [right, turns] = [0, 0];
  for (let x = 9; x < wide - 6; x += 1) {
    if (!isInStep(x, wide)) continue;
    const turn = sample(x) - (sample(x - 1) + sample(x + 1)) / 2;
    right += Math.sign(x % 2 === 0 ? turn : -turn);
    turns += 1;
  }
  return right / turns;
}

/**
 * Draws a found code upright, dark on light, in modules of one tone, with a clear zone; `to` has room for 147 × 25
 * modules. A reader then has nothing to guess: the marks are as they must be, and the data on one side of their middle.
 */
export function drawRmqr(
  plane: Uint8Array,
  width: number,
  height: number,
  { quad, modulesWide, modulesHigh, inverted }: RmqrPlace,
  to: Uint8Array,
): { width: number; height: number } {
  const sampler = new PlaneSampler(plane, width, height);
  const map = new QuadMap(quad);
  const sample = (x: number, y: number): number =>
    map.sampleSharp(sampler, (x + 0.5) / modulesWide, (y + 0.5) / modulesHigh);
  const marks = marksOf(modulesWide, modulesHigh);
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < marks.length; i += 3) {
    sums[marks[i + 2]!]! += sample(marks[i]!, marks[i + 1]!);
    counts[marks[i + 2]!]! += 1;
  }
  const middle = (sums[0]! / counts[0]! + sums[1]! / counts[1]!) / 2;
  const [w, h] = [(modulesWide + 2 * QUIET) * DRAWN_MODULE, (modulesHigh + 2 * QUIET) * DRAWN_MODULE];
  to.fill(255, 0, w * h);
  for (let y = 0; y < modulesHigh; y += 1) {
    for (let x = 0; x < modulesWide; x += 1) {
      const dark = rmqrModule(x, y, modulesWide, modulesHigh) ?? (sample(x, y) < middle !== inverted ? 1 : 0);
      if (dark === 0) continue;
      for (let row = 0; row < DRAWN_MODULE; row += 1) {
        const from = ((QUIET + y) * DRAWN_MODULE + row) * w + (QUIET + x) * DRAWN_MODULE;
        to.fill(0, from, from + DRAWN_MODULE);
      }
    }
  }
  return { width: w, height: h };
}
