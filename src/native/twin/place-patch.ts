// frame path
import type { Kernels } from '../../core/kernels.js';

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
