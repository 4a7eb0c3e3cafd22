// frame path
import type { Acting } from '../../core/speech.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import { smileOfAge } from '../motion.js';

/**
 * What a presenter does beside its mouth: nods on stressed words, listens while a comment is up, reads it, smiles after
 * a question.
 *
 * Problem: a nod is drawn with the head in the middle, so it must not come while the head is tilted.
 * Rule: the head calms down a quarter of a second before a nod and takes up its sway after it.
 */
const CAPACITY = 8;
const CALM_BEFORE_MS = 280;
const NOD_MS = 380;
const CALM_AFTER_MS = 240;
/** Depth of an emphasis nod, of a nod on cue. */
const DEPTH = 0.6;
const LISTEN_RAMP_MS = 320;
const READ_NEW_MS = 1200;

export class ActingLane {
  /** 0–1: depth of a nod. */
  nod = 0;
  /** 0–1: how far the sway is held back for a nod. */
  calm = 0;
  /** 0–1: how far the presenter listens. */
  listen = 0;
  /** 0–1: how far a comment on the picture is listened to by somebody who does not speak. */
  hears = 0;
  /** The comment on the picture is new: somebody who does not speak reads it. */
  isNew = false;
  /** The eyes are on the comment. */
  reads = false;
  smile: 0 | 1 | 2 = 0;

  private readonly starts = new Float64Array(CAPACITY);
  private readonly ends = new Float64Array(CAPACITY);
  private readonly acts: (Acting | null)[] = Array.from({ length: CAPACITY }, () => null);
  private count = 0;
  private hearFrom = 0;
  private hearFrames = 0;
  private readonly frameMs: number;

  constructor(rate: FrameRate) {
    this.frameMs = (1000 * rate.den) / rate.num;
  }

  add(startFrame: FrameIndex, frames: number, acting: Acting): void {
    if (this.count === CAPACITY) return;
    this.starts[this.count] = startFrame;
    this.ends[this.count] = startFrame + frames;
    this.acts[this.count] = acting;
    this.count += 1;
  }

  /** A comment comes on the picture; a newer one replaces it. */
  hear(atFrame: FrameIndex, frames: number): void {
    this.hearFrom = atFrame;
    this.hearFrames = frames;
  }

  /** A line that is cut is not smiled after; one that never comes is not listened for. */
  cut(startFrame: FrameIndex, atFrame: FrameIndex): void {
    for (let i = 0; i < this.count; i += 1) {
      if (this.starts[i] !== startFrame || atFrame >= this.ends[i]!) continue;
      this.remove(i);
      return;
    }
  }

  at(n: FrameIndex): void {
    while (this.count > 0 && this.ends[0]! + this.acts[0]!.smileFrames + CALM_AFTER_MS < n) this.remove(0);
    this.nod = 0;
    this.calm = 0;
    this.listen = 0;
    this.reads = false;
    this.smile = 0;
    this.hearAt(n);
    for (let i = 0; i < this.count; i += 1) {
      const acting = this.acts[i]!;
      const start = this.starts[i]!;
      const end = this.ends[i]!;
      this.listenAt(n, start, acting);
      if (n >= end) {
        const smile = smileOfAge((n - end) * this.frameMs, acting.smileFrames * this.frameMs, true);
        if (smile > this.smile) this.smile = smile;
      }
      for (let k = 0; k < acting.nods.length; k += 1) this.nodAt((n - start - acting.nods[k]!) * this.frameMs);
    }
  }

  private hearAt(n: FrameIndex): void {
    const age = (n - this.hearFrom) * this.frameMs;
    const left = this.hearFrames * this.frameMs - age;
    const isHeard = age >= 0 && left > 0;
    this.hears = isHeard ? smooth(age / LISTEN_RAMP_MS) * smooth(left / LISTEN_RAMP_MS) : 0;
    this.isNew = isHeard && age < READ_NEW_MS;
  }

  private listenAt(n: FrameIndex, start: number, { listenFrames, readFrames }: Acting): void {
    if (listenFrames > 0 && n < start) {
      const age = (n - start + listenFrames) * this.frameMs;
      const weight = smooth(age / LISTEN_RAMP_MS) * smooth(((start - n) * this.frameMs) / LISTEN_RAMP_MS);
      if (weight > this.listen) this.listen = weight;
      // A nod of understanding as the comment ends.
      this.nodAt((n - start) * this.frameMs + 2 * NOD_MS);
    }
    if (n >= start && n < start + readFrames) this.reads = true;
  }

  private nodAt(ageMs: number): void {
    if (ageMs < -CALM_BEFORE_MS || ageMs > NOD_MS + CALM_AFTER_MS) return;
    const calm =
      smooth((ageMs + CALM_BEFORE_MS) / CALM_BEFORE_MS) * smooth((NOD_MS + CALM_AFTER_MS - ageMs) / CALM_AFTER_MS);
    if (calm > this.calm) this.calm = calm;
    if (ageMs < 0 || ageMs > NOD_MS) return;
    const nod = DEPTH * Math.sin((ageMs / NOD_MS) * Math.PI);
    if (nod > this.nod) this.nod = nod;
  }

  private remove(at: number): void {
    for (let i = at + 1; i < this.count; i += 1) {
      this.starts[i - 1] = this.starts[i]!;
      this.ends[i - 1] = this.ends[i]!;
      this.acts[i - 1] = this.acts[i]!;
    }
    this.count -= 1;
    this.acts[this.count] = null;
  }
}

const smooth = (t: number): number => {
  const c = t < 0 ? 0 : t > 1 ? 1 : t;
  return c * c * (3 - 2 * c);
};
