// frame path
import type { Kernels } from '../../core/kernels.js';
import {
  type BitmapTable,
  DRAW,
  DRAW_STRIDE,
  type DrawList,
  RECT_STRIDE,
  type YuvaBitmap,
} from '../../core/media/picture.js';
import { missingBitmap } from '../kernel-errors.js';

/**
 * Draws a premultiplied YUVA picture, or a mix of two of the same size, turned and scaled, into another: bilinear,
 * in 16.16 fixed point, so that the native kernel gives the same bytes. Outside of the source everything is transparent.
 */
export class PatchPlacer {
  private mixed = new Uint8Array(0);

  readonly place: Kernels['placePatch'] = (first, second, width, height, mix, inverse, tone, to, toWidth, toHeight) => {
    const size = width * height;
    const quarter = size / 4;
    const from = mix > 0 ? this.mix(first, second, (size * 11) / 4, mix) : first;
    const toSize = toWidth * toHeight;
    const toQuarter = toSize / 4;
    const a = inverse[0]!;
    const b = inverse[1]!;
    const c = inverse[3]!;
    const d = inverse[4]!;
    const luma: Plane = { colours: 0, alphas: size + 2 * quarter, width, height };
    const toLuma: Plane = { colours: 0, alphas: toSize + 2 * toQuarter, width: toWidth, height: toHeight };
    plane(from, luma, a, b, inverse[2]!, c, d, inverse[5]!, tone[0]!, to, toLuma);
    // A chroma sample lies in the middle of four of luma.
    const cx = (inverse[2]! + ((a + b) >> 1) - 32768) >> 1;
    const cy = (inverse[5]! + ((c + d) >> 1) - 32768) >> 1;
    for (let k = 0; k < 2; k += 1) {
      const chroma: Plane = {
        colours: size + k * quarter,
        alphas: 2 * size + 2 * quarter,
        width: width >> 1,
        height: height >> 1,
      };
      const toChroma: Plane = {
        colours: toSize + k * toQuarter,
        alphas: 2 * toSize + 2 * toQuarter,
        width: toWidth >> 1,
        height: toHeight >> 1,
      };
      plane(from, chroma, a, b, cx, c, d, cy, tone[1 + k]!, to, toChroma);
    }
  };

  private mix(first: Uint8Array, second: Uint8Array, bytes: number, mix: number): Uint8Array {
    if (this.mixed.length < bytes) this.mixed = new Uint8Array(bytes);
    const { mixed } = this;
    for (let i = 0; i < bytes; i += 1) mixed[i] = (first[i]! * (256 - mix) + second[i]! * mix + 128) >> 8;
    return mixed;
  }
}

/** Where a plane and its alpha begin in a YUVA picture, and their size. */
interface Plane {
  readonly colours: number;
  readonly alphas: number;
  readonly width: number;
  readonly height: number;
}

function plane(
  from: Uint8Array,
  { colours, alphas, width, height }: Plane,
  a: number,
  b: number,
  tx: number,
  c: number,
  d: number,
  ty: number,
  tone: number,
  to: Uint8Array,
  target: Plane,
): void {
  for (let y = 0; y < target.height; y += 1) {
    let sx = b * y + tx;
    let sy = d * y + ty;
    let out = y * target.width;
    for (let x = 0; x < target.width; x += 1, out += 1, sx += a, sy += c) {
      const xi = sx >> 16;
      const yi = sy >> 16;
      let alpha = 0;
      let colour = 0;
      if (xi >= 0 && yi >= 0 && xi < width - 1 && yi < height - 1) {
        const fx = (sx >> 8) & 255;
        const fy = (sy >> 8) & 255;
        const at = yi * width + xi;
        alpha = bilinear(from, alphas + at, width, fx, fy);
        if (alpha > 0) {
          colour = bilinear(from, colours + at, width, fx, fy) + (((tone * alpha) / 255) | 0);
          colour = colour < 0 ? 0 : colour > 255 ? 255 : colour;
        }
      }
      to[target.colours + out] = colour;
      to[target.alphas + out] = alpha;
    }
  }
}

