// frame path
/**
 * Silences interleaved stereo at the gate without a click. The gain follows 3x²−2x³, whose slope is zero at both ends,
 * over a fixed number of samples. Its position is kept from block to block, so a mute that is cancelled half way turns
 * round from there.
 */
export class MuteRamp {
  private position = 0;
  private muted = false;

  /** `rampSamples` per channel: duration of the ramp from full level to silence. */
  constructor(private readonly rampSamples: number) {}

  set(muted: boolean): void {
    this.muted = muted;
  }

  /** Silent from the next sample on, without a ramp, for sound of which nothing may be heard. */
  cut(): void {
    this.muted = true;
    this.position = this.rampSamples;
  }

  /** True when the next block is silent or quieter. */
  get active(): boolean {
    return this.muted || this.position > 0;
  }

  /** Applies the gain to `samples` frames of stereo, in place. */
  apply(pcm: Float32Array, samples: number): void {
    if (!this.active) return;
    if (this.muted && this.position >= this.rampSamples) {
      pcm.fill(0, 0, samples * 2);
      return;
    }
    const step = this.muted ? 1 : -1;
    for (let i = 0; i < samples; i += 1) {
      this.position = Math.min(this.rampSamples, Math.max(0, this.position + step));
      const x = 1 - this.position / this.rampSamples;
      const gain = x * x * (3 - 2 * x);
      pcm[2 * i]! *= gain;
      pcm[2 * i + 1]! *= gain;
    }
  }
}
