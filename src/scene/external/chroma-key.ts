import type { ChromaKeyConfig } from '../../config/sections/presenter.js';
import { i420Size } from '../../core/media/picture.js';
import type { FrameKeyer, Placed } from './frame-keyer.js';

/**
 * A chroma key in the picture's own colour space.
 *
 * Problem: the backdrop is lit unevenly, hair is half transparent, and its light falls on the person.
 * Rule (Jack, Video Demystified, chroma keying): the chroma plane is turned so that the key's hue lies on the axis X. What
 * reaches beyond the acceptance cone, `X − |Z|/tan(angle)`, as a share of the key's own saturation, says how much of the
 * backdrop is in a sample: above `1 − tolerance` all of it, below `1 − tolerance − softness` nothing. What reaches beyond a
 * slightly wider cone is taken off the chroma of what stays (spill). Luma plays no part, so shadows on the backdrop vanish too. Alpha is found
 * per chroma sample and interpolated for luma. Every pair of chroma values is computed once, into tables.
 */
const ACCEPTANCE_TAN = Math.tan((50 * Math.PI) / 180);
/** Skin that the backdrop shines on turns towards yellow, beyond that cone; yellow itself lies at 55°. */
const SPILL_TAN = Math.tan((62 * Math.PI) / 180);
const NEUTRAL = 128;

/** U and V (128 is neutral) of a colour in BT.709, limited range. */
export function chromaOf(colour: string): { u: number; v: number } {
  const value = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map((c) => c / 255) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { u: NEUTRAL + (224 * (b - y)) / 1.8556, v: NEUTRAL + (224 * (r - y)) / 1.5748 };
}

export class ChromaKey implements FrameKeyer {
  /** By `u << 8 | v`: alpha, and chroma without spill. */
  private readonly alpha = new Uint8Array(65_536);
  private readonly u = new Uint8Array(65_536);
  private readonly v = new Uint8Array(65_536);

  constructor(config: Omit<ChromaKeyConfig, 'kind'>) {
    const key = chromaOf(config.colour);
    const [kx, ky] = [key.u - NEUTRAL, key.v - NEUTRAL];
    const size = Math.hypot(kx, ky);
    // A grey backdrop has no hue to key on: everything stays.
    const [ax, ay] = size < 1 ? [0, 0] : [kx / size, ky / size];
    const full = 1 - config.tolerance;
    const none = Math.max(0.02, full - config.softness);
    for (let u = 0; u < 256; u += 1) {
      for (let v = 0; v < 256; v += 1) {
        const [du, dv] = [u - NEUTRAL, v - NEUTRAL];
        const x = du * ax + dv * ay;
        const z = dv * ax - du * ay;
        const beyond = Math.max(0, x - Math.abs(z) / ACCEPTANCE_TAN);
        const share = size < 1 ? 0 : beyond / size;
        const kept = share >= full ? 0 : share <= none ? 1 : (full - share) / (full - none);
        const off = Math.max(0, x - Math.abs(z) / SPILL_TAN) * config.spill;
        const at = (u << 8) | v;
        this.alpha[at] = Math.round(255 * kept);
        this.u[at] = Math.max(16, Math.min(240, Math.round(u - off * ax)));
        this.v[at] = Math.max(16, Math.min(240, Math.round(v - off * ay)));
      }
    }
  }

  write(frame: Uint8Array, { width, height }: Placed, out: Uint8Array, place: Placed): void {
    const [w, h] = [width >> 1, height >> 1];
    const pixels = width * height;
    const { width: ow, height: oh, x: dx, y: dy } = place;
    const outPixels = ow * oh;
    const [outU, outV, outA] = [outPixels, outPixels + outPixels / 4, i420Size(ow, oh)];
    const outAC = outA + outPixels;
    const uAt = pixels;
    const vAt = pixels + pixels / 4;
    const ocw = ow >> 1;
    for (let y = 0; y < h; y += 1) {
      let o = (y + (dy >> 1)) * ocw + (dx >> 1);
      for (let x = 0, i = y * w; x < w; x += 1, i += 1, o += 1) {
        const at = (frame[uAt + i]! << 8) | frame[vAt + i]!;
        const a = this.alpha[at]!;
        out[outAC + o] = a;
        out[outU + o] = div255(this.u[at]! * a);
        out[outV + o] = div255(this.v[at]! * a);
      }
    }
    // Luma samples lie a quarter of a chroma sample beside it: 9 : 3 : 3 : 1 of the four nearest alphas.
    for (let y = 0; y < h; y += 1) {
      const row = outAC + (y + (dy >> 1)) * ocw + (dx >> 1);
      const up = y === 0 ? row : row - ocw;
      const down = y === h - 1 ? row : row + ocw;
      let top = 2 * y * width;
      let to = (2 * y + dy) * ow + dx;
      for (let x = 0; x < w; x += 1, top += 2, to += 2) {
        const left = x === 0 ? x : x - 1;
        const right = x === w - 1 ? x : x + 1;
        const c = out[row + x]!;
        const [l, r] = [out[row + left]!, out[row + right]!];
        const [u, d] = [out[up + x]!, out[down + x]!];
        const even = c === l && c === r && c === u && c === d;
        if (even && c === 0) continue; // cleared before
        const c9 = 9 * c + 8;
        this.luma(frame, top, out, to, outA, (c9 + 3 * (l + u) + out[up + left]!) >> 4);
        this.luma(frame, top + 1, out, to + 1, outA, (c9 + 3 * (r + u) + out[up + right]!) >> 4);
        this.luma(frame, top + width, out, to + ow, outA, (c9 + 3 * (l + d) + out[down + left]!) >> 4);
        this.luma(frame, top + width + 1, out, to + ow + 1, outA, (c9 + 3 * (r + d) + out[down + right]!) >> 4);
      }
    }
  }

  private luma(frame: Uint8Array, from: number, out: Uint8Array, to: number, outA: number, alpha: number): void {
    out[to] = div255(frame[from]! * alpha);
    out[outA + to] = alpha;
  }
}

const div255 = (n: number): number => ((n + 128) * 257) >> 16;
