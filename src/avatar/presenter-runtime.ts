// frame path
import type { Kernels } from '../core/kernels.js';
import type { BitmapTable, DrawList, PresenterPainter } from '../core/media/picture.js';
import type { Acting, MouthTrack } from '../core/speech.js';
import { type FrameIndex, type FrameRate, frameToMicroseconds, millisecondsToFrames } from '../core/time.js';
import { ActingLane } from './acting/acting-lane.js';
import { FilmPainter, type OpenFilm } from './filmed/film-painter.js';
import { GestureLane } from './gesture-lane.js';
import {
  blinkDistanceMs,
  breathAt,
  gazeAt,
  glanceTurnAt,
  idleSmileAt,
  lidsAt,
  lidsOfBlink,
  stressAt,
  swayAt,
  talkingBrows,
  weightAt,
  type Side,
} from './motion.js';
import type { GestureArm, HeadPose, PresenterData } from './presenter-data.js';
import { FULL_OPENNESS } from './mouth-track.js';
import type { GestureName } from './presenter-pack.js';
import { SpeechLane } from './speech-lane.js';

const HALF_LIDS = 5;
const CLOSED_LIDS = 6;
/** Share of a viseme's full openness from which its mouth shows level 1, 2, 3. */
const LEVEL_1 = 0.12;
const LEVEL_2 = 0.52;
const LEVEL_3 = 0.84;
/** How far the jaw drops with each viseme at its widest, in the order of VISEMES. */
const JAW_OF_VISEME = Float32Array.of(0, 0, 0.14, 0.27, 0.3, 0.45, 0.2, 0.12, 0.27, 0.35, 1, 0.45, 0.25, 0.7, 0.3);
/** Hair follows the head, each mass after its own time: two, three and four frames. */
const LEFT_LAG_MS = 67;
const RIGHT_LAG_MS = 100;
const BACK_LAG_MS = 133;
/** Minimum distance between a gesture's blink and idle blinks. */
const BLINK_APART_MS = 800;
/** Share of the sway that remains during a gesture. */
const SWAY_IN_GESTURE = 0.55;
/** From this point of a gesture the eyes return to the viewer. */
const GAZE_BACK_MS = 1300;
const EYES_DOWN = 4;
/** Eye contact at the beginning of a line. */
const CONTACT_MS = 700;
const SIL = 0;
/** Tilt of a listening head, of the sway, and what remains of the sway then. */
const LISTEN_TILT = 0.45;
const SWAY_IN_LISTENING = 0.4;
/** Turn of the head towards the partner who speaks. */
const PARTNER_TURN = 0.55;
/** Of eight seconds, how many the eyes are on the partner who speaks; the rest belongs to the viewer. */
const PARTNER_LOOK_MS = 6200;
const PARTNER_CYCLE_MS = 8300;
/** Share of a step of the jaw that is rounded up. */
const JAW_EARLY = 0.2;
/** Lines whose ends are known. */
const MAX_LINES = 16;
/** Parts of the torso's lean that come from the head's sway and from the weight. */
const LEAN_OF_SWAY = 0.7;
const LEAN_OF_WEIGHT = 0.6;
/** Share of the former that remains in silence. */
const LEAN_IN_SILENCE = 0.25;
/** The head takes back half of the torso's lean. */
const HEAD_TAKES_BACK = 0.5;
/** Share of a fade in which the new picture comes in over the old one; then the old one goes. */
const FADE_IN = 0.6;

/**
 * The presenter of a running room. Frame n is a function of n, the seed and the schedule; painting only forgets past
 * events, so frames must be requested in order.
 */
export class PresenterRuntime implements PresenterPainter {
  private readonly speech: SpeechLane;
  private gestures: GestureLane;
  /** The presenter that takes over at a frame. */
  private successor: PresenterData | undefined;
  private successorFrame = 0;
  private successorFade = 0;
  /** The picture that a fade started from. */
  private previous: PresenterData | undefined;
  private fadeFrom = 0;
  private fadeFrames = 0;
  private readonly acting: ActingLane;
  private partner: PresenterRuntime | undefined;
  private partnerSide: Side = 0;
  /** Draws a filmed presenter; null for a drawn one. */
  private film: FilmPainter | null;
  private successorFilm: FilmPainter | null = null;
  private armShift = 0;
  private idleShift = 0;
  private headShift = 0;
  /** Last frames of lines by their first. */
  private readonly lineEnds = new Map<number, number>();
  private opacity = 256;
  private painted = 0;
  private readonly second: number;

