/**
 * Makes the first frames of a show before its clock runs.
 *
 * Problem: the first frame is seen when a window of frames after it is drawn and judged, and the encoder has looked ahead
 * as far as it does: thirty slots, a second in which viewers of a room that was killed see nothing and the machine has
 * little to do. Demands: every frame is judged as it would be later; nobody is driven faster than he can go, for scans that
 * wait are joined, which costs frames their verdicts, and an encoder whose queue is full refuses pictures.
 * Rule: the next frame is made as soon as those before it are taken, and at the latest after a slot, as the clock would
 * have it. Then the clock begins with the slot after them. Window and encoder hold as many frames as ever, so that no
 * frame leaves a moment earlier or later after its own slot than it would have.
 * Numbers: on two cores thirty frames of the portrait demo take 0.4 s instead of 1.
 */
import { frameIndex, type FrameIndex } from '../../core/time.js';

export interface HeadStartOptions {
  /** How many frames are made ahead. */
  readonly frames: number;
  readonly slotMs: number;
  /** Frames before the next one have not been taken. */
  readonly busy: () => boolean;
  readonly step: (n: FrameIndex) => void;
  /** The clock may begin, with this slot. */
  readonly done: (next: FrameIndex) => void;
}

const LOOK_MS = 1;

export class HeadStart {
  private made = 0;
  private lastMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HeadStartOptions) {}

  begin(): void {
    this.timer ??= setTimeout(this.look, 0);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private readonly look = (): void => {
    const { frames, slotMs, busy, step, done } = this.options;
    if (this.made >= frames) {
      done(frameIndex(this.made));
      return;
    }
    const now = performance.now();
    if (now - this.lastMs >= slotMs || !busy()) {
      this.lastMs = now;
      step(frameIndex(this.made));
      this.made += 1;
    }
    this.timer = setTimeout(this.look, LOOK_MS);
  };
}

export interface HeadStartRoom {
  readonly lookAheadFrames: number;
  readonly windowFrames?: number;
  readonly encoderFrames?: number;
  readonly scene: { readonly layers: readonly { readonly clips: unknown }[] };
}

/**
 * How many frames a room makes ahead. None where a person's window is, whose seconds are for thinking; none where a clip is
 * shown, whose frames come at the pace of the show.
 */
export function framesAhead({ lookAheadFrames, windowFrames = 0, encoderFrames = 0, scene }: HeadStartRoom): number {
  if (windowFrames > lookAheadFrames || scene.layers.some(({ clips }) => clips !== null)) return 0;
  return lookAheadFrames + encoderFrames;
}
