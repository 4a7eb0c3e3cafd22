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
 * Puts lines on the frame counter, one after another.
 *
 * The place of a line follows from the lengths of those before it and nothing else, so that one seed
 * gives one show. Only a line that is ready too late (its speech took longer than the air it had) moves: to
 * `LEAD_MS` after now, which is what the loop needs to take its layers in.
 */

/** Silence before the first line, so that a receiver has joined when the presenter greets. */
export const FIRST_LINE_MS = 1000;
/** What is added to the gap when another product comes up, half before the change and half after. */
export const PRODUCT_CHANGE_MS = 700;
/** The least time between planning a line and its first frame. */
export const LEAD_MS = 400;

export interface LineSlot {
  readonly startFrame: FrameIndex;
  readonly startSample: SampleIndex;
  /** First frame after the last sample. */
  readonly endFrame: FrameIndex;
  /** When the product on screen changes, if it does. */
  readonly productFrame: FrameIndex | undefined;
  /** True when the line had to be moved because it was ready too late. */
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

  /** Frame at which the next line would begin, without a change of product. */
  get nextFrame(): FrameIndex {
    return frameIndex(this.cursor);
  }

  /** Places a line of the given length; `now` is the frame being drawn. */
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
