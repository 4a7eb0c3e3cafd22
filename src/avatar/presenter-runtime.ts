// frame path
import type { BitmapTable, DrawList, PresenterPainter } from '../core/media/picture.js';
import type { MouthTrack } from '../core/speech.js';
import type { FrameIndex, FrameRate } from '../core/time.js';
import { frameToMicroseconds } from '../core/time.js';
import { GestureLane } from './gesture-lane.js';
import { breathAt, gazeAt, lidsAt, lidsOfBlink, swayAt, talkingBrows } from './motion.js';
import type { GestureArm, HeadPose, PresenterData } from './presenter-data.js';
import { FULL_OPENNESS } from './phoneme-visemes.js';
import type { GestureName } from './presenter-pack.js';
import { SpeechLane } from './speech-lane.js';

const HALF_LIDS = 5;
const CLOSED_LIDS = 6;
/** Share of a viseme's full openness from which its mouth shows level 1, 2, 3. */
const LEVEL_1 = 0.12;
const LEVEL_2 = 0.52;
const LEVEL_3 = 0.84;

/**
 * The presenter of a running room. What is painted at frame n follows from n, the seed and what was
 * scheduled; painting forgets only what can no longer be seen, so frames are to be asked for in order.
 */
export class PresenterRuntime implements PresenterPainter {
  private readonly speech: SpeechLane;
  private readonly gestures: GestureLane;

  constructor(
    private readonly data: PresenterData,
    private readonly rate: FrameRate,
    private readonly seed: number,
  ) {
    this.speech = new SpeechLane(rate);
    this.gestures = new GestureLane(data.gestures, rate);
  }

  /** Once, before the first frame. */
  registerBitmaps(table: BitmapTable): void {
    for (const sprite of this.data.sprites) table.set(sprite.id, sprite.bitmap);
  }

  /** Moves the mouth from a frame on. Of more than eight lines ahead the farthest is dropped. */
  speak(startFrame: FrameIndex, track: MouthTrack): void {
    this.speech.add(startFrame, track);
  }

  /** Starts a gesture at a frame, or when the one before it is over; dropped when that is too late to fit. */
  gesture(atFrame: FrameIndex, name: GestureName): void {
    this.gestures.add(atFrame, name);
  }

  paint(n: FrameIndex, list: DrawList): void {
    const { data, seed, speech, gestures } = this;
    const timeMs = frameToMicroseconds(n, this.rate) / 1000;
    speech.at(n);
    gestures.at(n);
    const still = gestures.weight;
    const talk = speech.talk;

    // Body: a gesture is drawn at rest of breath, so breathing eases out before the arm leaves.
    const breath = breathAt(timeMs, seed) * (1 - still);
    const level = Math.round(breath * (data.bodyUpper.length - 1));

    // Head: the middle of the sway for a nod, a lean for what asks for one.
    const half = (data.sway.length - 1) / 2;
    const lean = gestures.leanWeight;
    const sway = swayAt(timeMs, seed, talk) * (1 - lean) + gestures.lean * lean;
    const step = half + Math.round(Math.max(-1, Math.min(1, sway)) * half);
    const nod = Math.round(gestures.nod * data.nod.length);
    const head: HeadPose = nod > 0 ? data.nod[nod - 1]! : data.sway[step]!;

    let lids: 0 | 1 | 2 = lidsAt(timeMs, seed);
    if (lids === 0) lids = lidsOfBlink(gestures.ageMs);
    const gaze = gestures.poseWeight > 0.5 && gestures.gaze !== 0 ? gestures.gaze : gazeAt(timeMs, seed, talk > 0.5);
    const eyes = lids === 2 ? CLOSED_LIDS : lids === 1 ? HALF_LIDS : gaze;
    let brows = talk > 0.3 ? talkingBrows(timeMs, speech.ageMs, seed) : 0;
    if (gestures.poseWeight > 0.4 && gestures.brows !== 0) brows = gestures.brows as 0 | 1 | 2;

    const open = speech.openness / FULL_OPENNESS[speech.viseme]!;
    const mouthLevel = open < LEVEL_1 ? 0 : open < LEVEL_2 ? 1 : open < LEVEL_3 ? 2 : 3;

    this.push(list, head.back);
    this.push(list, data.bodyLower);
    this.push(list, data.bodyUpper[level]!);
    this.push(list, head.head);
    this.push(list, head.mouths[speech.viseme * 4 + mouthLevel]!);
    this.push(list, head.eyes[eyes]!);
    this.push(list, head.brows[brows]!);
    this.push(list, head.front);
    this.push(list, this.armSprite(gestures.current?.left ?? null, data.idleLeft, level));
    this.push(list, this.armSprite(gestures.current?.right ?? null, data.idleRight, level));
  }

  private armSprite(arm: GestureArm | null, idle: readonly number[], level: number): number {
    if (arm === null) return idle[level]!;
    const { gestures } = this;
    if (gestures.holding && arm.beat.length > 0) {
      const middle = (arm.beat.length - 1) / 2;
      return arm.beat[middle + Math.round(gestures.swing * middle)]!;
    }
    const step = Math.round(gestures.progress * arm.steps.length);
    return step === 0 ? idle[level]! : arm.steps[step - 1]!;
  }

  private push(list: DrawList, index: number): void {
    if (index < 0) return;
    const sprite = this.data.sprites[index]!;
    const { box } = this.data;
    list.push(sprite.id, sprite.x, sprite.y, 256, box.x, box.y, box.width, box.height);
  }
}
