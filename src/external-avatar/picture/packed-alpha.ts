import { i420Size } from '../../core/media/picture.js';
import type { FrameKeyer, Placed } from './frame-keyer.js';

/** Alpha of a luma sample: black (16) is transparent, white (235) opaque. */
const ALPHA = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.max(0, Math.min(255, Math.round(((y - 16) * 255) / 219))),
);
/** Noise of the codec at both ends is cleaned away. */
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! < 6) ALPHA[y] = 0;
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! > 249) ALPHA[y] = 255;

/** A frame that holds the colours and, beside or below them, the alpha as grey. */
export class PackedAlpha implements FrameKeyer {
  constructor(private readonly kind: 'alpha-right' | 'alpha-below') {}

  /** `size` is that of the whole frame. */
  write(frame: Uint8Array, { width: whole, height: tall }: Placed, out: Uint8Array, place: Placed): void {
    const beside = this.kind === 'alpha-right';
    const width = beside ? whole / 2 : whole;
    const height = beside ? tall : tall / 2;
    const skip = beside ? width : height * whole;
    const wholePixels = whole * tall;
    const outPixels = place.width * place.height;
    const outA = i420Size(place.width, place.height);
    const outAC = outA + outPixels;
    for (let y = 0; y < height; y += 1) {
      let from = y * whole;
      let to = (y + place.y) * place.width + place.x;
      for (let x = 0; x < width; x += 1, from += 1, to += 1) {
        const a = ALPHA[frame[from + skip]!]!;
        out[outA + to] = a;
        out[to] = div255(frame[from]! * a);
      }
    }
    const stride = place.width >> 1;
    for (let y = 0; y < height >> 1; y += 1) {
      let from = wholePixels + y * (whole >> 1);
      let to = (y + (place.y >> 1)) * stride + (place.x >> 1);
      let luma = outA + (2 * y + place.y) * place.width + place.x;
      for (let x = 0; x < width >> 1; x += 1, from += 1, to += 1, luma += 2) {
        const below = luma + place.width;
        const a = (out[luma]! + out[luma + 1]! + out[below]! + out[below + 1]! + 2) >> 2;
        out[outAC + to] = a;
        out[outPixels + to] = div255(frame[from]! * a);
        out[outPixels + outPixels / 4 + to] = div255(frame[from + wholePixels / 4]! * a);
      }
    }
  }
}

const div255 = (n: number): number => ((n + 128) * 257) >> 16;
