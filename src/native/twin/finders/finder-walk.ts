// frame path
/*
 * The problem: find every finder pattern of the QR family, at any rotation, mildly distorted, from 1.3 px per module,
 * at a fraction of a decoder's cost. A miss is a violation on air; a false positive costs a decode.
 *
 * The rule: a finder is concentric squares, so any line through its centre, at any angle, has runs 1:1:3:1:1. Rows give
 * candidates; the column, the row through the column's middle and both diagonals confirm them. The ring markers of
 * round codes are concentric too and are found on the same rows, by another ratio of the runs.
 */

import type { BinaryImage } from '../binarize.js';
import {
  CANDIDATES,
  confirm,
  confirmBullseye,
  confirmLoose,
  confirmRing,
  type FinderCandidates,
  LOOSE_CANDIDATES,
} from './finder-confirm.js';
import { isBullseyeRow, isFinderRuns, isLooseRuns, isRingRuns } from './finder-runs.js';

/**
 * Walks every row of a level. `level` is the number of halvings; (originX, originY) the rectangle's corner. Returns
 * whether the list of loose finders is full; `looseIsFull` is the result of the earlier levels.
 */
export function walkRows(
  image: BinaryImage,
  level: number,
  originX: number,
  originY: number,
  edges: Int32Array,
  found: FinderCandidates,
  loose: FinderCandidates,
  looseIsFull: boolean,
): boolean {
  const { bits, width, height } = image;
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    const py = originY + (y << level);
    let n = 1;
    edges[0] = 0;
    for (let x = 1; x < width; x += 1) {
      if (bits[row + x] !== bits[row + x - 1]) {
        edges[n] = x;
        n += 1;
      }
    }
    edges[n] = width;
    for (let i = 0; i + 5 <= n; i += 1) {
      const b = edges[i + 2]! - edges[i + 1]!;
      const c = edges[i + 3]! - edges[i + 2]!;
      const d = edges[i + 4]! - edges[i + 3]!;
      const a = edges[i + 1]! - edges[i]!;
      const e = edges[i + 5]! - edges[i + 4]!;
      // Ring markers have gaps wider than their rings, or nearly as wide: one test rejects most positions.
      if (4 * b >= 3 * a && 4 * d >= 3 * e && b + d >= c && isRingRuns(a, b, c, d, e) && a + b + c + d + e >= 8) {
        const middle = (edges[i + 2]! + edges[i + 3]!) >> 1;
        confirmRing(image, middle, y, a + b + c + d + e, level, originX, originY, found);
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
      }
      const x = (edges[i + 2]! + edges[i + 3]!) >> 1;
      if (isFinderRuns(a, b, c, d, e) && confirm(image, x, y, a + b + c + d + e, level, originX, originY, found)) {
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
        continue;
      }
      if (c < b || c < d) continue;
      if (i >= 3 && i + 8 <= n && isBullseyeRow(edges, i)) {
        confirmBullseye(image, x, y, edges[i + 7]! - edges[i - 2]!, level, originX, originY, found);
        if (found.count === CANDIDATES && !found.settle(py)) return looseIsFull;
      }
      if (looseIsFull || !isLooseRuns(a, b, c, d, e)) continue;
      confirmLoose(image, x, y, b + c + d, level, originX, originY, loose);
      looseIsFull = loose.count === LOOSE_CANDIDATES && !loose.settle(py);
    }
  }
  return looseIsFull;
}
