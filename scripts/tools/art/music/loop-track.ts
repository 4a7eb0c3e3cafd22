import { Biquad, highShelf, lowPass } from '../../../../src/core/audio/loudness.js';

/**
 * A stereo loop at 48 kHz. Sound added past its end wraps to its beginning, and effects run over it twice with only the
 * second pass kept, so the loop is seamless.
 */
export class LoopTrack {
  readonly left: Float64Array;
  readonly right: Float64Array;

  constructor(readonly samples: number) {
    this.left = new Float64Array(samples);
    this.right = new Float64Array(samples);
  }

  /** Adds one sample at equal power; pan −1 is left, 1 is right. */
  add(at: number, value: number, pan: number): void {
    const i = ((at % this.samples) + this.samples) % this.samples;
    const angle = ((pan + 1) * Math.PI) / 4;
    this.left[i]! += value * Math.cos(angle);
    this.right[i]! += value * Math.sin(angle);
  }

  mixIn(other: LoopTrack, gain: number): void {
    for (let i = 0; i < this.samples; i += 1) {
      this.left[i]! += other.left[i]! * gain;
      this.right[i]! += other.right[i]! * gain;
    }
  }

  /** Ping-pong echoes, each `feedback` of the one before. */
  echo(delay: number, feedback: number, repeats: number): void {
    const { left, right } = this;
    const dryLeft = left.slice();
    const dryRight = right.slice();
    for (let n = 1; n <= repeats; n += 1) {
      const gain = feedback ** n;
      const [fromLeft, fromRight] = n % 2 === 0 ? [dryLeft, dryRight] : [dryRight, dryLeft];
      for (let i = 0; i < this.samples; i += 1) {
        const at = (i + n * delay) % this.samples;
        left[at]! += fromLeft[i]! * gain;
        right[at]! += fromRight[i]! * gain;
      }
    }
  }

  /** Low-passes the track at `hz`. */
  darken(hz: number): void {
    this.twice((pass) => {
      for (const channel of [this.left, this.right]) pass(channel, new Biquad(lowPass(hz, Math.SQRT1_2, 48_000)));
    });
  }

  shelf(hz: number, gainDb: number): void {
    this.twice((pass) => {
      for (const channel of [this.left, this.right]) pass(channel, new Biquad(highShelf(hz, gainDb, 48_000)));
    });
  }

  private twice(run: (pass: (channel: Float64Array, by: Biquad) => void) => void): void {
    run((channel, by) => {
      by.process(channel.slice(), 0, this.samples, 1);
      by.process(channel, 0, this.samples, 1);
    });
  }

  /**
   * A reverb: four delay lines mixed by a Householder matrix, damped in the treble (J.-M. Jot, "Digital delay networks
   * for designing artificial reverberators", AES 90, 1991).
   */
  reverb(seconds: number, dampHz: number): LoopTrack {
    const wet = new LoopTrack(this.samples);
    const lengths = [1499, 1889, 2381, 2999];
    const lines = lengths.map((n) => new Float64Array(n));
    const gains = lengths.map((n) => 10 ** ((-3 * n) / (48_000 * seconds)));
    const damp = 1 - Math.exp((-2 * Math.PI * dampHz) / 48_000);
    const held = [0, 0, 0, 0];
    const out = [0, 0, 0, 0];
    for (let i = 0; i < 2 * this.samples; i += 1) {
      const at = i % this.samples;
      let sum = 0;
      for (let k = 0; k < 4; k += 1) {
        held[k]! += damp * (lines[k]![i % lengths[k]!]! - held[k]!);
        out[k] = held[k]! * gains[k]!;
        sum += out[k]!;
      }
      for (let k = 0; k < 4; k += 1) {
        const input = k % 2 === 0 ? this.left[at]! : this.right[at]!;
        lines[k]![i % lengths[k]!] = input * 0.5 + out[k]! - sum / 2;
      }
      if (i >= this.samples) {
        wet.left[at] = out[0]! - out[2]!;
        wet.right[at] = out[1]! - out[3]!;
      }
    }
    return wet;
  }
}