  constructor(
    private data: PresenterData,
    private readonly rate: FrameRate,
    private readonly seed: number,
    /** Side of the product on the canvas, for glances. */
    private readonly product: Side = 0,
    /** For filmed presenters; `open` reads films on demand, where a render may wait. */
    private readonly films?: { readonly kernels: Kernels; readonly open?: OpenFilm | undefined },
  ) {
    this.acting = new ActingLane(rate);
    this.second = millisecondsToFrames(1000, rate);
    this.speech = new SpeechLane(rate);
    this.film = this.filmOf(data);
    this.gestures = new GestureLane(data.gestures, rate);
  }

  /** Call once, before the first frame. */
  registerBitmaps(table: BitmapTable): void {
    for (const sprite of this.data.sprites) table.set(sprite.id, sprite.bitmap);
  }

  /** Another presenter from a frame on, by a fade or a cut. Its bitmaps must be in the table by then. */
  replace(data: PresenterData, atFrame: FrameIndex, fadeFrames = 0): void {
    this.successorFilm?.end();
    this.successor = data;
    this.successorFrame = atFrame;
    this.successorFilm = this.filmOf(data);
    this.successorFade = fadeFrames;
  }

  /** Two on stage: the one who listens looks at the one who speaks, who stands at that side. */
  standBeside(partner: PresenterRuntime, side: Side): void {
    this.partner = partner;
    this.partnerSide = side;
  }

  /** Whether no film is or was on the stage, nor comes. */
  get isDrawn(): boolean {
    return this.film === null && this.successorFilm === null && this.previous === undefined;
  }

  /** At the last painted frame. In its first second a presenter is scanned like everything that is new. */
  get isAdmitted(): boolean {
    return this.isDrawn && this.data.isOurs === true && this.painted >= this.fadeFrom + this.second;
  }

  /** 0 listening … 1 talking, at the last painted frame. */
  get talk(): number {
    return this.speech.talk;
  }

  /** Moves the mouth from a frame on. Beyond eight lines, the one furthest ahead is dropped. */
  speak(startFrame: FrameIndex, track: MouthTrack, acting?: Acting): void {
    this.speech.add(startFrame, track);
    if (acting !== undefined) this.acting.add(startFrame, track.viseme.length, acting);
    this.gestures.fill(startFrame, (startFrame + track.viseme.length) as FrameIndex, this.seed);
    this.lineEnds.set(startFrame, startFrame + track.viseme.length);
    if (this.lineEnds.size > MAX_LINES) this.lineEnds.delete(this.lineEnds.keys().next().value!);
    this.film?.speak(startFrame, track);
    this.successorFilm?.speak(startFrame, track);
  }

  /** Shuts the mouth of the line that starts at `startFrame`; before that frame, line and gesture never come. */
  cut(startFrame: FrameIndex, atFrame: FrameIndex): void {
    this.speech.cut(startFrame, atFrame);
    this.acting.cut(startFrame, atFrame);
    this.film?.cut(startFrame, atFrame);
    this.successorFilm?.cut(startFrame, atFrame);
    if (atFrame <= startFrame) this.gestures.cancel(startFrame);
    const end = this.lineEnds.get(startFrame);
    if (end !== undefined) this.gestures.cancel(Math.max(startFrame, atFrame) as FrameIndex, end as FrameIndex);
  }

  /** Starts a gesture at a frame, or when the previous one ends; dropped when that is too late. */
  gesture(atFrame: FrameIndex, name: GestureName): void {
    this.gestures.add(atFrame, name);
    this.film?.gesture(atFrame, name);
    this.successorFilm?.gesture(atFrame, name);
  }

  /** A comment is on the picture for some frames. */
  listen(atFrame: FrameIndex, frames: number): void {
    this.acting.hear(atFrame, frames);
  }

