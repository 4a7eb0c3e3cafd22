/**
 * Makes the first frames of a show before its clock runs.
 *
 * Problem: the first frame is seen when a window of frames after it is drawn and judged, and the encoder has looked ahead
 * as far as it does: thirty slots, a second in which viewers of a room that was killed see nothing and the machine has
 * little to do. Demands: every frame is judged as it would be later; nobody is driven faster than he can go, for scans that
 * wait are joined, which costs frames their verdicts, an encoder whose queue is full refuses pictures, and clips are read from files.
 * Rule: the next frame is made as soon as those before it are taken and its clips are read. Where all of the picture is new
 * in each frame (a film of noise) that takes longer than its slots, but none is late. Then the clock begins with the slot after them; at the
 * latest after twice the time in which it would have made them, for what hangs is the clock's business. Window and encoder hold as many frames as ever, so that no
 * frame leaves a moment earlier or later after its own slot than it would have.
 * Numbers: on two cores thirty frames of the portrait demo take 0.4 s instead of 1.
 */
import { frameIndex, type FrameIndex } from '../../core/time.js';

export interface HeadStartOptions {
  /** How many frames are made ahead. */
  readonly frames: number;
  readonly slotMs: number;
  /** Frames before this one have not been taken, or it cannot be drawn yet. */
  readonly busy: (n: FrameIndex) => boolean;
  readonly step: (n: FrameIndex) => void;
  /** The clock may begin, with this slot. */
  readonly done: (next: FrameIndex) => void;
}

const LOOK_MS = 1;
/** Times the slots of the frames. */
const LONGEST = 2;

export class Preroll {
  private made = 0;
  private beganMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HeadStartOptions) {}

  begin(): void {
    if (this.timer !== undefined) return;
    this.beganMs = performance.now();
    this.timer = setTimeout(this.look, 0);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private readonly look = (): void => {
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
    this.timer = setTimeout(this.look, LOOK_MS);
  };
}

export interface HeadStartRoom {
  readonly lookAheadFrames: number;
  readonly windowFrames?: number;
  readonly encoderFrames?: number;
}

/** How many frames a room makes ahead. None where a person's window is, whose seconds are for thinking. */
export function framesAhead({ lookAheadFrames, windowFrames = 0, encoderFrames = 0 }: HeadStartRoom): number {
  return windowFrames > lookAheadFrames ? 0 : lookAheadFrames + encoderFrames;
}
