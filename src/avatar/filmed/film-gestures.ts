// frame path
import { millisecondsToFrames, type FrameIndex, type FrameRate } from '../../core/time.js';
import type { GestureName } from '../../cast/pack-voices.js';
import type { FilmData, FilmGesture } from './film-data.js';
import { filmStep, loopFrame } from './loop-order.js';

/**
 * Gestures of a film: parts of it, cross-faded in and out.
 *
 * Problem: a gesture begins in the pose in which it was filmed, while the loop is anywhere.
 * Rule: it begins within 0.8 s of its cue, at the frame whose head is nearest to its first one, and ends up to 0.3 s early
 * where the loop comes near. A cross-fade of two heads that are apart would show both, so then it is short. One at a time; a cue during
 * another waits up to 1.2 s and is dropped beyond that. At most eight wait.
 */
const CAPACITY = 8;
const MAX_WAIT_MS = 800;
const MAX_EARLY_MS = 300;
const MAX_LATE_MS = 1200;
const FADE_MS = 230;
/** Heads farther apart than this are joined within two frames. */
const APART_PX = 10;
const SHORT_FADE_FRAMES = 1;
/** What a frame of delay may cost in pixels of distance. */
const PX_PER_FRAME = 0.25;

export class FilmGestures {
  /** The frame of the film at the last requested frame, −1 without a gesture. */
  frame = -1;
  /** 0–256: how much of it is seen. */
  weight = 0;

  private readonly starts = new Float64Array(CAPACITY);
  private readonly ends = new Float64Array(CAPACITY);
  private readonly cues = new Float64Array(CAPACITY);
  /** Frames of the fades in and out. */
  private readonly fadesIn = new Float64Array(CAPACITY);
  private readonly fadesOut = new Float64Array(CAPACITY);
  private readonly queue: (FilmGesture | null)[] = Array.from({ length: CAPACITY }, () => null);
  private count = 0;
  private readonly step: FrameRate;
  private readonly fade: number;
  private readonly wait: number;
  private readonly early: number;
  private readonly lateFrames: number;
  private freeFrom = -Infinity;
  private drawn = -1;

  constructor(
    private readonly film: FilmData,
    rate: FrameRate,
    private readonly offset: number,
  ) {
    this.step = filmStep(film.rate, rate);
    this.fade = Math.max(1, millisecondsToFrames(FADE_MS, rate));
    this.wait = millisecondsToFrames(MAX_WAIT_MS, rate);
    this.early = millisecondsToFrames(MAX_EARLY_MS, rate);
    this.lateFrames = millisecondsToFrames(MAX_LATE_MS, rate);
  }

  add(atFrame: FrameIndex, name: GestureName): void {
    if (this.count === CAPACITY) return;
    let gesture: FilmGesture | null = null;
    for (const one of this.film.gestures) if (one.name === name) gesture = one;
    if (gesture === null) return;
    const earliest = Math.max(atFrame, this.freeFrom);
    if (earliest - atFrame > this.lateFrames) return;
    const start = this.entry(earliest, gesture.from);
    const whole = Math.max(1, Math.floor(((gesture.to - gesture.from) * this.step.den) / this.step.num));
    const length = this.exit(start, whole, gesture);
    const fadeOf = (n: number, frame: number): number =>
      this.distance(n, frame) > APART_PX ? SHORT_FADE_FRAMES : this.fade;
    this.fadesIn[this.count] = fadeOf(start, gesture.from);
    this.fadesOut[this.count] = fadeOf(start + length, this.frameAt(gesture, length - 1));
    this.starts[this.count] = start;
    this.ends[this.count] = start + length;
    this.cues[this.count] = atFrame;
    this.queue[this.count] = gesture;
    this.count += 1;
    this.freeFrom = start + length;
  }

  /** Drops the gesture asked for that frame, unless it has begun. */
  cancel(atFrame: FrameIndex): void {
    for (let i = this.count - 1; i >= 0; i -= 1) {
      if (this.cues[i] !== atFrame || this.starts[i]! <= this.drawn) continue;
      this.remove(i);
      this.freeFrom = this.count === 0 ? -Infinity : this.ends[this.count - 1]!;
    }
  }

  /** For the frame that is drawn; earlier gestures are forgotten. */
  at(n: FrameIndex): void {
    this.drawn = n;
    while (this.count > 0 && this.ends[0]! <= n) this.remove(0);
    this.peek(n);
  }

  /** For any frame from the drawn one on. */
  peek(n: number): void {
    this.frame = -1;
    this.weight = 0;
    for (let i = 0; i < this.count; i += 1) {
      const start = this.starts[i]!;
      const end = this.ends[i]!;
      if (n < start || n >= end) continue;
      const gesture = this.queue[i]!;
      this.frame = this.frameAt(gesture, n - start);
      const inside = Math.min((n - start + 1) / (this.fadesIn[i]! + 1), (end - n) / (this.fadesOut[i]! + 1));
      const t = inside > 1 ? 1 : inside;
      this.weight = Math.round(256 * t * t * (3 - 2 * t));
    }
  }

  /** The frame near `from` at which the loop looks most like the gesture's first frame. */
  private entry(from: number, first: number): number {
    let best = from;
    let least = Infinity;
    for (let n = from; n <= from + this.wait; n += 1) {
      const cost = this.distance(n, first) + (n - from) * PX_PER_FRAME;
      if (cost >= least) continue;
      least = cost;
      best = n;
    }
    return best;
  }

  /** The length at which its head is nearest to the loop's. */
  private exit(start: number, whole: number, gesture: FilmGesture): number {
    let best = whole;
    let least = Infinity;
    for (let length = whole; length > Math.max(whole / 2, whole - this.early); length -= 1) {
      const cost = this.distance(start + length, this.frameAt(gesture, length - 1)) + (whole - length) * PX_PER_FRAME;
      if (cost >= least) continue;
      least = cost;
      best = length;
    }
    return best;
  }

  private frameAt(gesture: FilmGesture, played: number): number {
    return Math.min(gesture.to - 1, gesture.from + Math.floor((played * this.step.num) / this.step.den));
  }

  /** Pixels between the head of the loop in frame n of the room and that in a frame of the film. */
  private distance(n: number, frame: number): number {
    const { poses, loopFrom, loopTo } = this.film;
    const i = loopFrame(Math.floor((n * this.step.num) / this.step.den) + this.offset, loopFrom, loopTo);
    const dx = poses[i * 6 + 4]! - poses[frame * 6 + 4]!;
    const dy = poses[i * 6 + 5]! - poses[frame * 6 + 5]!;
    return Math.sqrt(dx * dx + dy * dy);
  }

  private remove(at: number): void {
    for (let i = at + 1; i < this.count; i += 1) {
      this.starts[i - 1] = this.starts[i]!;
      this.ends[i - 1] = this.ends[i]!;
      this.cues[i - 1] = this.cues[i]!;
      this.fadesIn[i - 1] = this.fadesIn[i]!;
      this.fadesOut[i - 1] = this.fadesOut[i]!;
      this.queue[i - 1] = this.queue[i]!;
    }
    this.count -= 1;
    this.queue[this.count] = null;
  }
}