  private takeOver(data: PresenterData): void {
    this.previous = this.successorFade > 0 ? this.data : undefined;
    this.fadeFrom = this.successorFrame;
    this.fadeFrames = this.successorFade;
    this.data = data;
    this.gestures = new GestureLane(data.gestures, this.rate);
    this.successor = undefined;
    this.film?.end();
    this.film = this.successorFilm;
    this.successorFilm = null;
  }

  private filmOf(data: PresenterData): FilmPainter | null {
    if (data.film === undefined || this.films === undefined) return null;
    return new FilmPainter(data, this.rate, this.seed, this.films.kernels, this.films.open);
  }

  /** Closes the files of films. */
  close(): void {
    this.film?.end();
    this.successorFilm?.end();
  }

  paint(n: FrameIndex, list: DrawList): void {
    this.painted = n;
    if (this.successor !== undefined && n >= this.successorFrame) this.takeOver(this.successor);
    // Also for a filmed presenter: its partner looks at whoever speaks.
    this.speech.at(n);
    if (this.film !== null) {
      this.film.paint(n, list);
      return;
    }
    this.gestures.at(n);
    this.acting.at(n);
    const share = (n - this.fadeFrom) / Math.max(1, this.fadeFrames);
    if (this.previous !== undefined && share >= 1) this.previous = undefined;
    if (this.previous !== undefined) {
      this.opacity = share < FADE_IN ? 256 : Math.round((256 * (1 - share)) / (1 - FADE_IN));
      this.paintAs(this.previous, n, list);
    }
    this.opacity = this.previous === undefined ? 256 : Math.min(256, Math.round((256 * share) / FADE_IN));
    this.paintAs(this.data, n, list);
  }

  /** Without speech and gestures, which it need not know: the planes of a set move slowly in any case. */
  driftAt(n: FrameIndex): number {
    return Math.round(256 * swayAt(frameToMicroseconds(n, this.rate) / 1000, this.seed, 0));
  }

