import { yuvaSize, type YuvaBitmap, i420Size } from '../../core/media/picture.js';
import type { Kernels } from '../../core/kernels.js';
import { CHECKS } from '../native-kernels.js';
import { badChanges } from '../kernel-errors.js';
import { PlaneSampler } from '../../core/media/plane-sampler.js';
import { compose, PatchPlacer } from './compose.js';
import { copyRects, mixPlanes, packChanges, planeStats, unpackChanges } from './pack-changes.js';
import { FinderSearch } from './finders/find-finders.js';
import { TextureSearch } from './find-texture.js';
import { blurPlane, doublePlane, enlargePlane, meanCells, sharpenPlane, shrinkRect } from './plane-filters.js';
import { TinyFinders } from './finders/tiny-finders.js';

/*
 * BT.709, limited range, in 16.16 fixed point (ITU-R BT.709-6, item 3): the sums of a row of coefficients
 * are exactly 219/255 and 0, so that grey stays grey. Products stay below 2⁵³, so doubles hold them exactly.
 */
const YR = 11966;
const YG = 40254;
const YB = 4064;
const UR = -6596;
const UG = -22189;
const UB = 28785;
const VR = 28785;
const VG = -26145;
const VB = -2640;

/**
 * Fills `out` (planes as in YuvaBitmap, `outW`×`outH` even) from straight RGBA placed at (shiftX, shiftY).
 * Returns whether every alpha is 255. Luma: coded value × alpha / 255, rounded once. Chroma: the mean of the
 * four premultiplied pixels, rounded once.
 */
function rgbaToYuva(
  rgba: Uint8Array,
  width: number,
  height: number,
  shiftX: number,
  shiftY: number,
  out: Uint8Array,
  outW: number,
  outH: number,
): boolean {
  const luma = outW * outH;
  const quarter = luma >> 2;
  const atA = luma + 2 * quarter;
  const atAC = atA + luma;
  let transparentPixels = 0;
  for (let cy = 0; cy < outH; cy += 2) {
    for (let cx = 0; cx < outW; cx += 2) {
      let sumA = 0;
      let sumR = 0;
      let sumG = 0;
      let sumB = 0;
      for (let k = 0; k < 4; k += 1) {
        const x = cx + (k & 1);
        const y = cy + (k >> 1);
        const sx = x - shiftX;
        const sy = y - shiftY;
        const at = y * outW + x;
        if (sx < 0 || sy < 0 || sx >= width || sy >= height) {
          out[at] = 0;
          out[atA + at] = 0;
          transparentPixels += 1;
          continue;
        }
        const p = (sy * width + sx) * 4;
        const a = rgba[p + 3]!;
        const r = rgba[p]!;
        const g = rgba[p + 1]!;
        const b = rgba[p + 2]!;
        const coded = YR * r + YG * g + YB * b + 1048576;
        out[at] = Math.floor((coded * a + 8355840) / 16711680);
        out[atA + at] = a;
        if (a !== 255) transparentPixels += 1;
        sumA += a;
        sumR += r * a;
        sumG += g * a;
        sumB += b * a;
      }
      const at = (cy >> 1) * (outW >> 1) + (cx >> 1);
      // 128 in 16.16 for each pixel, weighted by its alpha; the divisor is 4 pixels × 255 × 2¹⁶.
      const offset = sumA * 8388608 + 33423360;
      out[luma + at] = Math.floor((offset + UR * sumR + UG * sumG + UB * sumB) / 66846720);
      out[luma + quarter + at] = Math.floor((offset + VR * sumR + VG * sumG + VB * sumB) / 66846720);
      out[atAC + at] = (sumA + 2) >> 2;
    }
  }
  return transparentPixels === 0;
}

/** Bytes of one table. */
const KEY_TABLE = 65_536;

/**
 * Keys an I420 picture by the chroma of its samples into a premultiplied YUVA picture that is transparent there. Alpha is
 * found per chroma sample and interpolated for luma.
 */
const keyChroma: Kernels['keyChroma'] = (frame, width, height, tables, to, toWidth, toHeight, dx, dy) => {
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

const clip = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** BT.709 limited range to full-range RGB (ITU-R BT.709-6, 16.16 fixed point); each chroma sample serves its 2×2 pixels. */
const i420ToRgba: Kernels['i420ToRgba'] = (frame, width, height, out) => {
  const u = width * height;
  const v = u + (u >> 2);
  const cw = width >> 1;
  for (let y = 0; y < height; y += 1) {
    const crow = (y >> 1) * cw;
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const c = (frame[at]! - 16) * 76309 + 32768;
      const d = frame[u + crow + (x >> 1)]! - 128;
      const e = frame[v + crow + (x >> 1)]! - 128;
      out[at * 4] = clip((c + 117489 * e) >> 16);
      out[at * 4 + 1] = clip((c - 13975 * d - 34925 * e) >> 16);
      out[at * 4 + 2] = clip((c + 138438 * d) >> 16);
      out[at * 4 + 3] = 255;
    }
  }
};

