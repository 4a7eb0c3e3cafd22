import type { BitmapId, YuvaBitmap } from '../core/media/picture.js';
import type { Box } from '../core/verdict.js';
import type { FilmData } from './filmed/film-data.js';
import type { GestureName } from './presenter-pack.js';

/** A bitmap and its even position on the canvas. */
export interface PlacedBitmap {
  readonly id: BitmapId;
  readonly x: number;
  readonly y: number;
  readonly bitmap: YuvaBitmap;
}

/** The head at one step of its sway or nod. All numbers are indices into `sprites`; −1 where nothing is drawn. */
export interface HeadPose {
  readonly back: number;
  readonly head: number;
  readonly front: number;
  readonly right: number;
  readonly worn: number;
  /** In the order of EYE_STATES and BROW_STATES. */
  readonly eyes: readonly number[];
  readonly brows: readonly number[];
  /** viseme × 4 + level (0 closed, 1–3). */
  readonly mouths: readonly number[];
  /** The lower face from slightly open to wide; empty where the jaw does not move. */
  readonly jaws: readonly number[];
}

/** A gesture's arms, from idle to the pose, then the swing around it from one end to the other. */
export interface GestureArm {
  readonly steps: readonly number[];
  /** Odd in number, or empty; the middle one is the held pose. */
  readonly beat: readonly number[];
}

/**
 * How the upper body leans.
 *
 * Problem: a lean in steps of whole pixels jerks, and a picture for each small step takes too much memory. Rule: the torso is cut into
 * low bands, and each moves sideways by its distance from the line, in steps of a fraction of a pixel: `phases` pictures divide
 * the two pixels in which bitmaps move.
 */
export interface TorsoShape {
  /** Pictures between two pixels; 1 where the body does not lean. */
  readonly phases: number;
  /** The row that stays, where the lower body begins; even, from the top of the canvas or of the picture. */
  readonly line: number;
  /** Rows from there up to the shoulders. */
  readonly span: number;
  /** Height of a band; even. */
  readonly band: number;
}

/** The name of gestures that no line asks for. */
export const TALKING = 'talking' as const;

export interface GestureData {
  readonly name: GestureName | typeof TALKING;
  readonly inMs: number;
  readonly holdMs: number;
  readonly outMs: number;
  readonly right: GestureArm | null;
  readonly left: GestureArm | null;
  readonly beats: number;
  readonly nods: number;
  /** −1…1, like the sway. */
  readonly lean: number;
  /** Indices into EYE_STATES and BROW_STATES. */
  readonly gaze: number;
  readonly brows: number;
  /** −1…1: lean of the torso. */
  readonly tilt: number;
}

/** A presenter ready for the frame path: plain data that can be passed between threads. */
export interface PresenterData {
  readonly name: string;
  readonly ageYears: number;
  /** The layer's box; nothing is drawn outside of it. */
  readonly box: Box;
  readonly sprites: readonly PlacedBitmap[];
  /** From the left end of the sway to the right one; odd in number. */
  readonly sway: readonly HeadPose[];
  /** From slight to the bottom of the nod. */
  readonly nod: readonly HeadPose[];
  readonly bodyLower: number;
  readonly torso: TorsoShape;
  /** Shoulder movement to either side, in pixels. */
  readonly shiftPx: number;
  /** Head movement to either side, in pixels. */
  readonly headShiftPx: number;
  /** From breathed out to breathed in, each at every phase of the torso. */
  readonly bodyUpper: readonly number[];
  /** From breathed out to breathed in, each at an even and at an odd pixel. */
  readonly idleRight: readonly number[];
  readonly idleLeft: readonly number[];
  readonly gestures: readonly GestureData[];
  /** Changes with any drawn pose. */
  readonly digest: string;
  /** Made of the engine's own parts, which hold no code, so that its drawings are admitted; see `AdmittedTiles`. */
  readonly isOurs?: boolean;
  /** Bytes of all bitmaps. */
  readonly bytes: number;
  /** A filmed presenter: then nothing above is drawn but `sprites`, which are frames and mouths. */
  readonly film?: FilmData;
}
