import { type Fit, inverse, type Matrix, multiply, type Region } from './pose-svg.js';
import type { Pixels } from './rasterise.js';

/*
 * Problem: a pose of the head or the torso is the same drawing turned, shifted or stretched a little; drawing each from
 * its strokes costs the rasteriser 25–60 ms, and a presenter has sixty of them.
 *
 * Rule: each layer is drawn once, twice as large, and every pose is resampled from that. Where a pixel of the picture
 * covers two by two pixels of the drawing, this is what drawing it there with four samples would give.
 */

/** How much larger a layer is drawn. */
export const LARGER = 2;

/** A layer as it was drawn: premultiplied, smoothed over two by two pixels. */
export interface Layer {
  readonly rgba: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Where it lies in the enlarged picture. */
  readonly x: number;
  readonly y: number;
}

/** A cell of an enlarged drawing as a layer; undefined for an empty one. `region` is where the cell belongs. */
export function layerOf(sheet: Pixels, cell: Region, region: Region): Layer | undefined {
  const { data } = sheet;
  let [left, top, right, bottom] = [cell.width, -1, -1, -1];
  for (let y = 0; y < cell.height; y += 1) {
    const row = (cell.y + y) * sheet.width + cell.x;
    for (let x = 0; x < cell.width; x += 1) {
      if (data[(row + x) * 4 + 3] === 0) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  if (top < 0) return undefined;
  // One clear pixel around, so that sampling needs no care at the edges.
  const width = right - left + 4;
  const height = bottom - top + 4;
  const plain = new Float32Array(width * height * 4);
  for (let y = top; y <= bottom; y += 1) {
    let from = ((cell.y + y) * sheet.width + cell.x + left) * 4;
    let to = ((y - top + 2) * width + 2) * 4;
    for (let x = left; x <= right; x += 1, from += 4, to += 4) {
      const alpha = data[from + 3]!;
      if (alpha === 0) continue;
      const k = alpha / 255;
      plain[to] = data[from]! * k;
      plain[to + 1] = data[from + 1]! * k;
      plain[to + 2] = data[from + 2]! * k;
      plain[to + 3] = alpha;
    }
  }
  const rgba = new Float32Array(plain.length);
  const row = width * 4;
  for (let i = 0; i < plain.length - row - 4; i += 1)
    rgba[i] = 0.25 * (plain[i]! + plain[i + 4]! + plain[i + row]! + plain[i + row + 4]!);
  // Each pixel now is the mean around its lower right corner.
  return { rgba, width, height, x: LARGER * region.x + left - 2 + 0.5, y: LARGER * region.y + top - 2 + 0.5 };
}

/** A picture that layers are laid into, one over the other. */
export class WarpTarget {
  private readonly rgba: Float32Array;

  constructor(
    private readonly fit: Fit,
    private readonly region: Region,
  ) {
    this.rgba = new Float32Array(region.width * region.height * 4);
  }

  /** Lays a layer over, moved by a matrix in drawing units. */
  lay(layer: Layer | undefined, moved: Matrix): this {
    if (layer === undefined) return this;
    const { fit, region, rgba } = this;
    const { width, height } = layer;
    const source = layer.rgba;
    // From the middle of a pixel of the picture to a position in the layer.
    const units: Matrix = [fit.scale, 0, 0, fit.scale, fit.offsetX, fit.offsetY];
    const enlarged: Matrix = [LARGER, 0, 0, LARGER, -layer.x - 0.5, -layer.y - 0.5];
    const back = multiply(multiply(enlarged, units), multiply(inverse(moved), inverse(units)));
    const [a, b, c, d, e, f] = back;
    const row = width * 4;
    for (let y = 0; y < region.height; y += 1) {
      const [px, py] = [region.x + 0.5, region.y + y + 0.5];
      const u0 = a * px + c * py + e;
      const v0 = b * px + d * py + f;
      const [first, last] = within(u0, a, width, v0, b, height, region.width);
      let to = (y * region.width + first) * 4;
      for (let x = first; x <= last; x += 1, to += 4) {
        const u = u0 + a * x;
        const v = v0 + b * x;
        const iu = Math.floor(u);
        const iv = Math.floor(v);
        const at = iv * row + iu * 4;
        const [fu, fv] = [u - iu, v - iv];
        const w11 = fu * fv;
        const w10 = fu - w11;
        const w01 = fv - w11;
        const w00 = 1 - fu - fv + w11;
        const alpha =
          w00 * source[at + 3]! + w10 * source[at + 7]! + w01 * source[at + row + 3]! + w11 * source[at + row + 7]!;
        if (alpha < 0.4) continue;
        const under = 1 - alpha / 255;
        rgba[to + 3] = alpha + under * rgba[to + 3]!;
        for (let k = 0; k < 3; k += 1)
          rgba[to + k] =
            w00 * source[at + k]! +
            w10 * source[at + 4 + k]! +
            w01 * source[at + row + k]! +
            w11 * source[at + row + 4 + k]! +
            under * rgba[to + k]!;
      }
    }
    return this;
  }

  /** Clears what lies above a horizontal line of the drawing, moved by a matrix. */
  clipAbove(line: number, moved: Matrix): this {
    const { fit, region, rgba } = this;
    const units: Matrix = [fit.scale, 0, 0, fit.scale, fit.offsetX, fit.offsetY];
    const [, b, , d, , f] = multiply(multiply(units, inverse(moved)), inverse(units));
    const edge = line * fit.scale + fit.offsetY;
    for (let y = 0; y < region.height; y += 1)
      for (let x = 0; x < region.width; x += 1) {
        const below = b * (region.x + x + 0.5) + d * (region.y + y + 0.5) + f - edge + 0.5;
        if (below >= 1) continue;
        const at = (y * region.width + x) * 4;
        for (let k = 0; k < 4; k += 1) rgba[at + k]! *= Math.max(0, below);
      }
    return this;
  }

  /** Straight alpha. */
  pixels(): Pixels {
    const { rgba, region } = this;
    const data = new Uint8Array(rgba.length);
    for (let i = 0; i < rgba.length; i += 4) {
      const alpha = rgba[i + 3]!;
      if (alpha < 0.5) continue;
      const k = 255 / alpha;
      data[i] = Math.min(255, rgba[i]! * k + 0.5);
      data[i + 1] = Math.min(255, rgba[i + 1]! * k + 0.5);
      data[i + 2] = Math.min(255, rgba[i + 2]! * k + 0.5);
      data[i + 3] = Math.min(255, alpha + 0.5);
    }
    return { data, width: region.width, height: region.height };
  }
}

/** First and last step of a row at which a position and its neighbours are inside the layer. */
function within(
  u: number,
  du: number,
  width: number,
  v: number,
  dv: number,
  height: number,
  steps: number,
): [number, number] {
  let [first, last] = [0, steps - 1];
  for (const [at, by, size] of [
    [u, du, width],
    [v, dv, height],
  ] as const) {
    if (Math.abs(by) < 1e-9) {
      if (at < 0 || at >= size - 1) return [0, -1];
      continue;
    }
    const [enter, leave] = [-at / by, (size - 1 - at) / by].sort((one, other) => one - other) as [number, number];
    first = Math.max(first, Math.ceil(enter + 1e-6));
    last = Math.min(last, Math.floor(leave - 1e-6));
  }
  return [first, last];
}
