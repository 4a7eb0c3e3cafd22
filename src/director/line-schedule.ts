import {
  frameIndex,
  frameToSample,
  millisecondsToFrames,
  sampleToFrame,
  sampleIndex,
  type FrameIndex,
  type FrameRate,
  type SampleIndex,
} from '../core/time.js';

/**
 * Schedules lines on the frame counter, one after another.
 *
 * Rule: a line's position depends only on the lengths of the previous lines, so that one seed gives one show. Only a
 * line that is ready too late (speaking took longer than the time available) moves: to `LEAD_MS` after now, the time
 * the loop needs to add its layers.
 */

/** Silence before the first line, so that receivers have joined when the presenter greets. */
export const FIRST_LINE_MS = 1000;
/** Added to the gap when the product changes, half before the change and half after. */
export const PRODUCT_CHANGE_MS = 700;
/** Minimum time between scheduling a line and its first frame. */
export const LEAD_MS = 400;

export interface LineSlot {
  readonly startFrame: FrameIndex;
  readonly startSample: SampleIndex;
  /** First frame after the last sample. */
  readonly endFrame: FrameIndex;
  /** When the product on screen changes, if it does. */
  readonly productFrame: FrameIndex | undefined;
  /** True when the line moved because it was ready too late. */
  readonly moved: boolean;
}

export class LineSchedule {
  private cursor: number;
  private product: string | null | undefined;

  constructor(
    private readonly rate: FrameRate,
    private readonly gapMs: number,
  ) {
    this.cursor = millisecondsToFrames(FIRST_LINE_MS, rate);
  }

  /** Frame at which the next line would begin if the product stays. */
  get nextFrame(): FrameIndex {
    return frameIndex(this.cursor);
  }

  /** A product is on screen without a line's doing. */
  showing(product: string | null): void {
    this.product = product;
  }

  /** Schedules a line of the given length; `now` is the frame being drawn. */
  place(
    line: { samples: number; product: string | null | undefined; pauseMs: number | undefined },
    now: FrameIndex,
  ): LineSlot {
    const changes = line.product !== undefined && line.product !== this.product;
    const first = this.product === undefined;
    const half = changes && !first ? millisecondsToFrames(PRODUCT_CHANGE_MS / 2, this.rate) : 0;
    const earliest = now + millisecondsToFrames(LEAD_MS, this.rate);
    const wanted = this.cursor + 2 * half;
    const start = Math.max(wanted, earliest + half);
    const startSample = frameToSample(frameIndex(start), this.rate);
    const end = sampleToFrame(sampleIndex(startSample + Math.max(1, line.samples) - 1), this.rate) + 1;
    if (line.product !== undefined) this.product = line.product;
    const pauseMs = line.pauseMs ?? this.gapMs;
    this.cursor = end + (pauseMs === 0 ? 0 : millisecondsToFrames(pauseMs, this.rate));
    return {
      startFrame: frameIndex(start),
      startSample,
      endFrame: frameIndex(end),
      productFrame: changes ? frameIndex(first ? 0 : start - half) : undefined,
      moved: start !== wanted,
    };
  }
}
