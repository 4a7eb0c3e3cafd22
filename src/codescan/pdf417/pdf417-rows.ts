import { OUTLINE, OUTLINE_STRIDE } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';

/*
 * Decides whether the bars after a PDF417 start pattern are a PDF417, although no reader decodes it.
 *
 * The problem: its error correction repairs a third of a symbol and more, so a partly covered or incomplete symbol is
 * read in one picture and not in the next, depending on what moves beside it. The picture in between may be one in
 * which its round-robin slot is not due, or which was known as clean. The rule: codewords behind a start are enough
 * evidence. Each is 17 modules of four bars and four spaces, and all of a row belong to one of three clusters, which
 * alternate from row to row (ISO/IEC 15438, 5.3). One in nine false codewords agrees, so two in a row on five lines of
 * two rows are no texture.
 */

const MODULES = 17;
const RUNS = 8;
const START = [8, 1, 1, 1, 1, 1, 1, 3] as const;
/** Tolerance in modules for a run of the start, and for a whole codeword. */
const START_OFF = 0.9;
const WORD_OFF = 0.8;
const MIN_RANGE = 24;
const MAX_WORDS = 6;
const MIN_WORDS = 2;
const MIN_LINES = 5;
const MIN_CLUSTERS = 2;
/** Lines on either side of the locator, in modules, and the step between them. */
const REACH_MODULES = 24;
const STEP_MODULES = 0.75;

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Codeword positions after each start pattern among `count` locators. */
export function markedCodewords(
  plane: Uint8Array,
  width: number,
  height: number,
  outlines: Int32Array,
  count: number,
): readonly Box[] {
  const places: Box[] = [];
  for (let at = 0; at < count * OUTLINE_STRIDE; at += OUTLINE_STRIDE) {
    if (outlines[at] !== OUTLINE.start) continue;
    const [, x = 0, y = 0, w = 0, h = 0] = outlines.subarray(at, at + OUTLINE_STRIDE);
    const place = findCodewords(plane, width, height, { x, y, width: w, height: h });
    if (place !== undefined) places.push(place);
  }
  return places;
}

/**
 * The position of the codewords behind a start pattern along a line or a column of a plane; undefined when no codeword is found.
 */
export function findCodewords(plane: Uint8Array, width: number, height: number, mark: Mark): Box | undefined {
  const turned = mark.height > mark.width;
  const from = turned ? mark.y : mark.x;
  const length = turned ? mark.height : mark.width;
  const middle = turned ? mark.x + mark.width / 2 : mark.y + mark.height / 2;
  const lines = turned ? width : height;
  const along = turned ? height : width;
  const [stepAlong, stepLine] = turned ? [width, 1] : [1, width];
  const module = length / MODULES;
  const step = Math.max(1, module * STEP_MODULES);
  const reach = REACH_MODULES * module;
  const first = Math.max(0, Math.round(middle - reach));
  const last = Math.min(lines - 1, Math.round(middle + reach));
  for (const forward of [true, false]) {
    const clusters = new Set<number>();
    let [count, top, bottom, far] = [0, Infinity, 0, 0];
    for (let at = first; at <= last; at += step) {
      const line = Math.round(at);
      const base = line * stepLine + (forward ? from : from + length) * stepAlong;
      const most = forward ? along - 1 - from : from + length;
      const found = readLine(plane, base, forward ? stepAlong : -stepAlong, module, most);
      if (found === undefined) continue;
      clusters.add(found.cluster);
      count += 1;
      top = Math.min(top, line);
      bottom = Math.max(bottom, line);
      far = Math.max(far, found.length);
    }
    if (count < MIN_LINES || clusters.size < MIN_CLUSTERS) continue;
    const start = forward ? from : Math.max(0, from + length - Math.round(far));
    const box = { x: start, y: top, width: Math.round(far), height: bottom - top + 1 };
    return turned ? { x: top, y: start, width: box.height, height: box.width } : box;
  }
  return undefined;
}

/** The cluster of the codewords on a line from the start on, and how far they reach in pixels. */
function readLine(
  plane: Uint8Array,
  base: number,
  step: number,
  module: number,
  most: number,
): { cluster: number; length: number } | undefined {
  const all = findEdges(plane, base, step, module, most);
  for (let skip = 0; skip < all.length && all[skip]! <= module; skip += 1) {
    const found = readWords(skip === 0 ? all : all.slice(skip));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether `edges` begins with the outer edge of a start. */
function readWords(edges: readonly number[]): { cluster: number; length: number } | undefined {
  if (edges.length <= RUNS + RUNS * MIN_WORDS) return undefined;
  const m = (edges[RUNS]! - edges[0]!) / MODULES;
  for (const [i, wide] of START.entries()) {
    if (Math.abs(edges[i + 1]! - edges[i]! - wide * m) > START_OFF * m) return undefined;
  }
  let cluster = -1;
  let words = 0;
  for (let at = RUNS; at + RUNS < edges.length && words < MAX_WORDS; at += RUNS) {
    const own = clusterOf(edges, at, m);
    if (own === undefined || (cluster >= 0 && own !== cluster)) break;
    cluster = own;
    words += 1;
  }
  return words < MIN_WORDS ? undefined : { cluster, length: edges[RUNS + words * RUNS]! };
}

function clusterOf(edges: readonly number[], at: number, module: number): number | undefined {
  const length = edges[at + RUNS]! - edges[at]!;
  if (Math.abs(length - MODULES * module) > WORD_OFF * module) return undefined;
  // Measured from edge to similar edge, which does not change with ink spread.
  const e = (i: number): number => Math.round(((edges[at + i + 2]! - edges[at + i]!) * MODULES) / length);
  for (let i = 0; i < RUNS - 1; i += 1) if (e(i) < 2 || e(i) > 9) return undefined;
  const cluster = (((e(0) - e(1) + e(4) - e(5)) % 9) + 9) % 9;
  return cluster % 3 === 0 ? cluster : undefined;
}

/** Where light and dark alternate from the start's outer edge on, in fractions of a pixel. */
function findEdges(plane: Uint8Array, base: number, step: number, module: number, most: number): readonly number[] {
  let [low, high] = [255, 0];
  const span = Math.min(most, Math.round(MODULES * module));
  for (let t = 0; t < span; t += 1) {
    const v = plane[base + t * step]!;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (high - low < MIN_RANGE) return [];
  const level = (low + high) / 2;
  const edges: number[] = [];
  const end = Math.min(most, Math.round(MODULES * module * (1 + MAX_WORDS) + module));
  for (let t = -Math.ceil(module); t < end && base + t * step >= 0; t += 1) {
    const a = plane[base + t * step]! - level;
    const b = plane[base + (t + 1) * step]! - level;
    if (a < 0 !== b < 0) edges.push(t + a / (a - b));
  }
  return edges;
}
