import { framesToMilliseconds, type FrameRate } from '../../core/time.js';

/** Share of the distance by which the zero moves up at each look: the clocks of machine and show drift apart slowly. */
const LEAK = 0.02;
/** A frame counter further off than this many frames has jumped, or stands still. */
const MAX_OFF_FRAMES = 1.5;

/**
 * The time of the show's frames by this machine's clock.
 *
 * Problem: the frame counter moves in steps of a frame, and stands still before the show begins; sound placed by it would tremble
 * by a frame.
 * Rule: right after a step the counter is exact, so the earliest of the times that it gives for frame 0 counts.
 */
export class ShowClock {
  private zeroMs = Infinity;
  private readonly frameMs: number;

  constructor(
    private readonly rate: FrameRate,
    /** The frame that is being drawn. */
    private readonly frame: () => number,
  ) {
    this.frameMs = framesToMilliseconds(1, rate);
  }

  /** Called some fifty times a second. */
  look(nowMs: number): void {
    const zeroMs = nowMs - framesToMilliseconds(this.frame(), this.rate);
    const off = zeroMs - this.zeroMs;
    if (!(Math.abs(off) <= MAX_OFF_FRAMES * this.frameMs)) this.zeroMs = zeroMs;
    else this.zeroMs += off < 0 ? off : off * LEAK;
  }

  /** When a frame is drawn; Infinity before the first look. */
  atMs(frame: number): number {
    return this.zeroMs + framesToMilliseconds(frame, this.rate);
  }
}