/** See `Kernels.turnPlane`. */
const turnPlane: Kernels['turnPlane'] = (from, width, height, cos, sin, scale, to, w, h) => {
  const sampler = new PlaneSampler(from, width, height);
  const [right, down] = [cos / scale, sin / scale];
  for (let row = 0; row < h; row += 1) {
    const v = row + 0.5 - h / 2;
    for (let column = 0; column < w; column += 1) {
      const u = column + 0.5 - w / 2;
      const [x, y] = [width / 2 + u * right - v * down, height / 2 + u * down + v * right];
      to[row * w + column] = scale === 1 ? sampler.at(x, y) : sampler.sharp(x, y);
    }
  }
};

/** Number of positions at which two equally long buffers differ. */
const countDifferences: Kernels['countDifferences'] = (a, b) => {
  let count = 0;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) count += 1;
  return count;
};

/** The kernels in TypeScript: the specification of the native ones, used where there is no addon. */
export function twinKernels(): Kernels {
  const search = new FinderSearch();
  const texture = new TextureSearch();
  const tiny = new TinyFinders();
  const patches = new PatchPlacer();
  return {
    name: 'twin',
    variant: 'typescript',
    rgbaToYuva(rgba, width, height, shiftX, shiftY): YuvaBitmap {
      CHECKS.rgbaToYuva(rgba, width, height);
      const w = (width + shiftX + 1) & ~1;
      const h = (height + shiftY + 1) & ~1;
      const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(w, h)));
      const opaque = rgbaToYuva(rgba, width, height, shiftX, shiftY, data, w, h);
      return { width: w, height: h, opaque, data };
    },
    compose(canvas, width, height, damage, list, bitmaps): void {
      CHECKS.compose(canvas, width, height, damage, list);
      compose(canvas, width, height, damage, list, bitmaps);
    },
    placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight): void {
      CHECKS.placePatch(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
      patches.place(first, second, width, height, mix, inverse, tone, to, toWidth, toHeight);
    },
    keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y): void {
      CHECKS.keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y);
      keyChroma(frame, width, height, tables, to, toWidth, toHeight, x, y);
    },
    copyRects(from, to, width, height, rects): void {
      CHECKS.copyRects(from, to, width, height, rects);
      copyRects(from, to, width, height, rects);
    },
    i420ToRgba(frame, width, height, out): void {
      CHECKS.i420ToRgba(frame, width, height, out);
      i420ToRgba(frame, width, height, out);
    },
    findFinders(plane, stride, rows, x, y, w, h, out, outlines): number {
      CHECKS.findFinders(plane, stride, rows);
      return search.run(plane, stride, rows, x, y, w, h, out, outlines);
    },
    outlineKinds(plane, width, height): number {
      CHECKS.outlineKinds(plane, width, height);
      return search.outlineKinds(plane, width, height);
    },
    findTexture(plane, width, height, swing, rects, scale, out): number {
      CHECKS.findTexture(plane, width, height, swing, rects, scale, out);
      return texture.run(plane, width, height, swing, rects, scale, out);
    },
    findTinyFinders(plane, width, height, out): number {
      CHECKS.findTinyFinders(plane, width, height, out);
      return tiny.run(plane, width, height, out);
    },
    shrinkRect(plane, stride, x, y, w, h, halvings, to): void {
      CHECKS.shrinkRect(plane, stride, x, y, w, h, halvings, to);
      shrinkRect(plane, stride, x, y, w, h, halvings, to);
    },
    meanCells(plane, width, height, cells, to): void {
      CHECKS.meanCells(plane, width, height, cells, to);
      meanCells(plane, width, height, cells, to);
    },
    sharpenPlane(from, width, height, radius, gain, to): void {
      CHECKS.sharpenPlane(from, width, height, radius, gain, to);
      sharpenPlane(from, width, height, radius, gain, to);
    },
    enlargePlane(from, width, height, to): void {
      CHECKS.enlargePlane(from, width, height, to);
      enlargePlane(from, width, height, to);
    },
    doublePlane(from, width, height, to): void {
      CHECKS.doublePlane(from, width, height, to);
      doublePlane(from, width, height, to);
    },
    blurPlane(plane, width, height, radius): void {
      CHECKS.blurPlane(plane, width, height, radius);
      blurPlane(plane, width, height, radius);
    },
    turnPlane(from, width, height, cos, sin, scale, to, w, h): void {
      CHECKS.turnPlane(from, width, height, cos, sin, scale, to, w, h);
      turnPlane(from, width, height, cos, sin, scale, to, w, h);
    },
    mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to): number {
      CHECKS.mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to);
      return mixPlanes(cb, cr, stride, x, y, w, h, a, b, least, to);
    },
    planeStats(plane, stride, x, y, w, h, out): void {
      CHECKS.planeStats(plane, stride, x, y, w, h, out);
      planeStats(plane, stride, x, y, w, h, out);
    },
    countDifferences(a, b): number {
      CHECKS.countDifferences(a, b);
      return countDifferences(a, b);
    },
    packChanges(from, to, out): number {
      CHECKS.packChanges(from, to, out);
      return packChanges(from, to, out);
    },
    unpackChanges(packed, bytes, frame): void {
      if (bytes < 0 || bytes > packed.length || !unpackChanges(packed, bytes, frame)) throw badChanges(bytes);
    },
    openPipe: () => undefined,
  };
}
