// frame path
import { type FrameRate, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { HoldCause, MuteCause } from '../../core/verdict.js';
import { MuteRamp } from './mute-ramp.js';

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
