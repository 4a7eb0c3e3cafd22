import { NEVER } from '../compiled-layer.js';
import type { Layer } from '../../config/sections/layer.js';
import { millisecondsToFrames, type FrameRate } from '../../core/time.js';
import type { BuiltCountdown } from '../layers/build-context.js';

/** Without a clock of the day, a countdown to an instant shows its last ten minutes. */
export const OFFLINE_LEFT_MS = 600_000;

/** The time of day beside the frame clock. */
export interface DayClock {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** The frame being drawn now. */
  readonly frame: () => number;
}

/**
 * Frames at which countdowns end.
 *
 * Problem: an offer ends at a time of day, the show runs on its frame counter, and both drift apart by a late start or
 * a corrected clock. A countdown over a duration must not start again when its product is shown once more.
 * Rule: an instant is converted with both clocks, again on each `retimes()`; a duration counts from the first frame its
 * layer was shown.
 */
export class CountdownEnds {
  private readonly begun = new WeakMap<Layer, number>();
  private readonly fromStart = new Map<number, number>();

  constructor(
    private readonly rate: FrameRate,
    private readonly clock?: DayClock,
  ) {}

  millisecondsUntil(epochMs: number): number {
    return this.clock === undefined ? OFFLINE_LEFT_MS : Math.max(0, epochMs - this.clock.nowMs());
  }

  /** First frame after the last second of a layer that is shown from `atFrame` on; NEVER for other layers. */
  of(layer: Layer, countdown: BuiltCountdown | undefined, atFrame: number): number {
    if (countdown === undefined) return NEVER;
    if (countdown.endsAtMs !== undefined) return this.frameOf(countdown.endsAtMs, atFrame);
    const known = this.begun.get(layer);
    if (known !== undefined) return known;
    const end = atFrame + millisecondsToFrames(countdown.durationMs ?? 0, this.rate);
    this.begun.set(layer, end);
    return end;
  }

  /** The frame of an instant, by the clocks as they are now. */
  frameOf(epochMs: number, atFrame: number): number {
    const { clock, rate } = this;
    if (clock === undefined) {
      const known = this.fromStart.get(epochMs);
      if (known !== undefined) return known;
      const end = atFrame + millisecondsToFrames(OFFLINE_LEFT_MS, rate);
      this.fromStart.set(epochMs, end);
      return end;
    }
    const leftMs = epochMs - clock.nowMs();
    return Math.max(0, clock.frame() + Math.round((leftMs * rate.num) / (rate.den * 1000)));
  }
}
