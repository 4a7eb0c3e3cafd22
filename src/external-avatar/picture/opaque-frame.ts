import { i420Size } from '../../core/media/picture.js';
import type { FrameKeyer, Placed } from './frame-keyer.js';

/** Shows the whole rectangle. */
export class OpaqueFrame implements FrameKeyer {
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
