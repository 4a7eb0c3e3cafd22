// frame path
import type { Kernels } from '../../core/kernels.js';

/** See `Kernels.planeStats`; the rectangle is clamped to the plane first. All sums are exact integers. */
export const planeStats: Kernels['planeStats'] = (plane, stride, x, y, w, h, out) => {
  const rows = Math.floor(plane.length / stride);
  const x0 = Math.max(0, x);
  const y0 = Math.max(0, y);
  const x1 = Math.min(stride, x + w);
  const y1 = Math.min(rows, y + h);
  out[0] = 0;
  out[1] = 0;
  out[2] = 0;
  out[3] = 0;
  if (x0 >= x1 || y0 >= y1) return;
  let sum = 0;
  let squares = 0;
  let black = 0;
  let laplacian = 0;
  for (let j = y0; j < y1; j += 1) {
    const inside = j > y0 && j + 1 < y1;
    const end = j * stride + x1;
    for (let i = j * stride + x0; i < end; i += 1) {
      const p = plane[i]!;
      sum += p;
      squares += p * p;
      if (p <= 24) black += 1;
      if (inside && i > j * stride + x0 && i + 1 < end) {
        const d = 4 * p - plane[i - 1]! - plane[i + 1]! - plane[i - stride]! - plane[i + stride]!;
        laplacian += d < 0 ? -d : d;
      }
    }
  }
  const n = (x1 - x0) * (y1 - y0);
  const inner = (x1 - x0 - 2) * (y1 - y0 - 2);
  const mean = sum / n;
  const variance = squares / n - mean * mean;
  out[0] = mean;
  out[1] = variance > 0 ? variance : 0;
  out[2] = x1 - x0 > 2 && y1 - y0 > 2 ? laplacian / inner : 0;
  out[3] = black / n;
};
