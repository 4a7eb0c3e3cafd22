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
const FIRST_LINE_MS = 1000;
/** Added to the gap when the product changes, half before the change and half after. */
const PRODUCT_CHANGE_MS = 700;
/** Minimum time between scheduling a line and its first frame. */
export const LEAD_MS = 400;

/** Where and how a line may begin. */
export interface PlaceOptions {
  /** Right after the previous line, not after the pause that the script wants there. */
  readonly early?: boolean;
  /** First frame that it may take, instead of the one `LEAD_MS` after now. */
  readonly earliest?: FrameIndex;
}

/** The state of a schedule, to return to when lines are taken back. */
export interface ScheduleMark {
  readonly cursor: number;
  readonly free: number;
}

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
  /** Where the script's next line begins if the product stays. */
  private cursor: number;
  /** Where a line that does not wait for the script's pause may begin. */
  private free: number;
  private product: string | null | undefined;
  /** No line begins before it, also after lines were taken back or cut. */
  private floor = 0;

  constructor(
    private readonly rate: FrameRate,
    /** Silence between lines. */
    public gapMs: number,
  ) {
    this.cursor = millisecondsToFrames(FIRST_LINE_MS, rate);
    this.free = this.cursor;
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
    { early = false, earliest = frameIndex(now + millisecondsToFrames(LEAD_MS, this.rate)) }: PlaceOptions = {},
  ): LineSlot {
    const changes = line.product !== undefined && line.product !== this.product;
    const first = this.product === undefined;
    const half = changes && !first ? millisecondsToFrames(PRODUCT_CHANGE_MS / 2, this.rate) : 0;
    const wanted = (early ? this.free : this.cursor) + 2 * half;
    const start = Math.max(wanted, earliest + half);
    const startSample = frameToSample(frameIndex(start), this.rate);
    const end = sampleToFrame(sampleIndex(startSample + Math.max(1, line.samples) - 1), this.rate) + 1;
    if (line.product !== undefined) this.product = line.product;
    const { pauseMs = this.gapMs } = line;
    this.free = end + this.framesOf(Math.min(this.gapMs, pauseMs));
    const next = end + this.framesOf(pauseMs);
    // A line in a pause of the script does not shorten it.
    this.cursor = early ? Math.max(this.cursor, next) : next;
    return {
      startFrame: frameIndex(start),
      startSample,
      endFrame: frameIndex(end),
      productFrame: changes ? frameIndex(first ? 0 : start - half) : undefined,
      moved: start !== wanted,
    };
  }

  mark(): ScheduleMark {
    return { cursor: this.cursor, free: this.free };
  }

  /** Returns to an earlier state. The product stays: it has been announced to the scene. */
  rewind({ cursor, free }: ScheduleMark): void {
    this.cursor = Math.max(cursor, this.floor);
    this.free = Math.max(free, this.floor);
  }

  /** The line on air ends at a frame: the next one may begin there. */
  endAt(frame: FrameIndex): void {
    this.cursor = Math.max(frame, this.floor);
    this.free = this.cursor;
  }

  /** The script's next line does not wait for a pause. */
  endPause(): void {
    this.cursor = this.free;
  }

  /** No line begins before that frame. */
  notBefore(frame: FrameIndex): void {
    this.cursor = Math.max(this.cursor, frame);
    this.free = Math.max(this.free, frame);
  }

  /** As `notBefore`, also when lines are taken back or cut later. */
  holdUntil(frame: FrameIndex): void {
    this.floor = frame;
    this.notBefore(frame);
  }

  private framesOf(ms: number): number {
    return ms === 0 ? 0 : millisecondsToFrames(ms, this.rate);
  }
}
