import { loadKernels } from '../native/load-kernels.js';
import { loadSharp } from '../scene/sharp.js';

/** An I420 frame as a JPEG of good quality. */
export async function stillJpeg(picture: Uint8Array, width: number, height: number): Promise<Buffer> {
  const rgba = new Uint8Array(width * height * 4);
  loadKernels().i420ToRgba(picture, width, height, rgba);
  const sharp = await loadSharp();
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 85 })
    .toBuffer();
}
