// frame path
import type { Kernels } from '../../core/kernels.js';
import { RECT_STRIDE } from '../../core/media/picture.js';

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

/*
 * The problem: a window of ten seconds holds 300 frames of 1.4 MB, of which a twentieth changes from one to the next.
 *
 * The rule: only the runs of 16-byte units that differ are kept, as first unit and number of units (32 bits each,
 * little endian) and their bytes; a last unit beyond the end is filled up with zeros. There is no further coding: it
 * would cost more than the memory is worth. A run follows an unchanged unit, so a frame of n bytes never takes more
 * than n, rounded up to units, and one header.
 */
const PACK_UNIT = 16;
const HEADER = 8;

export const packChanges: Kernels['packChanges'] = (from, to, out) => {
  const n = to.length;
  const units = Math.ceil(n / PACK_UNIT);
  let written = 0;
  let u = 0;
  while (u < units) {
    if (same(from, to, u, n)) {
      u += 1;
      continue;
    }
    const first = u;
    while (u < units && !same(from, to, u, n)) u += 1;
    put32(out, written, first);
    put32(out, written + 4, u - first);
    written += HEADER;
    const start = first * PACK_UNIT;
    const bytes = (u - first) * PACK_UNIT;
    for (let i = 0; i < bytes; i += 1) out[written + i] = start + i < n ? to[start + i]! : 0;
    written += bytes;
  }
  return written;
};

/** False when the runs do not fit the frame, which is then partly written. */
export function unpackChanges(packed: Uint8Array, bytes: number, frame: Uint8Array): boolean {
  const n = frame.length;
  const units = Math.ceil(n / PACK_UNIT);
  for (let at = 0; at < bytes;) {
    if (bytes - at < HEADER) return false;
    const first = get32(packed, at);
    const count = get32(packed, at + 4);
    at += HEADER;
    if (first > units || count > units - first || Math.floor((bytes - at) / PACK_UNIT) < count) return false;
    const end = Math.min(n, (first + count) * PACK_UNIT);
    for (let i = first * PACK_UNIT, k = at; i < end; i += 1, k += 1) frame[i] = packed[k]!;
    at += count * PACK_UNIT;
  }
  return true;
}

function same(a: Uint8Array, b: Uint8Array, unit: number, n: number): boolean {
  const end = Math.min(n, (unit + 1) * PACK_UNIT);
  for (let i = unit * PACK_UNIT; i < end; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function put32(out: Uint8Array, at: number, v: number): void {
  out[at] = v & 255;
  out[at + 1] = (v >>> 8) & 255;
  out[at + 2] = (v >>> 16) & 255;
  out[at + 3] = v >>> 24;
}

const get32 = (from: Uint8Array, at: number): number =>
  (from[at]! | (from[at + 1]! << 8) | (from[at + 2]! << 16) | (from[at + 3]! << 24)) >>> 0;
