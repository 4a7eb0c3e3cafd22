// frame path
/**
 * Which video slot is due, and what to do when the loop comes too late.
 *
 * The problem: the operating system wakes a thread late, a tick takes too long, or the whole machine
 * sleeps. The demands conflict: viewers want every slot filled so that timestamps have no gap and sound
 * does not stop; after a long sleep nobody wants hundreds of stale frames in a burst.
 *
 * The rule: slot n is due at start + n·den/num (integer microseconds from counters, never accumulated).
 * Up to `MAX_CATCH_UP_MS` behind, every missed slot is made good at once by a repeat (the caller feeds
 * the same picture with its own sound). Further behind, the lost time is given up: the start moves
 * forward, media time goes on where it stood, and no timestamp gap is seen downstream.
 *
 * Numbers: 500 ms of catch-up is under the 1 s that RTMP servers and players buffer; a slot counts as
 * late once the next one is due.
 */
import { frameIndex, frameToMicroseconds, type FrameIndex, type FrameRate } from '../core/time.js';

export const MAX_CATCH_UP_MS = 500;

export class TickClock {
  /** Wall microseconds at which slot 0 was due; moves forward when lost time is given up. */
  private startUs: number;
  private nextSlot: number;
  /** Slots given up in sleeps longer than the catch-up bound, in microseconds. */
  private givenUpUs = 0;
  private readonly slotUs: number;

  /** @param firstSlot the slot that is due at `firstUs` */
  constructor(
    private readonly rate: FrameRate,
    firstUs: number,
    firstSlot: FrameIndex = frameIndex(0),
  ) {
    this.startUs = firstUs - frameToMicroseconds(firstSlot, rate);
    this.nextSlot = firstSlot;
    this.slotUs = Math.ceil((rate.den * 1_000_000) / rate.num);
  }

  /** The next slot to be filled. */
  get next(): FrameIndex {
    return frameIndex(this.nextSlot);
  }

  /** Total time that was given up, in milliseconds. */
  get givenUpMs(): number {
    return Math.round(this.givenUpUs / 1000);
  }

  /** When the next slot is due, in the microseconds of `nowUs`. */
  dueUs(): number {
    return this.startUs + frameToMicroseconds(frameIndex(this.nextSlot), this.rate);
  }

  /** How late `nowUs` is for the next slot; negative before it is due. */
  latenessUs(nowUs: number): number {
    return nowUs - this.dueUs();
  }

  /**
   * Number of slots behind the next one that are due as well and must be repeated first. Gives up what
   * lies beyond the catch-up bound.
   */
  missedSlots(nowUs: number): number {
    let late = this.latenessUs(nowUs);
    if (late > MAX_CATCH_UP_MS * 1000) {
      const giveUp = late - this.slotUs;
      this.startUs += giveUp;
      this.givenUpUs += giveUp;
      late = this.latenessUs(nowUs);
    }
    return late < this.slotUs ? 0 : Math.floor(late / this.slotUs);
  }

  /** The slot was filled. */
  advance(): void {
    this.nextSlot += 1;
  }
}
