// frame path
import { type FrameRate, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { HoldCause, MuteCause } from '../../core/verdict.js';

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

/** Frames of the mute ramp in either direction. */
const RAMP_FRAMES = 3;

/**
 * Slate, silence and dump as requested by a person, the risk score and the watches, independent of the verdicts.
 *
 * A command applies to the next released frame, so frames in the window are covered too. Dumped frames are released as
 * the slate and in silence, without a ramp: not one of their samples may be heard.
 */
export class GateCommands {
  private blank = false;
  private risk = false;
  private hold: HoldCause | undefined = undefined;
  private muted = false;
  /** Frames before this one were dumped. */
  private dumpedTo = 0;
  /** The last cause of silence; the ramp back still counts to it. */
  private silencedBy: MuteCause = 'operator';
  private readonly ramp: MuteRamp;

  constructor(rate: FrameRate) {
    this.ramp = new MuteRamp(Math.max(1, Math.round((RAMP_FRAMES * SAMPLE_RATE_HZ * rate.den) / rate.num)));
  }

  setBlank(on: boolean): void {
    this.blank = on;
  }

  setMute(on: boolean): void {
    this.muted = on;
  }

  setRisk(on: boolean): void {
    this.risk = on;
  }

  setHold(cause: HoldCause | undefined): void {
    this.hold = cause;
  }

  /** Drops the frames from `unreleased` to before `submitted`; returns how many are newly dropped. */
  dump(unreleased: number, submitted: number): number {
    const frames = submitted - Math.max(unreleased, this.dumpedTo);
    this.dumpedTo = submitted;
    return frames;
  }

  /** The cause of the slate for this frame. A dump has priority, then the operator. */
  slateFor(sequence: number): 'dumped' | 'operator' | 'risk' | HoldCause | undefined {
    if (sequence < this.dumpedTo) return 'dumped';
    if (this.blank) return 'operator';
    return this.risk ? 'risk' : this.hold;
  }

  /**
   * Applies mute to the sound of this frame, in place, at its release. Call it for every frame, in order. Returns why
   * any of it is quieter.
   */
  silence(sequence: number, audio: Float32Array, samples: number): MuteCause | undefined {
    if (sequence < this.dumpedTo) {
      this.silencedBy = 'dumped';
      this.ramp.cut();
    } else {
      if (this.muted) this.silencedBy = 'operator';
      else if (this.risk) this.silencedBy = 'risk';
      this.ramp.set(this.muted || this.risk);
    }
    if (!this.ramp.active) return undefined;
    this.ramp.apply(audio, samples);
    return this.silencedBy;
  }
}
