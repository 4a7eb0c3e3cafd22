// frame path
import type { FrameIndex, FrameRate } from '../core/time.js';
import { millisecondsToFrames } from '../core/time.js';
import type { GestureData } from './presenter-data.js';
import type { GestureName } from './presenter-pack.js';

/**
 * Gestures in time: calm down, in, hold (with its swing), out.
 *
 * Problem: cues may come in any number and overlap, while an arm has one position at a time and must never jump.
 * Rule: one gesture at a time. A cue during another gesture waits for its end, up to 1.2 s, and is dropped beyond that,
 * since a late gesture points at the wrong words. At most eight wait.
 */
const CAPACITY = 8;
const CALM_MS = 170;
const MAX_LATE_MS = 1200;

export class GestureLane {
  /** The gesture at the last requested frame, null when the arms are idle. */
  current: GestureData | null = null;
  /** 0–1: how far breathing is held. */
  weight = 0;
  /** 0–1: how far the arm is from idle (linear in time; the drawn steps are eased). */
  progress = 0;
  /** 0–1, eased: how far face and lean follow. */
  poseWeight = 0;
  holding = false;
  /** −1…1 within the hold. */
  swing = 0;
  /** 0–1: depth of a nod. */
  nod = 0;
  lean = 0;
  leanWeight = 0;
  gaze = 0;
  brows = 0;
  /** Time since the gesture began; negative when there is none. */
  ageMs = -1;

  private readonly starts = new Float64Array(CAPACITY);
  /** The frames for which they were asked. */
  private readonly cues = new Float64Array(CAPACITY);
  private readonly queue: (GestureData | null)[] = Array.from({ length: CAPACITY }, () => null);
  private count = 0;
  private readonly lateFrames: number;
  private readonly frameMs: number;
  /** First frame without any scheduled gesture. */
  private freeFrom = -Infinity;
  /** The last requested frame. */
  private drawn = -1;

  constructor(
    private readonly gestures: readonly GestureData[],
    private readonly rate: FrameRate,
  ) {
    this.lateFrames = millisecondsToFrames(MAX_LATE_MS, rate);
    this.frameMs = (1000 * rate.den) / rate.num;
  }

  add(atFrame: FrameIndex, name: GestureName): void {
    if (this.count === CAPACITY) return;
    let gesture: GestureData | undefined;
    for (const g of this.gestures) if (g.name === name) gesture = g;
    if (gesture === undefined) return;
    const start = Math.max(atFrame, this.freeFrom);
    if (start - atFrame > this.lateFrames) return;
    this.starts[this.count] = start;
    this.cues[this.count] = atFrame;
    this.queue[this.count] = gesture;
    this.count += 1;
    this.freeFrom = start + this.lengthOf(gesture);
  }

  /** Drops the gesture asked for that frame, unless it has begun: an arm never jumps. */
  cancel(atFrame: FrameIndex): void {
    for (let i = this.count - 1; i >= 0; i -= 1) {
      if (this.cues[i] !== atFrame || this.starts[i]! <= this.drawn) continue;
      this.remove(i);
      const last = this.count - 1;
      this.freeFrom = last < 0 ? -Infinity : this.starts[last]! + this.lengthOf(this.queue[last]!);
    }
  }

  at(n: FrameIndex): void {
    this.drawn = n;
    while (this.count > 0 && this.starts[0]! + this.lengthOf(this.queue[0]!) <= n) this.remove(0);
    const g = this.count > 0 && this.starts[0]! <= n ? this.queue[0]! : null;
    this.current = g;
    this.weight = 0;
    this.progress = 0;
    this.poseWeight = 0;
    this.holding = false;
    this.swing = 0;
    this.nod = 0;
    this.lean = 0;
    this.leanWeight = 0;
    this.gaze = 0;
    this.brows = 0;
    this.ageMs = -1;
    if (g === null) return;
    const age = (n - this.starts[0]!) * this.frameMs;
    this.ageMs = age;
    const t = age - CALM_MS;
    const outAt = g.inMs + g.holdMs;
    const total = CALM_MS + outAt + g.outMs + CALM_MS;
    this.weight = smooth(age / CALM_MS) * smooth((total - age) / CALM_MS);
    this.progress = clamp(Math.min(t / g.inMs, 1 - (t - outAt) / g.outMs));
    this.poseWeight = smooth(this.progress);
    this.gaze = g.gaze;
    this.brows = g.brows;
    if (t >= g.inMs && t < outAt) {
      this.holding = true;
      // The swing starts and ends in the middle, so in and out join it without a jump.
      this.swing = Math.sin(((t - g.inMs) / g.holdMs) * g.beats * 2 * Math.PI);
    }
    if (g.nods > 0) {
      // The head centres first; every nod is a half wave, each shallower than the last.
      this.leanWeight = smooth(age / CALM_MS) * smooth((total - age) / CALM_MS);
      const wave = (clamp(t / outAtOf(g)) * g.nods) % 1;
      const which = Math.min(g.nods - 1, Math.floor(clamp(t / outAtOf(g)) * g.nods));
      this.nod = t <= 0 || t >= outAtOf(g) ? 0 : Math.sin(wave * Math.PI) * (1 - 0.3 * which);
      return;
    }
    this.lean = g.lean;
    this.leanWeight = g.lean === 0 ? 0 : this.poseWeight;
  }

  private lengthOf(g: GestureData): number {
    return millisecondsToFrames(2 * CALM_MS + g.inMs + g.holdMs + g.outMs, this.rate);
  }

  private remove(at: number): void {
    for (let i = at + 1; i < this.count; i += 1) {
      this.starts[i - 1] = this.starts[i]!;
      this.cues[i - 1] = this.cues[i]!;
      this.queue[i - 1] = this.queue[i]!;
    }
    this.count -= 1;
    this.queue[this.count] = null;
  }
}

const clamp = (t: number): number => (t < 0 ? 0 : t > 1 ? 1 : t);
const smooth = (t: number): number => {
  const c = clamp(t);
  return c * c * (3 - 2 * c);
};
const outAtOf = (g: GestureData): number => g.inMs + g.holdMs + g.outMs;
