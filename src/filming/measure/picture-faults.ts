import type { Rgb } from '../footage/open-footage.js';

/**
 * Faults of a talking mouth that sounds and lip gaps do not show.
 *
 * Ghosts: a frame that is a mixture of the one before and the one after shows two mouths at once. Such a frame is found
 * by its best mixture: its share lies in the middle, and little of the picture is left over. A mouth that moves leaves
 * more, since edges are somewhere else in each frame: with a film of one person, no warp left less than 2.6 %.
 */
const MIN_CHANGE = 90;
const SHARE = 0.2;
const LEFT_OVER = 0.022;

export interface MouthBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The mouth and its surroundings by the corners of mouth and eyes of a mesh. */
export function mouthBox(points: Float32Array): MouthBox {
  const at = (i: number): readonly [number, number] => [points[i * 3]!, points[i * 3 + 1]!];
  const [eyeA, eyeB, a, b] = [at(33), at(263), at(61), at(291)];
  const unit = Math.hypot(eyeB[0] - eyeA[0], eyeB[1] - eyeA[1]);
  const width = Math.round(0.62 * unit);
  const height = Math.round(0.4 * unit);
  return {
    left: Math.round((a[0] + b[0]) / 2 - width / 2),
    top: Math.round((a[1] + b[1]) / 2 - height * 0.4),
    width,
    height,
  };
}

/** Luma of a box. */
export function lumaOf({ data, width, height }: Rgb, box: MouthBox): Float32Array {
  const out = new Float32Array(box.width * box.height);
  for (let y = 0; y < box.height; y += 1)
    for (let x = 0; x < box.width; x += 1) {
      const [px, py] = [box.left + x, box.top + y];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const at = (py * width + px) * 3;
      out[y * box.width + x] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    }
  return out;
}

/** Whether a picture is a mixture of two others. */
export function isGhost(before: Float32Array, now: Float32Array, after: Float32Array): boolean {
  let [change, along] = [0, 0];
  for (let i = 0; i < now.length; i += 1) {
    const d = after[i]! - before[i]!;
    change += d * d;
    along += d * (now[i]! - before[i]!);
  }
  if (change / now.length < MIN_CHANGE) return false;
  const share = along / change;
  if (share < SHARE || share > 1 - SHARE) return false;
  let left = 0;
  for (let i = 0; i < now.length; i += 1) {
    const mixed = before[i]! + share * (after[i]! - before[i]!);
    left += (now[i]! - mixed) ** 2;
  }
  return left / change < LEFT_OVER;
}

/** Mean colour of the teeth of an open mouth; undefined where none are seen. */
export function toothColour({ data, width, height }: Rgb, points: Float32Array): [number, number, number] | undefined {
  const at = (i: number): readonly [number, number] => [points[i * 3]!, points[i * 3 + 1]!];
  const [upper, lower, left, right] = [at(13), at(14), at(78), at(308)];
  if (lower[1] - upper[1] < 5) return undefined;
  const half = (right[0] - left[0]) * 0.28;
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = Math.round(upper[1] + 2); y < lower[1] - 1; y += 1)
    for (let x = Math.round(upper[0] - half); x < upper[0] + half; x += 1) {
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const p = (y * width + x) * 3;
      const [r, g, b] = [data[p]!, data[p + 1]!, data[p + 2]!];
      // Bright and nearly grey: neither lip nor tongue.
      if (g < 110 || r - g > 0.24 * r || r < b) continue;
      sum[0] += r;
      sum[1] += g;
      sum[2] += b;
      count += 1;
    }
  return count < 12 ? undefined : [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** The greatest change of the teeth's hue from one frame with teeth to the next: lightness may follow the opening. */
export function toothJump(colours: readonly (readonly [number, number, number] | undefined)[]): number {
  const hue = ([r, g, b]: readonly [number, number, number]): readonly [number, number] => {
    const sum = Math.max(1, r + g + b);
    return [(300 * r) / sum, (300 * b) / sum];
  };
  let worst = 0;
  for (let i = 1; i < colours.length; i += 1) {
    const [a, b] = [colours[i - 1], colours[i]];
    if (a === undefined || b === undefined) continue;
    const [p, q] = [hue(a), hue(b)];
    worst = Math.max(worst, Math.hypot(p[0] - q[0], p[1] - q[1]));
  }
  return worst;
}

/**
 * Contrast of the seam along a matte: how far the luma of the outermost solid ring lies from that of the ring three
 * pixels further in, on average; undefined without a matte.
 */
export function seamContrast(luma: Uint8Array, alpha: Uint8Array, width: number, height: number): number | undefined {
  const INSIDE = 3;
  let [sum, count] = [0, 0];
  for (let y = INSIDE + 1; y < height - INSIDE - 1; y += 1)
    for (let x = INSIDE + 1; x < width - INSIDE - 1; x += 1) {
      const i = y * width + x;
      if (alpha[i]! < 230) continue;
      for (const step of [1, -1, -width]) {
        const far = i - step * INSIDE;
        if (alpha[i + step]! >= 128 || alpha[far]! < 250) continue;
        // The film is premultiplied.
        sum += Math.abs((255 * luma[i]!) / alpha[i]! - luma[far]!);
        count += 1;
        break;
      }
    }
  return count < 50 ? undefined : sum / count;
}
