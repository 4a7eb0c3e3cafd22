// frame path
import type { Kernels } from '../../core/kernels.js';
import { yuvaSize, type DrawList } from '../../core/media/picture.js';
import { VISEMES, type MouthTrack } from '../../core/speech.js';
import { hash01 } from '../../core/random.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import type { PresenterData } from '../presenter-data.js';
import type { GestureName } from '../../cast/pack-voices.js';
import { SpeechLane } from '../speech-lane.js';
import { chooseMouths, easeMouths } from './choose-mouths.js';
import type { FilmData } from './film-data.js';
import { FilmGestures } from './film-gestures.js';
import { FilmRing, MAX_WANTS } from './film-ring.js';
import { filmStep, loopFrame } from './loop-order.js';

/** Fills the ring where a render may wait; absent on air, where a thread reads ahead. */
export interface FilmFiller {
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
