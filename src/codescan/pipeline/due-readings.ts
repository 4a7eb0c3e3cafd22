import { ALL_BARS } from '../pdf417/bars-reader.js';
import { ALL_PLACES, PLACES } from '../locate/textured-regions.js';
import { EFFORT, readRects } from '../jobs/scan-memory.js';

/** How a textured region is read, beside the bits of `BARS` and `PLACES`. */
export const AS_IT_LIES = 4;
export const EVERYTHING = AS_IT_LIES | ALL_PLACES | ALL_BARS;
/** The readings a show makes at once. */
export const WITHOUT_BARS = AS_IT_LIES | PLACES.cells;
/** The readings of stacked barcodes that a show gets once a second. */
const BARS_ONLY = PLACES.bars | ALL_BARS;

/**
 * Which readings the regions of a plane get in a job of `rects` rectangles. A show has its stacked barcodes read in all
 * ways, in the luma, once a second and where a violation is scanned again.
 */
export function dueReadings(effort: number, rects: number, plane: number): number {
  if ((effort & EFFORT.slotted) === 0) return EVERYTHING;
  if (plane !== 0 || (effort & EFFORT.bars) === 0) return WITHOUT_BARS;
  return (effort & EFFORT.luma) === 0 && readRects(rects, effort) === 0 ? BARS_ONLY : EVERYTHING;
}
