// frame path

/** Raised cosine: rises from 0 to 1 as x goes from 0 to 1, smooth at both ends, so even a short ramp does not click. */
export const raisedCosine = (x: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * x));

/**
 * A gain that moves to its target along a raised cosine, for muting and unmuting without a click. A new target during a
 * move starts a new curve from the current gain.
 */
export class GainRamp {
  private from: number;
  private to: number;
  private at: number;

  /** @param rampSamples length of a full move, at least 1. */
  constructor(
    private readonly rampSamples: number,
    gain = 1,
  ) {
    this.from = gain;
    this.to = gain;
    this.at = rampSamples;
  }

  /** The gain of the next sample. */
  get gain(): number {
    return this.from + (this.to - this.from) * raisedCosine(this.at / this.rampSamples);
  }

  moveTo(gain: number): void {
    if (gain === this.to) return;
    this.from = this.gain;
    this.to = gain;
    this.at = 0;
  }

  /** Applies the gain to `samples` interleaved frames in place. */
  apply(data: Float32Array, samples: number, channels: number): void {
    let i = 0;
    for (; i < samples && this.at < this.rampSamples; i += 1) {
      const gain = this.gain;
      for (let c = 0; c < channels; c += 1) data[i * channels + c]! *= gain;
      this.at += 1;
    }
    if (this.to === 1) return;
    for (let k = i * channels; k < samples * channels; k += 1) data[k]! *= this.to;
  }
}
