import type { Kernels } from '../../core/kernels.js';
import { i420Size } from '../../core/media/picture.js';

/** Bytes of one table. */
export const KEY_TABLE = 65_536;

/**
 * Keys an I420 picture by the chroma of its samples into a premultiplied YUVA picture that is transparent there. Alpha is
 * found per chroma sample and interpolated for luma.
 */
export const keyChroma: Kernels['keyChroma'] = (frame, width, height, tables, to, toWidth, toHeight, dx, dy) => {
  const [w, h] = [width >> 1, height >> 1];
  const pixels = width * height;
  const toPixels = toWidth * toHeight;
  const [toU, toV, toA] = [toPixels, toPixels + toPixels / 4, i420Size(toWidth, toHeight)];
  const coarse = toA + toPixels;
  const uAt = pixels;
  const vAt = pixels + pixels / 4;
  const stride = toWidth >> 1;
  for (let y = 0; y < h; y += 1) {
    let o = (y + (dy >> 1)) * stride + (dx >> 1);
    for (let x = 0, i = y * w; x < w; x += 1, i += 1, o += 1) {
      const at = (frame[uAt + i]! << 8) | frame[vAt + i]!;
      const a = tables[at]!;
      to[coarse + o] = a;
      if (a === 0) continue; // transparent before
      to[toU + o] = div255(tables[KEY_TABLE + at]! * a);
      to[toV + o] = div255(tables[2 * KEY_TABLE + at]! * a);
    }
  }
  // Luma samples lie a quarter of a chroma sample beside it: 9 : 3 : 3 : 1 of the four nearest alphas.
  for (let y = 0; y < h; y += 1) {
    const row = coarse + (y + (dy >> 1)) * stride + (dx >> 1);
    const up = y === 0 ? row : row - stride;
    const down = y === h - 1 ? row : row + stride;
    let top = 2 * y * width;
    let target = (2 * y + dy) * toWidth + dx;
    for (let x = 0; x < w; x += 1, top += 2, target += 2) {
      const left = x === 0 ? x : x - 1;
      const right = x === w - 1 ? x : x + 1;
      const c = to[row + x]!;
      const [l, r] = [to[row + left]!, to[row + right]!];
      const [u, d] = [to[up + x]!, to[down + x]!];
      const even = c === l && c === r && c === u && c === d;
      if (even && c === 0) continue; // transparent before
      const c9 = 9 * c + 8;
      luma(frame, top, to, target, toA, (c9 + 3 * (l + u) + to[up + left]!) >> 4);
      luma(frame, top + 1, to, target + 1, toA, (c9 + 3 * (r + u) + to[up + right]!) >> 4);
      luma(frame, top + width, to, target + toWidth, toA, (c9 + 3 * (l + d) + to[down + left]!) >> 4);
      luma(frame, top + width + 1, to, target + toWidth + 1, toA, (c9 + 3 * (r + d) + to[down + right]!) >> 4);
    }
  }
};

function luma(frame: Uint8Array, from: number, to: Uint8Array, target: number, toA: number, alpha: number): void {
  to[target] = div255(frame[from]! * alpha);
  to[toA + target] = alpha;
}

const div255 = (n: number): number => ((n + 128) * 257) >> 16;
