import sharp, { type WebpOptions } from 'sharp';
import type { Patch } from '../footage/sample-patch.js';

const MAX_COLUMNS = 16;
const QUALITY = 96;

/** All pictures of mouths on one sheet with their mask as alpha: WebP, near lossless. */
export async function writeMouthSheet(
  path: string,
  patches: readonly Patch[],
  masks: readonly Float32Array[],
): Promise<number> {
  const { width, height } = patches[0]!;
  // WebP has at most 16383 pixels a side.
  const columns = Math.min(patches.length, Math.max(MAX_COLUMNS, Math.ceil((patches.length * height) / 16_000)));
  const rows = Math.ceil(patches.length / columns);
  const sheet = Buffer.alloc(columns * width * rows * height * 4);
  patches.forEach(({ data }, i) => {
    const mask = masks[i]!;
    const left = (i % columns) * width;
    const top = Math.floor(i / columns) * height;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const from = y * width + x;
        const to = ((top + y) * columns * width + left + x) * 4;
        for (let k = 0; k < 3; k += 1) sheet[to + k] = Math.min(255, Math.max(0, Math.round(data[from * 3 + k]!)));
        sheet[to + 3] = Math.round(255 * mask[from]!);
      }
    }
  });
  await sharp(sheet, { raw: { width: columns * width, height: rows * height, channels: 4 } })
    .webp({ quality: QUALITY, alphaQuality: 100, smartSubsample: true, exact: true } as WebpOptions)
    .toFile(path);
  return columns;
}