  private paintAs(data: PresenterData, n: FrameIndex, list: DrawList): void {
    const { seed, speech, gestures, acting } = this;
    // Arms of a gesture belong to the presenter that makes it.
    const gesture = data === this.data ? gestures.current : null;
    const timeMs = frameToMicroseconds(n, this.rate) / 1000;
    const still = gestures.weight;
    const talk = speech.talk;

    // Body: a gesture is drawn at rest of breath, so breathing eases out before the arm leaves.
    const lift = breathAt(timeMs, seed) + talk * stressAt(timeMs, seed);
    const breath = Math.max(0, Math.min(1, lift)) * (1 - still);
    const breaths = data.bodyUpper.length / data.torso.phases;

    // Head: the middle of the sway for a nod, a lean for gestures that need one.
    const half = (data.sway.length - 1) / 2;
    const nod = Math.round(Math.max(gestures.nod, acting.nod) * data.nod.length);
    const lean = this.leanAt(timeMs);
    const weight = data.torso.phases === 1 ? 0 : lean;
    // Bitmaps move by two pixels; the sway's step takes up what remains.
    const headPx = weight * data.headShiftPx;
    this.headShift = 2 * Math.round(headPx / 2);
    const step = this.swayStep(timeMs, half, headPx - this.headShift, weight);
    const head: HeadPose = nod > 0 ? data.nod[nod - 1]! : data.sway[step]!;
    const back = this.lagging(data, head, nod, timeMs - BACK_LAG_MS, half, weight).back;
    const breathStep = Math.round(breath * (breaths - 1));
    // Idle arms are drawn at even and odd pixels, those of gestures with the weight in the middle.
    const armPx = Math.round(weight * data.shiftPx);
    const odd = Math.abs(armPx % 2);
    const idleArm = breathStep * 2 + odd;
    this.armShift = 2 * Math.round((weight * data.shiftPx) / 2);
    this.idleShift = armPx - odd;

    let lids: 0 | 1 | 2 = lidsAt(timeMs, seed);
    if (lids === 0 && blinkDistanceMs(timeMs - gestures.ageMs, seed) > BLINK_APART_MS)
      lids = lidsOfBlink(gestures.ageMs);
    // The eyes arrive before the arm and the head.
    const looks = gestures.gaze !== 0 && gestures.progress > 0 && gestures.ageMs < GAZE_BACK_MS;
    const gaze = looks ? gestures.gaze : this.restingGaze(timeMs);
    const eyes = lids === 2 ? CLOSED_LIDS : lids === 1 ? HALF_LIDS : gaze;
    let brows = talk > 0.3 ? talkingBrows(timeMs, speech.ageMs, seed) : 0;
    if (gestures.poseWeight > 0.4 && gestures.brows !== 0) brows = gestures.brows as 0 | 1 | 2;

    const open = speech.openness / FULL_OPENNESS[speech.viseme]!;
    const mouthLevel =
      speech.viseme === SIL ? this.smileAt(timeMs) : open < LEVEL_1 ? 0 : open < LEVEL_2 ? 1 : open < LEVEL_3 ? 2 : 3;

    const drop = JAW_OF_VISEME[speech.viseme]! * Math.min(1, open);
    const jaw = Math.min(head.jaws.length, Math.floor(drop * head.jaws.length + JAW_EARLY));

    const dx = this.headShift;
    this.push(data, list, back, dx);
    this.push(data, list, data.bodyLower);
    this.pushTorso(data, list, breathStep, weight);
    this.push(data, list, head.head, dx);
    if (jaw > 0) this.push(data, list, head.jaws[jaw - 1]!, dx);
    this.push(data, list, head.mouths[speech.viseme * 4 + mouthLevel]!, dx);
    this.push(data, list, head.eyes[eyes]!, dx);
    this.push(data, list, head.brows[brows]!, dx);
    this.push(data, list, this.lagging(data, head, nod, timeMs - LEFT_LAG_MS, half, weight).front, dx);
    this.push(data, list, this.lagging(data, head, nod, timeMs - RIGHT_LAG_MS, half, weight).right, dx);
    this.push(data, list, head.worn, dx);
    this.pushArm(data, list, gesture?.left ?? null, data.idleLeft[idleArm]!);
    this.pushArm(data, list, gesture?.right ?? null, data.idleRight[idleArm]!);
  }

  /** Lean of the torso, −1…1: the weight, a part of the head's sway, and the arm that gestures. */
  private leanAt(timeMs: number): number {
    const { gestures, seed, speech, acting } = this;
    const sway = swayAt(timeMs, seed, speech.talk) * (1 - acting.calm);
    const free =
      LEAN_OF_SWAY * sway * (LEAN_IN_SILENCE + (1 - LEAN_IN_SILENCE) * speech.talk) +
      LEAN_OF_WEIGHT * weightAt(timeMs, seed);
    const lean = free * (1 - 0.6 * Math.abs(gestures.tilt)) + gestures.tilt;
    return Math.max(-1, Math.min(1, lean));
  }

  /** The head whose hair is shown: that of a moment ago, except in a nod. */
  private lagging(
    data: PresenterData,
    head: HeadPose,
    nod: number,
    timeMs: number,
    half: number,
    weight: number,
  ): HeadPose {
    const headPx = weight * data.headShiftPx;
    return nod > 0 ? head : data.sway[this.swayStep(timeMs, half, headPx - this.headShift, weight)]!;
  }

  /** Step of the head's sway at a time near the frame that is painted. */
  private swayStep(timeMs: number, half: number, restPx: number, weight: number): number {
    const { gestures, seed, speech } = this;
    const lean = gestures.leanWeight;
    const idle = swayAt(timeMs, seed, speech.talk) * (1 - (1 - SWAY_IN_GESTURE) * gestures.weight);
    const turn = glanceTurnAt(timeMs, seed, speech.talk, this.product);
    const { calm } = this.acting;
    const listen = this.listening;
    const tilt = seed % 2 === 0 ? LISTEN_TILT : -LISTEN_TILT;
    const free = (idle + turn) * (1 - (1 - SWAY_IN_LISTENING) * listen) + tilt * listen;
    const beside =
      this.partnerSide === 0 ? 0 : (this.partnerSide === 1 ? -PARTNER_TURN : PARTNER_TURN) * this.attention();
    const sway = ((free * (1 - 0.5 * Math.abs(beside)) + beside) * (1 - lean) + gestures.lean * lean) * (1 - calm);
    // One step is a pixel at the crown.
    const steps = sway * half + 0.6 * restPx - HEAD_TAKES_BACK * this.gestures.tilt * weight * 0.5 * half;
    return half + Math.max(-half, Math.min(half, Math.round(steps)));
  }

