// frame path

/** Second-order section, normalised so that a0 = 1: y = b0·x + b1·x₁ + b2·x₂ − a1·y₁ − a2·y₂. */
export interface BiquadCoefficients {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** One channel's biquad in transposed direct form II, with two state variables. */
export class Biquad {
  private z1 = 0;
  private z2 = 0;

  constructor(private readonly c: BiquadCoefficients) {}

  reset(): void {
    this.z1 = 0;
    this.z2 = 0;
  }

  /** Filters `count` samples of `data` in place, from `start` in steps of `stride`. */
  process(data: Float32Array | Float64Array, start: number, count: number, stride: number): void {
    const { b0, b1, b2, a1, a2 } = this.c;
    let { z1, z2 } = this;
    for (let i = 0, at = start; i < count; i += 1, at += stride) {
      const x = data[at]!;
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      data[at] = y;
    }
    // A decaying tail would end in denormal numbers, which cost a hundred times as much.
    this.z1 = Math.abs(z1) < 1e-25 ? 0 : z1;
    this.z2 = Math.abs(z2) < 1e-25 ? 0 : z2;
  }
}

/** The formulas of R. Bristow-Johnson, "Audio EQ Cookbook" (W3C Note, 2021), shelf slope S = 1. */
const normalised = (b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): BiquadCoefficients => ({
  b0: b0 / a0,
  b1: b1 / a0,
  b2: b2 / a0,
  a1: a1 / a0,
  a2: a2 / a0,
});

/** High shelf: `gainDb` well above `hz`, 0 dB below. */
export function highShelf(hz: number, gainDb: number, rateHz: number): BiquadCoefficients {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * hz) / rateHz;
  const cos = Math.cos(w);
  const s = Math.SQRT2 * Math.sin(w) * Math.sqrt(a);
  return normalised(
    a * (a + 1 + (a - 1) * cos + s),
    -2 * a * (a - 1 + (a + 1) * cos),
    a * (a + 1 + (a - 1) * cos - s),
    a + 1 - (a - 1) * cos + s,
    2 * (a - 1 - (a + 1) * cos),
    a + 1 - (a - 1) * cos - s,
  );
}

/** Peaking filter: `gainDb` at `hz`, with bandwidth by `q`. */
export function peaking(hz: number, gainDb: number, q: number, rateHz: number): BiquadCoefficients {
  const a = 10 ** (gainDb / 40);
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
}

/** High pass of second order (Butterworth at q = 0.7071). */
export function highPass(hz: number, q: number, rateHz: number): BiquadCoefficients {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

/** Low pass of second order (Butterworth at q = 0.7071). */
export function lowPass(hz: number, q: number, rateHz: number): BiquadCoefficients {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  return normalised((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}
