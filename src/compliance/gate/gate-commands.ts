// frame path
import { type FrameRate, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { HoldCause, MuteCause } from '../../core/verdict.js';
import { MuteRamp } from './mute-ramp.js';

/** Frames in which sound goes and comes. */
const RAMP_FRAMES = 3;

/**
 * What a person, the risk score and the watches ask for, whatever the verdicts: the slate, silence, and that all that waits is dropped.
 *
 * It holds from the next frame that leaves, so that what is in the window is covered too. What is dropped leaves as the
 * slate and in silence, cut off without a ramp: not a sample of it is to be heard.
 */
export class GateCommands {
  private blank = false;
  private risk = false;
  private hold: HoldCause | undefined = undefined;
  private muted = false;
  /** Frames before this one were dumped. */
  private dumpedTo = 0;
  /** Who wanted silence last: the ramp on its way back is still theirs. */
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

  /** Drops the frames from `unreleased` to before `submitted`; returns how many of them were not dropped before. */
  dump(unreleased: number, submitted: number): number {
    const frames = submitted - Math.max(unreleased, this.dumpedTo);
    this.dumpedTo = submitted;
    return frames;
  }

  /** Who wants the slate in place of this frame; what was dropped is gone whatever else is wanted, then the operator comes first. */
  slateFor(sequence: number): 'dumped' | 'operator' | 'risk' | HoldCause | undefined {
    if (sequence < this.dumpedTo) return 'dumped';
    if (this.blank) return 'operator';
    return this.risk ? 'risk' : this.hold;
  }

  /**
   * Makes the sound of this frame as it leaves, in place. To be called for every frame, in order. Returns why any of it is
   * quieter now.
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
