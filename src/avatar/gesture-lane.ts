// frame path
import type { FrameIndex, FrameRate } from '../core/time.js';
import { millisecondsToFrames } from '../core/time.js';
import { hash01 } from '../core/random.js';
import { TALKING, type GestureData } from './presenter-data.js';
import type { GestureName } from './presenter-pack.js';

/**
 * Gestures in time: calm down, in, hold (with its swing), out.
 *
 * Problem: cues may come in any number and overlap, while an arm has one position at a time and must never jump.
 * Rule: one gesture at a time. A cue during another gesture waits for its end, up to 1.2 s, and is dropped beyond that,
 * since a late gesture points at the wrong words. At most 24 wait. Gestures that no line asked for fill a line's pauses,
 * 1–4 s apart; they give way to a cue until they begin. No movement comes twice running within 20 s: a cue for the last one
 * gets a talking arm, with the eyes and the head of the gesture that was asked for.
 */
const CAPACITY = 24;
const CALM_MS = 170;
const MAX_LATE_MS = 1200;
const FIRST_AFTER_MS = 500;
const MIN_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 4000;
const REPEAT_MS = 20_000;
const KEY_TALK = 0x0700_0000;

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
  /** −1…1, eased: lean of the torso. */
  tilt = 0;
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
  private readonly pauseFrames: number;
  private readonly repeatFrames: number;
  /** The one scheduled last. */
  private last: GestureData | null = null;
  /** The one that ended last, and its end. */
  private past: GestureData | null = null;
  private pastEnd = -Infinity;
  /** The last requested frame. */
  private drawn = -1;

  constructor(
    private readonly gestures: readonly GestureData[],
    private readonly rate: FrameRate,
  ) {
    this.lateFrames = millisecondsToFrames(MAX_LATE_MS, rate);
    this.pauseFrames = millisecondsToFrames(MIN_PAUSE_MS, rate);
    this.repeatFrames = millisecondsToFrames(REPEAT_MS, rate);
    this.frameMs = (1000 * rate.den) / rate.num;
  }

  add(atFrame: FrameIndex, name: GestureName): void {
    const gesture = this.gestures.find((g) => g.name === name);
    if (gesture === undefined) return;
    const length = this.lengthOf(gesture);
    for (let i = this.count - 1; i >= 0; i -= 1) {
      const isFree = this.queue[i]!.name === TALKING && this.starts[i]! > this.drawn;
      if (isFree && this.starts[i]! < atFrame + length + this.pauseFrames && this.endOf(i) > atFrame) this.remove(i);
    }
    let start = this.freeFrom(atFrame, length);
    const before = this.beforeFrame(start);
    const shown = before === null || !isSame(before, gesture) ? gesture : this.variationOf(gesture);
    if (shown !== gesture) start = this.freeFrom(atFrame, this.lengthOf(shown));
    if (start - atFrame > this.lateFrames) return;
    this.insert(start, atFrame, shown);
  }

  /** The gesture that ends last before a frame, if that is not long ago. */
  private beforeFrame(start: number): GestureData | null {
    let before = this.past;
    let end = this.pastEnd;
    for (let i = 0; i < this.count && this.starts[i]! < start; i += 1) {
      before = this.queue[i]!;
      end = this.endOf(i);
    }
    return start - end > this.repeatFrames ? null : before;
  }

  /** A talking gesture of the same arm, else of any, that looks where this one does. */
  private variationOf(gesture: GestureData): GestureData {
    const side = gesture.right === null ? 'left' : 'right';
    if (gesture[side] === null) return gesture;
    const own = this.gestures.filter((g) => g.name === TALKING);
    const arms = own.find((g) => g[side] !== null) ?? own[0];
    return arms === undefined
      ? gesture
      : { ...arms, gaze: gesture.gaze, lean: gesture.lean, brows: gesture.brows, name: gesture.name };
  }

  /** Fills a line, whose frames are [from, to), with gestures that no one asked for. */
  fill(from: FrameIndex, to: FrameIndex, seed: number): void {
    const own = this.gestures.filter((g) => g.name === TALKING);
    if (own.length === 0) return;
    const perMs = this.rate.num / (1000 * this.rate.den);
    let at = from + Math.round((FIRST_AFTER_MS + 500 * hash01(seed, KEY_TALK + from)) * perMs);
    for (;;) {
      const others = own.filter((g) => this.last === null || !isSame(g, this.last) || own.length === 1);
      const gesture = others[Math.floor(hash01(seed, KEY_TALK + 2 * at + 1) * others.length)]!;
      const length = this.lengthOf(gesture);
      if (at + length > to + this.lateFrames) return;
      const start = this.freeFrom(at, length + this.pauseFrames);
      if (start === at) this.insert(at, at, gesture);
      const pause = MIN_PAUSE_MS + (MAX_PAUSE_MS - MIN_PAUSE_MS) * hash01(seed, KEY_TALK + 2 * at);
      at = start === at ? at + length + Math.round(pause * perMs) : start + this.pauseFrames;
    }
  }

  /** Drops the gestures of a line that are asked for in [from, to), unless they have begun: an arm never jumps. */
  cancel(from: FrameIndex, to: FrameIndex = (from + 1) as FrameIndex): void {
    for (let i = this.count - 1; i >= 0; i -= 1)
      if (this.cues[i]! >= from && this.cues[i]! < to && this.starts[i]! > this.drawn) this.remove(i);
  }

  private insert(start: number, cue: number, gesture: GestureData): void {
    if (this.count === CAPACITY) return;
    let i = this.count;
    for (; i > 0 && this.starts[i - 1]! > start; i -= 1) {
      this.starts[i] = this.starts[i - 1]!;
      this.cues[i] = this.cues[i - 1]!;
      this.queue[i] = this.queue[i - 1]!;
    }
    this.starts[i] = start;
    this.cues[i] = cue;
    this.queue[i] = gesture;
    this.count += 1;
    this.last = gesture;
  }

  private endOf(i: number): number {
    return this.starts[i]! + this.lengthOf(this.queue[i]!);
  }

  /** The first frame from `at` on with room for that many. */
  private freeFrom(at: number, length: number): number {
    let start = at;
    for (let i = 0; i < this.count; i += 1)
      if (this.starts[i]! < start + length && this.endOf(i) > start) start = this.endOf(i);
    return start;
  }

  at(n: FrameIndex): void {
    this.drawn = n;
    while (this.count > 0 && this.endOf(0) <= n) {
      this.past = this.queue[0]!;
      this.pastEnd = this.endOf(0);
      this.remove(0);
    }
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
    this.tilt = 0;
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
    this.tilt = g.tilt * this.poseWeight;
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

/** Whether two gestures are the same movement. */
const isSame = (a: GestureData, b: GestureData): boolean =>
  a.right === b.right && a.left === b.left && a.nods === b.nods;
const clamp = (t: number): number => (t < 0 ? 0 : t > 1 ? 1 : t);
const smooth = (t: number): number => {
  const c = clamp(t);
  return c * c * (3 - 2 * c);
};
const outAtOf = (g: GestureData): number => g.inMs + g.holdMs + g.outMs;