function bilinear(data: Uint8Array, at: number, stride: number, fx: number, fy: number): number {
  const below = at + stride;
  const upper = data[at]! * (256 - fx) + data[at + 1]! * fx;
  const lower = data[below]! * (256 - fx) + data[below + 1]! * fx;
  return (upper * (256 - fy) + lower * fy + 32768) >> 16;
}

/*
 * The problem: a frame at 720p has 1.4 million samples, nine layers and 33 ms for everything; most of the picture did
 * not change.
 *
 * The rule: only damaged rectangles are redrawn, each from its lowest visible item to the top. Bitmaps are
 * premultiplied in the encoder's own format, so a sample costs one multiplication:
 *   s = (src·o + 128) >> 8,  a = (alpha·o + 128) >> 8,  out = min(255, s + div255(dst·(255 − a)))
 * with o the opacity, 0–256. A sample with alpha 0 leaves the canvas as it is. Items fully covered by an opaque
 * item above are not drawn: that changes the time, never the result.
 */

/** Bounds of the drawn region, in canvas pixels, all even: x0, y0, x1, y1. */
const region = new Int32Array(4);

/** Draws the damaged rectangles of an I420 canvas; see `Kernels.compose`. */
export const compose: Kernels['compose'] = (canvas, width, height, damage, list, bitmaps) => {
  for (let i = 0; i < list.count; i += 1) {
    const id = list.items[i * DRAW_STRIDE]!;
    if (bitmaps.get(id) === undefined) throw missingBitmap(id);
  }
  for (let r = 0; r < damage.count; r += 1) {
    const at = r * RECT_STRIDE;
    const rects = damage.items;
    const x0 = clamp(rects[at]!, width) & ~1;
    const y0 = clamp(rects[at + 1]!, height) & ~1;
    const x1 = (clamp(rects[at]! + rects[at + 2]!, width) + 1) & ~1;
    const y1 = (clamp(rects[at + 1]! + rects[at + 3]!, height) + 1) & ~1;
    if (x0 >= x1 || y0 >= y1) continue;
    composeRect(canvas, width, height, x0, y0, x1, y1, list, bitmaps);
  }
};

const clamp = (v: number, limit: number): number => (v < 0 ? 0 : v > limit ? limit : v);

function composeRect(
  canvas: Uint8Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  list: DrawList,
  bitmaps: BitmapTable,
): void {
  let first = list.count;
  while (first > 0) {
    first -= 1;
    const bitmap = bitmaps.get(list.items[first * DRAW_STRIDE]!)!;
    if (isSolid(list, first, bitmap) && covers(list, first, bitmap, x0, y0, x1, y1)) break;
    if (first === 0) {
      fillBlack(canvas, width, height, x0, y0, x1, y1);
      break;
    }
  }
  if (list.count === 0) fillBlack(canvas, width, height, x0, y0, x1, y1);
  for (let i = first; i < list.count; i += 1) {
    const at = i * DRAW_STRIDE;
    const bitmap = bitmaps.get(list.items[at]!)!;
    const opacity = list.items[at + DRAW.opacity]!;
    if (opacity <= 0 || !intersect(list, i, bitmap, x0, y0, x1, y1)) continue;
    drawItem(canvas, width, height, bitmap, list.items[at + DRAW.x]! & ~1, list.items[at + DRAW.y]! & ~1, opacity);
  }
}

const isSolid = (list: DrawList, i: number, bitmap: YuvaBitmap): boolean =>
  bitmap.opaque && list.items[i * DRAW_STRIDE + DRAW.opacity]! >= 256;

