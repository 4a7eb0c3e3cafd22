// frame path
/**
 * Decides which video slot is due, and how to catch up when the loop is late.
 *
 * Problem: the operating system wakes a thread late, a tick takes too long, or the whole machine sleeps. Viewers need
 * every slot filled, so that timestamps have no gap and sound does not stop; after a long sleep nobody wants a burst
 * of hundreds of stale frames.
 * Rule: slot n is due at start + n·den/num (integer microseconds from counters, never accumulated). Up to
 * `MAX_CATCH_UP_MS` behind, every missed slot is filled at once by a repeat (the same picture with its own sound).
 * Beyond that the lost time is skipped: the start moves forward, media time continues from its last value, and no
 * timestamp gap is visible downstream.
 * Numbers: 500 ms of catch-up is below the 1 s that RTMP servers and players buffer; a slot counts as late once the
 * next one is due.
 */
import { frameIndex, type FrameIndex, type FrameRate, frameToMicroseconds } from '../core/time.js';

/** Why a slot was late. Refused frames are counted as `encode` elsewhere. */
type LateCause = 'lateRender' | 'lateScan' | 'lateStall';

/**
 * The cause of a late tick, from the stage times of the previous tick in milliseconds. A previous tick of less than
 * half a slot did not cause the delay: the thread did not get the CPU in time (stall).
 */
export function lateCause(slotMs: number, renderMs: number, scanMs: number): LateCause {
  if (renderMs + scanMs < slotMs / 2) return 'lateStall';
  return renderMs >= scanMs ? 'lateRender' : 'lateScan';
}

export const MAX_CATCH_UP_MS = 500;

export class TickClock {
  /** Wall microseconds at which slot 0 was due; moves forward when lost time is skipped. */
  private startUs: number;
  private nextSlot: number;
  /** Time skipped in sleeps longer than the catch-up limit, in microseconds. */
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

  /** The next slot to fill. */
  get next(): FrameIndex {
    return frameIndex(this.nextSlot);
  }

  /** Total skipped time, in milliseconds. */
  get givenUpMs(): number {
    return Math.round(this.givenUpUs / 1000);
  }

  /** Due time of the next slot, in the microseconds of `nowUs`. */
  dueUs(): number {
    return this.startUs + frameToMicroseconds(frameIndex(this.nextSlot), this.rate);
  }

  /** Delay of `nowUs` after the next slot's due time; negative before it. */
  latenessUs(nowUs: number): number {
    return nowUs - this.dueUs();
  }

  /**
   * Number of further slots that are due as well and must be repeated first. Skips the time beyond the catch-up limit.
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

  /** Marks the slot as filled. */
  advance(): void {
    this.nextSlot += 1;
  }
}
