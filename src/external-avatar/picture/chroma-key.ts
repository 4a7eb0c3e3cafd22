import type { ChromaKeyConfig } from '../../config/sections/presenter.js';
import type { Kernels } from '../../core/kernels.js';
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
const TABLE = 65_536;

/** U and V (128 is neutral) of a colour in BT.709, limited range. */
export function chromaOf(colour: string): { u: number; v: number } {
  const value = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map((c) => c / 255) as [number, number, number];
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { u: NEUTRAL + (224 * (b - y)) / 1.8556, v: NEUTRAL + (224 * (r - y)) / 1.5748 };
}

export class ChromaKey implements FrameKeyer {
  /** By `u << 8 | v`: alpha, and chroma without spill. */
  private readonly tables = new Uint8Array(3 * TABLE);

  constructor(
    config: Omit<ChromaKeyConfig, 'kind'>,
    private readonly kernels: Pick<Kernels, 'keyChroma'>,
  ) {
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
        this.tables[at] = Math.round(255 * kept);
        this.tables[TABLE + at] = Math.max(16, Math.min(240, Math.round(u - off * ax)));
        this.tables[2 * TABLE + at] = Math.max(16, Math.min(240, Math.round(v - off * ay)));
      }
    }
  }

  write(frame: Uint8Array, { width, height }: Placed, out: Uint8Array, place: Placed): void {
    this.kernels.keyChroma(frame, width, height, this.tables, out, place.width, place.height, place.x, place.y);
  }
}
