// frame path
import type { GestureName } from '../../cast/pack-voices.js';
import type { Kernels } from '../../core/kernels.js';
import { type DrawList, yuvaSize } from '../../core/media/picture.js';
import { hash01 } from '../../core/random.js';
import { type MouthTrack, VISEMES } from '../../core/speech.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import type { PresenterData } from '../presenter-data.js';
import { SpeechLane } from '../speech-lane.js';
import { chooseMouths, easeMouths } from './choose-mouths.js';
import type { FilmData, FilmGesture } from './film-data.js';
import { FilmRing, MAX_WANTS } from './film-ring.js';

/** Film and room whose rates differ by less than this play frame by frame: a slightly faster breath is not seen. */
const NEAR = 1.3;

/** Frames of the film per frame of the room, as a fraction. */
function filmStep(film: FrameRate, room: FrameRate): FrameRate {
  const num = film.num * room.den;
  const den = film.den * room.num;
  const ratio = num / den;
  return ratio < NEAR && ratio > 1 / NEAR ? { num: 1, den: 1 } : { num, den };
}

/** The frame of the film after `played` frames of its loop, to and fro: the ends are shown once each. */
function loopFrame(played: number, from: number, to: number): number {
  const last = to - from - 1;
  if (last <= 0) return from;
  const at = played % (2 * last);
  return from + (at <= last ? at : 2 * last - at);
}

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

class FilmGestures {
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

/** Fills the ring where a render may wait; absent on air, where a thread reads ahead. */
interface FilmFiller {
  step(): boolean;
  close(): void;
}
export type OpenFilm = (film: FilmData) => FilmFiller;

const KEY_PHASE = 0x0600_0000;
const PP = VISEMES.indexOf('PP');
/** Bitmaps that mouths are drawn into: two in a cross-fade, each with two handles used by turns. */
export const PATCH_SPRITES = 4;
const ONE = 65536;

/**
 * A filmed presenter, frame by frame: the film's frame of the loop, a gesture over it, and on each of the two the mouth.
 * Frame n is a function of n, the seed and the schedule.
 */
export class FilmPainter {
  private readonly film: FilmData;
  private readonly ring: FilmRing;
  private readonly lane: SpeechLane;
  private readonly gestures: FilmGestures;
  private readonly step: FrameRate;
  private readonly offset: number;
  private readonly filler: FilmFiller | null;
  private readonly inverse = new Int32Array(6);
  private readonly tone = new Int32Array(3);
  private readonly corners = new Float64Array(4);
  private readonly views: Uint8Array[] = [];
  /** By layer: the slot and the frame shown last. */
  private readonly shownSlot = new Int32Array(2).fill(-1);
  private readonly shownFrame = new Int32Array(2).fill(-1);
  /** Which handle of each slot and of each mouth is in use. */
  private readonly handles: Uint8Array;
  private readonly patchHandle = new Uint8Array(2);
  private mouth = 0;
  private mouthBefore = 0;

  constructor(
    private readonly data: PresenterData,
    rate: FrameRate,
    seed: number,
    private readonly kernels: Kernels,
    open?: OpenFilm,
  ) {
    this.film = data.film!;
    this.ring = new FilmRing(this.film.control);
    this.lane = new SpeechLane(rate);
    this.step = filmStep(this.film.rate, rate);
    const { loopFrom, loopTo, slots } = this.film;
    this.offset = Math.floor(hash01(seed, KEY_PHASE) * 2 * (loopTo - loopFrom - 1));
    this.gestures = new FilmGestures(this.film, rate, this.offset);
    this.filler = open === undefined ? null : open(this.film);
    this.handles = new Uint8Array(slots.length);
    const bytes = yuvaSize(this.film.patchWidth, this.film.patchHeight);
    for (let at = 0; at + bytes <= this.film.bank.length; at += bytes)
      this.views.push(this.film.bank.subarray(at, at + bytes));
  }

  /** Moves the mouth from a frame on. The pictures of the whole line are chosen now. */
  speak(startFrame: FrameIndex, track: MouthTrack): void {
    const { mouths, isWarped } = this.film;
    const chosen = chooseMouths(track, mouths);
    const viseme = isWarped ? easeMouths(chosen, mouths) : chosen;
    this.lane.add(startFrame, { viseme, openness: track.openness });
  }

  cut(startFrame: FrameIndex, atFrame: FrameIndex): void {
    this.lane.cut(startFrame, atFrame);
    if (atFrame <= startFrame) this.gestures.cancel(startFrame);
  }

  gesture(atFrame: FrameIndex, name: GestureName): void {
    this.gestures.add(atFrame, name);
  }

  /** Another presenter takes over. */
  end(): void {
    this.filler?.close();
    this.ring.end();
  }

  paint(n: FrameIndex, list: DrawList): void {
    const { film, gestures, lane, ring } = this;
    gestures.at(n);
    this.publish(n);
    if (this.filler !== null) while (this.filler.step());
    gestures.peek(n);
    const over = gestures.frame;
    const weight = gestures.weight;
    if (n > 0) lane.at((n - 1) as FrameIndex);
    this.mouthBefore = n > 0 ? lane.viseme : 0;
    lane.at(n);
    this.mouth = lane.viseme;
    const opacity = film.always ? 256 : Math.round(256 * lane.talk);
    if (weight < 256) {
      const base = this.loopAt(n);
      this.pushFrame(list, 0, base, 256);
      this.pushMouth(list, 0, n > 0 ? this.loopAt(n - 1) : base, opacity);
    } else ring.hide(0);
    if (weight > 0) {
      this.pushFrame(list, 1, over, weight);
      this.pushMouth(list, 1, over, (opacity * weight) >> 8);
    } else ring.hide(1);
  }