/** Puts rectangle ∩ clip ∩ bitmap into `region`; false when nothing is left. */
function intersect(
  list: DrawList,
  i: number,
  bitmap: YuvaBitmap,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): boolean {
  const items = list.items;
  const at = i * DRAW_STRIDE;
  const left = items[at + DRAW.x]! & ~1;
  const top = items[at + DRAW.y]! & ~1;
  const clipX = items[at + DRAW.clipX]!;
  const clipY = items[at + DRAW.clipY]!;
  // Clip edges are even by contract; odd ones widen, after being clamped to the rectangle against overflow.
  region[0] = Math.max(left, x0, Math.min(clipX, x1) & ~1);
  region[1] = Math.max(top, y0, Math.min(clipY, y1) & ~1);
  region[2] = Math.min(left + bitmap.width, (clamp(clipX + items[at + DRAW.clipW]!, x1) + 1) & ~1);
  region[3] = Math.min(top + bitmap.height, (clamp(clipY + items[at + DRAW.clipH]!, y1) + 1) & ~1);
  return region[0]! < region[2]! && region[1]! < region[3]!;
}

function covers(
  list: DrawList,
  i: number,
  bitmap: YuvaBitmap,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): boolean {
  return (
    intersect(list, i, bitmap, x0, y0, x1, y1) &&
    region[0] === x0 &&
    region[1] === y0 &&
    region[2] === x1 &&
    region[3] === y1
  );
}

/** Draws `region` of a bitmap positioned at (left, top). */
function drawItem(
  canvas: Uint8Array,
  width: number,
  height: number,
  bitmap: YuvaBitmap,
  left: number,
  top: number,
  opacity: number,
): void {
  const o = opacity > 256 ? 256 : opacity;
  const x0 = region[0]!;
  const y0 = region[1]!;
  const w = region[2]! - x0;
  const h = region[3]! - y0;
  const bw = bitmap.width;
  const luma = bw * bitmap.height;
  const chroma = luma >> 2;
  const cw = width >> 1;
  const cbw = bw >> 1;
  const canvasU = width * height;
  const canvasV = canvasU + (canvasU >> 2);
  const dstC = (y0 >> 1) * cw + (x0 >> 1);
  const srcC = ((y0 - top) >> 1) * cbw + ((x0 - left) >> 1);
  const alphaC = luma + 2 * chroma + luma;
  const solid = bitmap.opaque && o === 256;
  const dst = y0 * width + x0;
  const src = (y0 - top) * bw + (x0 - left);
  drawPlane(canvas, dst, width, bitmap.data, src, src + luma + 2 * chroma, bw, w, h, o, solid);
  drawPlane(canvas, canvasU + dstC, cw, bitmap.data, luma + srcC, alphaC + srcC, cbw, w >> 1, h >> 1, o, solid);
  drawPlane(
    canvas,
    canvasV + dstC,
    cw,
    bitmap.data,
    luma + chroma + srcC,
    alphaC + srcC,
    cbw,
    w >> 1,
    h >> 1,
    o,
    solid,
  );
}

function drawPlane(
  canvas: Uint8Array,
  dstAt: number,
  dstStride: number,
  data: Uint8Array,
  srcAt: number,
  alphaAt: number,
  srcStride: number,
  w: number,
  h: number,
  o: number,
  solid: boolean,
): void {
  for (let y = 0; y < h; y += 1) {
    let d = dstAt + y * dstStride;
    let s = srcAt + y * srcStride;
    let a = alphaAt + y * srcStride;
    for (const end = s + w; s < end; s += 1, a += 1, d += 1) {
      const alpha = solid ? 255 : data[a]!;
      if (alpha === 255 && o === 256) {
        canvas[d] = data[s]!;
      } else if (alpha !== 0) {
        const t = canvas[d]! * (255 - ((alpha * o + 128) >> 8)) + 128;
        const v = ((data[s]! * o + 128) >> 8) + ((t + (t >> 8)) >> 8);
        canvas[d] = v > 255 ? 255 : v;
      }
    }
  }
}

function fillBlack(
  canvas: Uint8Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  for (let y = y0; y < y1; y += 1) canvas.fill(16, y * width + x0, y * width + x1);
  const cw = width >> 1;
  const u = width * height;
  const v = u + (u >> 2);
  for (let y = y0 >> 1; y < y1 >> 1; y += 1) {
    canvas.fill(128, u + y * cw + (x0 >> 1), u + y * cw + (x1 >> 1));
    canvas.fill(128, v + y * cw + (x0 >> 1), v + y * cw + (x1 >> 1));
  }
}
