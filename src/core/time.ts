/**
 * Time as counters, never as a clock reading.
 *
 * Frame n is at n·den/num seconds and sample k at k/48000 seconds. Every other unit is derived from one of the two by
 * integer arithmetic, so nothing drifts however long a room is on air. All packet timestamps use a 90 kHz timebase
 * (ISO/IEC 13818-1), in which one 1024-sample AAC frame (1920), one 960-sample Opus frame (1800) and one frame at 25,
 * 29.97, 30, 50 or 60 fps are whole numbers.
 */

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `30s`, `5m`, `2h` or `7d` in milliseconds; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const parts = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(text.trim());
  return parts === null ? undefined : Number(parts[1]) * UNIT_MS[parts[2]!]!;
}

declare const brand: unique symbol;
type Branded<T extends string> = number & { readonly [brand]: T };

/** Number of a video frame since the room went on air; frame 0 is the first. */
export type FrameIndex = Branded<'FrameIndex'>;
/** Number of an audio sample (per channel) at 48 kHz since the room went on air. */
export type SampleIndex = Branded<'SampleIndex'>;
/** 90 kHz ticks since the room went on air; a plain integer that does not wrap. */
export type Ticks90k = Branded<'Ticks90k'>;
/** Whole milliseconds. */
type Milliseconds = Branded<'Milliseconds'>;
/** Whole microseconds. */
type Microseconds = Branded<'Microseconds'>;

export const frameIndex = (n: number): FrameIndex => n as FrameIndex;
export const sampleIndex = (n: number): SampleIndex => n as SampleIndex;
export const ticks90k = (n: number): Ticks90k => n as Ticks90k;

export const SAMPLE_RATE_HZ = 48_000;
export const TICKS_PER_SECOND = 90_000;

/** Frames per second as a fraction: 30/1, 30000/1001. */
export interface FrameRate {
  readonly num: number;
  readonly den: number;
}

/** floor(n · den · scale / num) within the range of safe integers. */
function scaleFrames(n: number, rate: FrameRate, scale: number): number {
  const whole = Math.floor(n / rate.num);
  const rest = n - whole * rate.num;
  return whole * rate.den * scale + Math.floor((rest * rate.den * scale) / rate.num);
}

/** First sample of frame n. */
export const frameToSample = (n: FrameIndex, rate: FrameRate): SampleIndex =>
  scaleFrames(n, rate, SAMPLE_RATE_HZ) as SampleIndex;
/** Presentation time of frame n in 90 kHz ticks. */
export const frameToTicks = (n: FrameIndex, rate: FrameRate): Ticks90k =>
  scaleFrames(n, rate, TICKS_PER_SECOND) as Ticks90k;
/** Presentation time of frame n in microseconds. */
export const frameToMicroseconds = (n: FrameIndex, rate: FrameRate): Microseconds =>
  scaleFrames(n, rate, 1_000_000) as Microseconds;

/** The frame on screen at sample k: the greatest n with frameToSample(n) ≤ k. */
export function sampleToFrame(k: SampleIndex, rate: FrameRate): FrameIndex {
  let n = Math.floor((k * rate.num) / (rate.den * SAMPLE_RATE_HZ));
  while (frameToSample(frameIndex(n + 1), rate) <= k) n += 1;
  while (n > 0 && frameToSample(frameIndex(n), rate) > k) n -= 1;
  return n as FrameIndex;
}

/** Sample k in 90 kHz ticks (exact whenever k is a multiple of 8). */
export const sampleToTicks = (k: SampleIndex): Ticks90k => Math.floor((k * 15) / 8) as Ticks90k;
/** 90 kHz ticks in whole milliseconds, rounded down. */
export const ticksToMilliseconds = (t: Ticks90k): Milliseconds => Math.floor(t / 90) as Milliseconds;
/** Duration of a number of frames in milliseconds; negative for past frames. */
export const framesToMilliseconds = (frames: number, rate: FrameRate): number => (frames * rate.den * 1000) / rate.num;
/** The number of frames that cover the given time, at least one. */
export const millisecondsToFrames = (ms: number, rate: FrameRate): number =>
  Math.max(1, Math.round((ms * rate.num) / (rate.den * 1000)));
