import type { CellFrame } from '../locate/cell-rectangle.js';

/** Pixels a module that a symbol is drawn with, and modules around it. */
const DRAWN = 4;
const QUIET = 2;

/** Grey at a place, lighter than the ink. */
export type Grey = (x: number, y: number) => number;

/** The grey in the middle of each module of a symbol that fills a frame, row by row. */
export function measureModules(
  { x, y, ux, uy, vx, vy }: CellFrame,
  grey: Grey,
  columns: number,
  rows: number,
): Float64Array {
  const values = new Float64Array(columns * rows);
  for (let i = 0; i < values.length; i += 1) {
    const u = ((i % columns) + 0.5) / columns;
    const v = (Math.floor(i / columns) + 0.5) / rows;
    values[i] = grey(x + u * ux + v * vx, y + u * uy + v * vy);
  }
  return values;
}

/** Draws modules, 1 for dark, with a margin; returns the drawing's size. */
export function drawModules(
  modules: Int8Array,
  columns: number,
  rows: number,
  to: Uint8Array,
): [width: number, height: number] {
  const width = (columns + 2 * QUIET) * DRAWN;
  const height = (rows + 2 * QUIET) * DRAWN;
  to.fill(255, 0, width * height);
  for (const [i, isDark] of modules.entries()) {
    if (isDark === 0) continue;
    const at = (Math.floor(i / columns) + QUIET) * DRAWN * width + ((i % columns) + QUIET) * DRAWN;
    for (let line = 0; line < DRAWN; line += 1) to.fill(0, at + line * width, at + line * width + DRAWN);
  }
  return [width, height];
}
