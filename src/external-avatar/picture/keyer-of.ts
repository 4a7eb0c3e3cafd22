import type { AvatarKey } from '../../config/sections/presenter.js';
import type { Kernels } from '../../core/kernels.js';
import { i420Size } from '../../core/media/picture.js';
import { ChromaKey } from './chroma-key.js';
import type { FrameKeyer, Placed } from './frame-keyer.js';

/** Alpha of a luma sample: black (16) is transparent, white (235) opaque. */
const ALPHA = Uint8Array.from({ length: 256 }, (_, y) =>
  Math.max(0, Math.min(255, Math.round(((y - 16) * 255) / 219))),
);
/** Noise of the codec at both ends is cleaned away. */
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! < 6) ALPHA[y] = 0;
for (let y = 0; y < 256; y += 1) if (ALPHA[y]! > 249) ALPHA[y] = 255;

/** A frame that holds the colours and, beside or below them, the alpha as grey. */
class PackedAlpha implements FrameKeyer {
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

/** Shows the whole rectangle. */
class OpaqueFrame implements FrameKeyer {
  write(frame: Uint8Array, { width, height }: Placed, out: Uint8Array, place: Placed): void {
    const outPixels = place.width * place.height;
    const alpha = i420Size(place.width, place.height);
    let from = 0;
    let to = 0;
    for (const share of [1, 2, 2]) {
      const [w, h, stride] = [width / share, height / share, place.width / share];
      const origin = (place.y / share) * stride + place.x / share;
      for (let y = 0; y < h; y += 1) {
        out.set(frame.subarray(from + y * w, from + (y + 1) * w), to + origin + y * stride);
      }
      from += w * h;
      to += outPixels / (share * share);
    }
    for (const [share, plane] of [
      [1, alpha],
      [2, alpha + outPixels],
    ] as const) {
      const [w, h, stride] = [width / share, height / share, place.width / share];
      const origin = plane + (place.y / share) * stride + place.x / share;
      for (let y = 0; y < h; y += 1) out.fill(255, origin + y * stride, origin + y * stride + w);
    }
  }
}

export function keyerOf(key: AvatarKey, kernels: Pick<Kernels, 'keyChroma'>): FrameKeyer {
  switch (key.kind) {
    case 'chroma':
      return new ChromaKey(key, kernels);
    case 'alpha-right':
    case 'alpha-below':
      return new PackedAlpha(key.kind);
    case 'none':
      return new OpaqueFrame();
  }
}
