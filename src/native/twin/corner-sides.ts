// frame path
import type { BinaryImage } from './binarize.js';

/*
 * The sides of a possible Data Matrix: two are solid, and light and dark alternate on the two opposite ones.
 */

/** Lines on which an alternating side is searched for, in 64ths of the other side. */
const SIDE_FROM = -2;
const SIDE_TO = 10;

/**
 * Number of alternations on a line from (x, y) along (ux, uy), or on one shifted a little against (wx, wy): the side of
 * a Data Matrix opposite to a solid one, of which an end may have been missed. 0 when all have fewer than `least`.
 */
export function alternations(
  { bits, width, height }: BinaryImage,
  x: number,
  y: number,
  ux: number,
  uy: number,
  wx: number,
  wy: number,
  least: number,
): number {
  const n = Math.max(Math.abs(ux), Math.abs(uy));
  const stepX = ((ux * 65536) / n) | 0;
  const stepY = ((uy * 65536) / n) | 0;
  for (let i = SIDE_FROM; i <= SIDE_TO; i += 1) {
    let px = (64 * x - wx * i) * 1024;
    let py = (64 * y - wy * i) * 1024;
    let before = -1;
    let turns = -1;
    for (let s = 0; s <= n; s += 1, px += stepX, py += stepY) {
      const u = px >> 16;
      const v = py >> 16;
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      const bit = bits[v * width + u]!;
      if (bit === before) continue;
      before = bit;
      turns += 1;
    }
    if (turns >= least) return turns;
  }
  return 0;
}

/**
 * Whether a side that begins at (x, y) and runs along (ux, uy) has the colour `inside` behind its edge, towards (inX,
 * inY).
 */
export function isSolid(
  { bits, width, height }: BinaryImage,
  x: number,
  y: number,
  ux: number,
  uy: number,
  inX: number,
  inY: number,
  inside: number,
): boolean {
  const n = Math.max(Math.abs(ux), Math.abs(uy));
  const end = n >> 3;
  let all = 0;
  let right = 0;
  for (let s = end; s <= n - end; s += 1) {
    const u = Math.floor(x + inX + (ux * s) / n);
    const v = Math.floor(y + inY + (uy * s) / n);
    if (u < 0 || v < 0 || u >= width || v >= height) continue;
    all += 1;
    if (bits[v * width + u] === inside) right += 1;
  }
  return 8 * right >= 7 * all;
}
