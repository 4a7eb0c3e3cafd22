import type { Kernels } from '../../core/kernels.js';

const clip = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** BT.709 limited range to full-range RGB (ITU-R BT.709-6, 16.16 fixed point); each chroma sample serves its 2×2 pixels. */
export const i420ToRgba: Kernels['i420ToRgba'] = (frame, width, height, out) => {
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
