import type { CellFrame } from '../locate/cell-rectangle.js';
import { drawModules, type Grey, measureModules } from './module-grid.js';
import { solveModules } from './module-solver.js';

/*
 * Aztec codes whose modules are large and soft, as of Data Matrix (`SolidMatrix`): where a frame has the bull's eye of one in its middle, its
 * modules are solved with the bull's eye for what is known. A reader has the last word.
 */

/** Modules on a side, and from the middle to the outermost ring: of compact symbols and of full ones (ISO/IEC 24778). */
const SYMBOLS = [
  [15, 4],
  [19, 4],
  [23, 4],
  [27, 4],
  [19, 6],
  [23, 6],
  [27, 6],
  [31, 6],
  [37, 6],
  [41, 6],
] as const;
/** Samples a module. */
const MIN_MODULE = 2.5;
/** The longer side over the shorter. */
const MAX_UNEVEN = 1.12;
/** Correlation of a place's middle with a bull's eye. */
const MIN_AGREED = 0.6;

/** Draws a code that fills a frame, dark on light, anew; returns the drawing's size, undefined where there is none. */
export function drawSoftAztec(
  frame: CellFrame,
  grey: Grey,
  to: Uint8Array,
): [width: number, height: number] | undefined {
  const [along, across] = [Math.hypot(frame.ux, frame.uy), Math.hypot(frame.vx, frame.vy)];
  if (Math.max(along, across) > MAX_UNEVEN * Math.min(along, across)) return undefined;
  let best: { side: number; reach: number; values: Float64Array } | undefined;
  let most = MIN_AGREED;
  for (const [side, reach] of SYMBOLS) {
    if (Math.min(along, across) < MIN_MODULE * side) continue;
    const values = measureModules(frame, grey, side, side);
    const agreed = agreement(values, side, reach);
    if (agreed <= most) continue;
    most = agreed;
    best = { side, reach, values };
  }
  if (best === undefined) return undefined;
  const { side, reach, values } = best;
  const modules = new Int8Array(side * side);
  for (let i = 0; i < modules.length; i += 1) {
    const ring = ringOf(i, side);
    modules[i] = ring > reach ? -1 : 1 - (ring & 1);
  }
  solveModules(values, modules, side, side);
  return drawModules(modules, side, side, to);
}

/** Modules from the middle one, the larger way. */
const ringOf = (i: number, side: number): number => {
  const middle = side >> 1;
  return Math.max(Math.abs((i % side) - middle), Math.abs(Math.floor(i / side) - middle));
};

/** Correlation of the modules in the middle with the rings of a bull's eye, dark ones in turn from the middle on. */
function agreement(values: Float64Array, side: number, reach: number): number {
  let [n, dark, sum, squares, product] = [0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const ring = ringOf(i, side);
    if (ring > reach) continue;
    const is = 1 - (ring & 1);
    const value = values[i]!;
    n += 1;
    dark += is;
    sum += value;
    squares += value * value;
    product += is * value;
  }
  const spread = (n * dark - dark * dark) * (n * squares - sum * sum);
  return spread <= 0 ? 0 : -(n * product - dark * sum) / Math.sqrt(spread);
}
