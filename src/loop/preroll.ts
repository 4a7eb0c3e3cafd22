/**
 * Preroll: makes the first frames of a show before its clock runs.
 *
 * Problem: a frame leaves one look-ahead window after it is drawn, plus the encoder's look-ahead: thirty slots. During
 * that second viewers of a restarted room see nothing while the machine is idle. Every frame must be judged as usual.
 * Nothing may be overrun: coalesced scans cost frames their verdicts, a full encoder queue refuses pictures, and clips
 * are read from files.
 * Rule: the next frame is made as soon as the previous ones are accepted and its clips are read. When every frame is
 * entirely new (film of noise), this takes longer than the slots, but no frame is late. The clock begins with the slot
 * after the preroll, at the latest after twice its duration. Window and encoder hold as many frames as without
 * preroll, so that every frame leaves at the same delay after its slot.
 */
import { frameIndex, type FrameIndex } from '../core/time.js';

export interface HeadStartOptions {
  /** Number of frames made ahead. */
  readonly frames: number;
  readonly slotMs: number;
  /** Previous frames are not accepted yet, or this frame's clips are not read. */
  readonly busy: (n: FrameIndex) => boolean;
  readonly step: (n: FrameIndex) => void;
  /** The clock may begin with this slot. */
  readonly done: (next: FrameIndex) => void;
}

const STEP_MS = 1;
/** Maximum duration of the preroll, as a factor of its slots. */
const LONGEST = 2;

export class Preroll {
  private made = 0;
  private beganMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HeadStartOptions) {}

  begin(): void {
    if (this.timer !== undefined) return;
    this.beganMs = performance.now();
    this.timer = setTimeout(this.step, 0);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private readonly step = (): void => {
    const { frames, slotMs, busy, step, done } = this.options;
    if (this.made >= frames || performance.now() - this.beganMs > LONGEST * frames * slotMs) {
      done(frameIndex(this.made));
      return;
    }
    const n = frameIndex(this.made);
    if (!busy(n)) {
      step(n);
      this.made += 1;
    }
    this.timer = setTimeout(this.step, STEP_MS);
  };
}

export interface HeadStartRoom {
  readonly lookAheadFrames: number;
  readonly windowFrames?: number;
  readonly encoderFrames?: number;
}

/** Number of preroll frames. None with a dump window, whose seconds are for people to react. */
export function framesAhead({ lookAheadFrames, windowFrames = 0, encoderFrames = 0 }: HeadStartRoom): number {
  return windowFrames > lookAheadFrames ? 0 : lookAheadFrames + encoderFrames;
}
