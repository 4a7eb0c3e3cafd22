// frame path
import type { Kernels } from '../../core/kernels.js';
import { RECT_STRIDE } from '../../core/media/picture.js';

const clamp = (v: number, limit: number): number => (v < 0 ? 0 : v > limit ? limit : v);

/** Copies rectangles between two I420 frames of one size; odd edges widen to even ones. */
export const copyRects: Kernels['copyRects'] = (from, to, width, height, rects) => {
  const u = width * height;
  const v = u + (u >> 2);
  const cw = width >> 1;
  for (let r = 0; r < rects.count; r += 1) {
    const at = r * RECT_STRIDE;
    const x0 = clamp(rects.items[at]!, width) & ~1;
    const y0 = clamp(rects.items[at + 1]!, height) & ~1;
    const x1 = (clamp(rects.items[at]! + rects.items[at + 2]!, width) + 1) & ~1;
    const y1 = (clamp(rects.items[at + 1]! + rects.items[at + 3]!, height) + 1) & ~1;
    if (x0 >= x1 || y0 >= y1) continue;
    copyPlane(from, to, 0, width, x0, y0, x1, y1);
    copyPlane(from, to, u, cw, x0 >> 1, y0 >> 1, x1 >> 1, y1 >> 1);
    copyPlane(from, to, v, cw, x0 >> 1, y0 >> 1, x1 >> 1, y1 >> 1);
  }
};

function copyPlane(
  from: Uint8Array,
  to: Uint8Array,
  plane: number,
  stride: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  for (let y = y0; y < y1; y += 1) {
    const end = plane + y * stride + x1;
    for (let i = plane + y * stride + x0; i < end; i += 1) to[i] = from[i]!;
  }
}
