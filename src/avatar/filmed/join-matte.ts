/**
 * An I420 picture of twice the height (the picture above its matte, both in limited range) becomes a premultiplied YUVA
 * bitmap of `width` × `height`.
 */
export function joinMatte(source: Uint8Array, width: number, height: number, to: Uint8Array): void {
  const luma = width * height;
  const quarter = luma / 4;
  const halfWidth = width / 2;
  const alphaAt = luma + 2 * quarter;
  const coarseAt = 2 * luma + 2 * quarter;
  for (let i = 0; i < luma; i += 1) {
    // The coder leaves some noise at both ends of the matte.
    const m = ((source[luma + i]! - 22) * 255 + 103) / 207;
    const a = m <= 0 ? 0 : m >= 255 ? 255 : Math.floor(m);
    to[alphaAt + i] = a;
    to[i] = Math.floor((source[i]! * a + 127) / 255);
  }
  for (let y = 0; y < height / 2; y += 1) {
    for (let x = 0; x < halfWidth; x += 1) {
      const at = alphaAt + 2 * y * width + 2 * x;
      const a = (to[at]! + to[at + 1]! + to[at + width]! + to[at + width + 1]! + 2) >> 2;
      const i = y * halfWidth + x;
      to[coarseAt + i] = a;
      to[luma + i] = Math.floor((source[2 * luma + i]! * a + 127) / 255);
      to[luma + quarter + i] = Math.floor((source[2 * luma + 2 * quarter + i]! * a + 127) / 255);
    }
  }
}