  private loopAt(n: number): number {
    const { loopFrom, loopTo } = this.film;
    return loopFrame(Math.floor((n * this.step.num) / this.step.den) + this.offset, loopFrom, loopTo);
  }

  /** What is needed now and next, the nearest first. */
  private publish(n: number): void {
    const { ring, gestures } = this;
    let count = 0;
    for (let m = n; m < n + MAX_WANTS && count < MAX_WANTS; m += 1) {
      gestures.peek(m);
      if (gestures.weight < 256) {
        ring.want(count, this.loopAt(m));
        count += 1;
      }
      if (gestures.weight > 0 && count < MAX_WANTS) {
        ring.want(count, gestures.frame);
        count += 1;
      }
    }
    for (; count < MAX_WANTS; count += 1) ring.want(count, -1);
    ring.wake();
  }

  /** A frame of the film; while it is missing the last one stays. */
  private pushFrame(list: DrawList, layer: 0 | 1, frame: number, opacity: number): void {
    const { film, data } = this;
    const { box } = data;
    const slot = this.ring.show(layer, frame);
    if (slot >= 0) {
      if (this.shownSlot[layer] !== slot || this.shownFrame[layer] !== frame) this.handles[slot]! ^= 1;
      this.shownSlot[layer] = slot;
      this.shownFrame[layer] = frame;
    } else {
      this.ring.late();
      // Its slot stays marked as shown, so that nothing else is read into it.
    }
    const shown = this.shownSlot[layer]!;
    if (shown < 0 && layer === 1) return;
    const sprite = data.sprites[shown < 0 ? film.still : film.firstSlot + 2 * shown + this.handles[shown]!]!;
    list.push(sprite.id, film.x, film.y, opacity, box.x, box.y, box.width, box.height);
  }

  private pushMouth(list: DrawList, layer: 0 | 1, before: number, opacity: number): void {
    const { film, data } = this;
    const frame = this.shownFrame[layer]! < 0 ? film.loopFrom : this.shownFrame[layer]!;
    if (opacity <= 0 || film.usable[frame] === 0) return;
    this.aim(frame);
    const left = 2 * Math.floor(this.corners[0]! / 2);
    const top = 2 * Math.floor(this.corners[1]! / 2);
    this.patchHandle[layer]! ^= 1;
    const sprite = data.sprites[film.firstPatch + 2 * layer + this.patchHandle[layer]!]!;
    const { width, height } = sprite.bitmap;
    this.inverse[2] = this.inverse[2]! + this.inverse[0]! * left + this.inverse[1]! * top;
    this.inverse[5] = this.inverse[5]! + this.inverse[3]! * left + this.inverse[4]! * top;
    const { blends, references, tones } = film;
    // Mouths of the person's own talk change by a cross-fade of two frames, but lips that meet are shown met.
    const isMet = film.mouths.viseme[this.mouth] === PP;
    const first = this.mouth * references + blends[frame * 3]!;
    let second = this.mouth * references + blends[frame * 3 + 1]!;
    let mix = blends[frame * 3 + 2]!;
    if (!film.isWarped && this.mouthBefore !== this.mouth && !isMet) {
      second = this.mouthBefore * references + blends[before * 3]!;
      mix = 112;
    }
    this.tone[0] = tones[frame * 3]!;
    this.tone[1] = tones[frame * 3 + 1]!;
    this.tone[2] = tones[frame * 3 + 2]!;
    this.kernels.placePatch(
      this.views[first]!,
      this.views[second]!,
      film.patchWidth,
      film.patchHeight,
      mix,
      this.inverse,
      this.tone,
      sprite.bitmap.data,
      width,
      height,
    );
    const { box } = data;
    list.push(sprite.id, film.x + left, film.y + top, opacity, box.x, box.y, box.width, box.height);
  }

  /** The inverse of a frame's pose in fixed point, and where the patch lies in the frame. */
  private aim(frame: number): void {
    const { poses, patchWidth: w, patchHeight: h } = this.film;
    const at = frame * 6;
    const a = poses[at]!;
    const b = poses[at + 1]!;
    const c = poses[at + 2]!;
    const d = poses[at + 3]!;
    const tx = poses[at + 4]!;
    const ty = poses[at + 5]!;
    this.corners[0] = tx + Math.min(0, a * w) + Math.min(0, b * h);
    this.corners[1] = ty + Math.min(0, c * w) + Math.min(0, d * h);
    const det = a * d - b * c;
    const ia = d / det;
    const ib = -b / det;
    const ic = -c / det;
    const id = a / det;
    // From the middle of a pixel to the middle of a sample.
    const cx = 0.5 - tx;
    const cy = 0.5 - ty;
    const { inverse } = this;
    inverse[0] = Math.round(ia * ONE);
    inverse[1] = Math.round(ib * ONE);
    inverse[2] = Math.round((ia * cx + ib * cy - 0.5) * ONE);
    inverse[3] = Math.round(ic * ONE);
    inverse[4] = Math.round(id * ONE);
    inverse[5] = Math.round((ic * cx + id * cy - 0.5) * ONE);
  }
}
