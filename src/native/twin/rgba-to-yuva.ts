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
export function rgbaToYuva(
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
