import type { LargestBlob } from './largest-blob.js';

const TURNS = 30;

/** The smallest rectangle at any angle around a blob of so many rows: its sides in samples, and its angle in radians. */
export function minRectangle(
  { firstX, lastX }: LargestBlob,
  height: number,
): { short: number; long: number; angle: number } {
  let best = { short: 0, long: Infinity, angle: 0 };
  let least = Infinity;
  for (let i = 0; i < TURNS; i += 1) {
    const angle = (i * Math.PI) / (2 * TURNS);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let y = 0; y < height; y += 1) {
      if (lastX[y]! < 0) continue;
      for (let end = 0; end < 2; end += 1) {
        const x = end === 0 ? firstX[y]! : lastX[y]!;
        const [u, v] = [x * c + y * s, y * c - x * s];
        left = Math.min(left, u);
        right = Math.max(right, u);
        top = Math.min(top, v);
        bottom = Math.max(bottom, v);
      }
    }
    const [w, h] = [right - left + 1, bottom - top + 1];
    if (w * h >= least) continue;
    least = w * h;
    best = { short: Math.min(w, h), long: Math.max(w, h), angle };
  }
  return best;
}
