import { roundCorners } from '../assets/load-picture.js';

/** Alpha of a clip with rounded corners, and the premultiplying of the pixels in them. */
export class ClipCorners {
  /** A w·h, then AC w/2·h/2, as in a YuvaBitmap. */
  readonly alpha: Uint8Array;
  /** Samples of Y, then of U and V, that are partly transparent, and their alpha × 4. */
  private readonly luma: number[] = [];
  private readonly chroma: number[] = [];

  constructor(
    private readonly width: number,
    private readonly height: number,
    radius: number,
  ) {
    const rgba = new Uint8Array(width * height * 4).fill(255);
    roundCorners({ rgba, width, height }, radius);
    const pixels = width * height;
    this.alpha = new Uint8Array(pixels + pixels / 4);
    for (let i = 0; i < pixels; i += 1) {
      const a = rgba[i * 4 + 3]!;
      this.alpha[i] = a;
      if (a !== 255) this.luma.push(i, a * 4);
    }
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        const at = y * width + x;
        const { alpha } = this;
        const sum = alpha[at]! + alpha[at + 1]! + alpha[at + width]! + alpha[at + width + 1]!;
        const i = (y >> 1) * (width >> 1) + (x >> 1);
        alpha[pixels + i] = (sum + 2) >> 2;
        if (sum !== 1020) this.chroma.push(i, sum);
      }
    }
  }

  /** In place. */
  premultiply(frame: Uint8Array): void {
    const pixels = this.width * this.height;
    fade(frame, this.luma, 0);
    fade(frame, this.chroma, pixels);
    fade(frame, this.chroma, pixels + pixels / 4);
  }
}

/** `parts`: pairs of index and alpha × 4. */
function fade(frame: Uint8Array, parts: readonly number[], from: number): void {
  for (let i = 0; i < parts.length; i += 2) {
    const at = from + parts[i]!;
    frame[at] = Math.floor((frame[at]! * parts[i + 1]! + 510) / 1020);
  }
}
