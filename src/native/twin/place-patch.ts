// frame path

/**
 * Draws a premultiplied YUVA picture, or a mix of two of the same size, turned and scaled, into another: bilinear,
 * in 16.16 fixed point, so that the native kernel gives the same bytes. Outside of the source everything is transparent.
 */
export function placePatch(
  first: Uint8Array,
  second: Uint8Array,
  width: number,
  height: number,
  mix: number,
  inverse: Int32Array,
  tone: Int32Array,
  to: Uint8Array,
  toWidth: number,
  toHeight: number,
): void {
  const size = width * height;
  const quarter = size / 4;
  const toSize = toWidth * toHeight;
  const toQuarter = toSize / 4;
  const a = inverse[0]!;
  const b = inverse[1]!;
  const c = inverse[3]!;
  const d = inverse[4]!;
  // Luma with its alpha.
  plane(first, second, 0, size + 2 * quarter, width, height, mix, a, b, inverse[2]!, c, d, inverse[5]!, tone[0]!, to, 0, toSize + 2 * toQuarter, toWidth, toHeight);
  // A chroma sample lies in the middle of four of luma.
  const cx = (inverse[2]! + ((a + b) >> 1) - 32768) >> 1;
  const cy = (inverse[5]! + ((c + d) >> 1) - 32768) >> 1;
  const alpha = 2 * size + 2 * quarter;
  const toAlpha = 2 * toSize + 2 * toQuarter;
  const w = width >> 1;
  const h = height >> 1;
  const toW = toWidth >> 1;
  const toH = toHeight >> 1;
  plane(first, second, size, alpha, w, h, mix, a, b, cx, c, d, cy, tone[1]!, to, toSize, toAlpha, toW, toH);
  plane(first, second, size + quarter, alpha, w, h, mix, a, b, cx, c, d, cy, tone[2]!, to, toSize + toQuarter, toAlpha, toW, toH);
}

function plane(
  first: Uint8Array,
  second: Uint8Array,
  colours: number,
  alphas: number,
  width: number,
  height: number,
  mix: number,
  a: number,
  b: number,
  tx: number,
  c: number,
  d: number,
  ty: number,
  tone: number,
  to: Uint8Array,
  toColours: number,
  toAlphas: number,
  toWidth: number,
  toHeight: number,
): void {
  for (let y = 0; y < toHeight; y += 1) {
    let sx = b * y + tx;
    let sy = d * y + ty;
    let out = y * toWidth;
    for (let x = 0; x < toWidth; x += 1, out += 1, sx += a, sy += c) {
      const xi = sx >> 16;
      const yi = sy >> 16;
      let alpha = 0;
      let colour = 0;
      if (xi >= 0 && yi >= 0 && xi < width - 1 && yi < height - 1) {
        const fx = (sx >> 8) & 255;
        const fy = (sy >> 8) & 255;
        const at = yi * width + xi;
        alpha = bilinear(first, alphas + at, width, fx, fy);
        if (mix > 0) alpha = (alpha * (256 - mix) + bilinear(second, alphas + at, width, fx, fy) * mix + 128) >> 8;
        if (alpha > 0) {
          colour = bilinear(first, colours + at, width, fx, fy);
          if (mix > 0) colour = (colour * (256 - mix) + bilinear(second, colours + at, width, fx, fy) * mix + 128) >> 8;
          colour += ((tone * alpha) / 255) | 0;
          colour = colour < 0 ? 0 : colour > 255 ? 255 : colour;
        }
      }
      to[toColours + out] = colour;
      to[toAlphas + out] = alpha;
    }
  }
}

function bilinear(data: Uint8Array, at: number, stride: number, fx: number, fy: number): number {
  const below = at + stride;
  const upper = data[at]! * (256 - fx) + data[at + 1]! * fx;
  const lower = data[below]! * (256 - fx) + data[below + 1]! * fx;
  return (upper * (256 - fy) + lower * fy + 32768) >> 16;
}
