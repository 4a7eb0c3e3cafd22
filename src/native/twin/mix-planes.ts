// frame path
import type { Kernels } from '../../core/kernels.js';

/** See `Kernels.mixPlanes`. */
export const mixPlanes: Kernels['mixPlanes'] = (cb, cr, stride, x, y, w, h, a, b, least, to) => {
  const histogram = new Uint32Array(1024);
  for (let row = 0; row < h; row += 1) {
    const from = (y + row) * stride + x;
    for (let i = 0; i < w; i += 1) histogram[a * cb[from + i]! + b * cr[from + i]! + 256]! += 1;
  }
  const cut = Math.floor((w * h) / 200);
  let low = 0;
  for (let seen = histogram[0]!; seen <= cut && low < 1023; seen += histogram[low]!) low += 1;
  let high = 1023;
  for (let seen = histogram[1023]!; seen <= cut && high > low; seen += histogram[high]!) high -= 1;
  if (high - low < least) return high - low;
  const table = new Uint8ClampedArray(1024);
  for (let v = 0; v < 1024; v += 1) table[v] = ((v - low) * 255) / (high - low);
  for (let row = 0; row < h; row += 1) {
    const from = (y + row) * stride + x;
    for (let i = 0; i < w; i += 1) to[row * w + i] = table[a * cb[from + i]! + b * cr[from + i]! + 256]!;
  }
  return high - low;
};
