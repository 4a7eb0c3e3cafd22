import type { Box } from '../../core/verdict.js';

/** Maximum covered share of the smaller of two texts that leaves both readable. */
const MAX_SHARED = 0.1;

/**
 * Boxes of texts that stand alone. Two overlapping texts can read as something else ("W a s p" and " h t A p"), which
 * only the picture shows.
 */
export const legibleBoxes = (boxes: readonly Box[]): readonly Box[] =>
  boxes.filter((box, i) => !boxes.some((other, j) => i !== j && shared(box, other) > MAX_SHARED));

function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(a.width * a.height, b.width * b.height);
}
