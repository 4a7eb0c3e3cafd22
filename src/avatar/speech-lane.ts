// frame path
import { VISEMES, type MouthTrack } from '../core/speech.js';
import type { FrameIndex, FrameRate } from '../core/time.js';
import { millisecondsToFrames } from '../core/time.js';

const CAPACITY = 8;
const SIL = VISEMES.indexOf('sil');

/** The mouth's schedule: a bounded queue of tracks, read frame by frame. */
export class SpeechLane {
  /** The mouth at the last requested frame. */
  viseme = SIL;
  openness = 0;
  /** 0 listening … 1 talking. */
  talk = 0;
  /** Time since the current line began; large when there is none. */
  ageMs = Number.MAX_SAFE_INTEGER;

  private readonly starts = new Float64Array(CAPACITY);
  /** First frame after each line. */
  private readonly ends = new Float64Array(CAPACITY);
  private readonly tracks: (MouthTrack | null)[] = Array.from({ length: CAPACITY }, () => null);
  private count = 0;
  private readonly leadFrames: number;
  private readonly trailFrames: number;
  private readonly frameMs: number;

  constructor(rate: FrameRate) {
    this.leadFrames = millisecondsToFrames(260, rate);
    this.trailFrames = millisecondsToFrames(700, rate);
    this.frameMs = (1000 * rate.den) / rate.num;
  }

  /** Ordered by start; when full, the track furthest ahead is dropped. */
  add(startFrame: FrameIndex, track: MouthTrack): void {
    let at = this.count;
    while (at > 0 && this.starts[at - 1]! > startFrame) at -= 1;
    if (at === CAPACITY) return;
    const last = Math.min(this.count, CAPACITY - 1);
    for (let i = last; i > at; i -= 1) {
      this.starts[i] = this.starts[i - 1]!;
      this.ends[i] = this.ends[i - 1]!;
      this.tracks[i] = this.tracks[i - 1]!;
    }
    this.starts[at] = startFrame;
    this.ends[at] = startFrame + track.viseme.length;
    this.tracks[at] = track;
    this.count = last + 1;
  }

  /** Ends the line that starts at `startFrame`; a line that has not begun by then is dropped. */
  cut(startFrame: FrameIndex, atFrame: FrameIndex): void {
    for (let i = 0; i < this.count; i += 1) {
      if (this.starts[i] !== startFrame) continue;
      if (atFrame <= startFrame) this.remove(i);
      else if (atFrame < this.ends[i]!) this.ends[i] = atFrame;
      return;
    }
  }

  at(n: FrameIndex): void {
    while (this.count > 0 && this.ends[0]! + this.trailFrames < n) this.remove(0);
    this.viseme = SIL;
    this.openness = 0;
    this.talk = 0;
    this.ageMs = Number.MAX_SAFE_INTEGER;
    for (let i = 0; i < this.count; i += 1) {
      const start = this.starts[i]!;
      const track = this.tracks[i]!;
      const end = this.ends[i]!;
      const weight =
        ramp((n - start + this.leadFrames) / this.leadFrames) * ramp((end + this.trailFrames - n) / this.trailFrames);
      if (weight > this.talk) this.talk = weight;
      if (n < start || n >= end) continue;
      this.viseme = track.viseme[n - start]!;
      this.openness = track.openness[n - start]!;
      this.ageMs = (n - start) * this.frameMs;
    }
  }

  private remove(at: number): void {
    for (let i = at + 1; i < this.count; i += 1) {
      this.starts[i - 1] = this.starts[i]!;
      this.ends[i - 1] = this.ends[i]!;
      this.tracks[i - 1] = this.tracks[i]!;
    }
    this.count -= 1;
    this.tracks[this.count] = null;
  }
}

const ramp = (t: number): number => {
  const c = t < 0 ? 0 : t > 1 ? 1 : t;
  return c * c * (3 - 2 * c);
};
