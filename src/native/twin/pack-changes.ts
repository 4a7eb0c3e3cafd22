// frame path
import type { Kernels } from '../../core/kernels.js';

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