  /** 0–1: before an answer, and while a comment is on the picture and this one does not speak. */
  private get listening(): number {
    return Math.max(this.acting.listen, this.acting.hears * (1 - this.speech.talk));
  }

  /** How far the partner has the attention: while it speaks and this one does not. */
  private attention(): number {
    return this.partner === undefined ? 0 : this.partner.talk * (1 - this.speech.talk);
  }

  private restingGaze(timeMs: number): number {
    const { acting, seed, speech } = this;
    if (acting.reads || (acting.isNew && this.listening > 0.3)) return EYES_DOWN;
    // A line begins with the eyes on the viewer.
    if (speech.ageMs < CONTACT_MS) return 0;
    if (this.attention() > 0.5 && (timeMs + seed) % PARTNER_CYCLE_MS < PARTNER_LOOK_MS) return this.partnerSide;
    return this.listening > 0.5 ? 0 : gazeAt(timeMs, seed, speech.talk > 0.5, this.product);
  }

  /** The mouth of a silent face: levels 1 and 2 are its smiles. */
  private smileAt(timeMs: number): 0 | 1 | 2 {
    const { acting, gestures, speech } = this;
    if (acting.smile > 0) return acting.smile;
    const name = gestures.current?.name;
    if ((name === 'wave' || name === 'thumbs-up') && gestures.poseWeight > 0.3)
      return gestures.poseWeight > 0.7 ? 2 : 1;
    if (this.listening > 0.4) return 1;
    return speech.talk > 0.2 ? 0 : idleSmileAt(timeMs, this.seed);
  }

  /** The upper body in bands; see `TorsoShape`. */
  private pushTorso(data: PresenterData, list: DrawList, breathStep: number, weight: number): void {
    const { box, bodyUpper, sprites, shiftPx } = data;
    const { phases, line, span, band } = data.torso;
    if (phases === 1) {
      this.push(data, list, bodyUpper[breathStep]!);
      return;
    }
    const perRow = (weight * shiftPx * phases) / (2 * span);
    const first = breathStep * phases;
    const crown = sprites[bodyUpper[first]!]!.y;
    for (let bottom = line; bottom > crown; bottom -= band) {
      const steps = Math.round(perRow * (line - bottom + band / 2));
      const pairs = Math.floor(steps / phases);
      const sprite = sprites[bodyUpper[first + steps - pairs * phases]!]!;
      const top = Math.max(box.y, bottom - band);
      list.push(sprite.id, sprite.x + 2 * pairs, sprite.y, this.opacity, box.x, top, box.width, bottom - top);
    }
  }

  private pushArm(data: PresenterData, list: DrawList, arm: GestureArm | null, idle: number): void {
    const sprite = this.armSprite(arm, idle);
    this.push(data, list, sprite, sprite === idle ? this.idleShift : this.armShift);
  }

  private armSprite(arm: GestureArm | null, idle: number): number {
    if (arm === null) return idle;
    const { gestures } = this;
    if (gestures.holding && arm.beat.length > 0) {
      const middle = (arm.beat.length - 1) / 2;
      return arm.beat[middle + Math.round(gestures.swing * middle)]!;
    }
    const step = Math.round(gestures.progress * arm.steps.length);
    return step === 0 ? idle : arm.steps[step - 1]!;
  }

  private push(data: PresenterData, list: DrawList, index: number, dx = 0): void {
    if (index < 0) return;
    const sprite = data.sprites[index]!;
    const { box } = data;
    list.push(sprite.id, sprite.x + dx, sprite.y, this.opacity, box.x, box.y, box.width, box.height);
  }
}
