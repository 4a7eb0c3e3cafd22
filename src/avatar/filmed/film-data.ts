import type { Box } from '../../core/verdict.js';
import type { FrameRate } from '../../core/time.js';
import type { GestureName } from '../../cast/pack-voices.js';

/** A part of the film that shows a gesture: frames [from, to). */
export interface FilmGesture {
  readonly name: GestureName;
  readonly from: number;
  readonly to: number;
}

/** Mouths of a bank, one number each. */
export interface MouthFeatures {
  /** Index into VISEMES. */
  readonly viseme: Uint8Array;
  readonly openness: Uint8Array;
  readonly spread: Float32Array;
  /** The mouth that follows it in the footage, −1 for none. */
  readonly next: Int16Array;
}

/** A filmed presenter ready for the frame path: plain data on shared memory. */
export interface FilmData {
  /** Raw frames at the size of the box. */
  readonly path: string;
  readonly frames: number;
  readonly rate: FrameRate;
  /** Of a frame, even. */
  readonly width: number;
  readonly height: number;
  readonly opaque: boolean;
  /** Place on the canvas, even. */
  readonly x: number;
  readonly y: number;
  /** What plays to and fro at rest: frames [from, to). */
  readonly loopFrom: number;
  readonly loopTo: number;
  readonly gestures: readonly FilmGesture[];
  /** See FilmRing. */
  readonly control: SharedArrayBuffer;
  readonly slots: readonly SharedArrayBuffer[];
  /** Indices into `sprites` of the presenter: the first frame, two for each slot, and those that mouths are drawn into. */
  readonly still: number;
  readonly firstSlot: number;
  readonly firstPatch: number;
  /** Six numbers a frame: from a mouth's picture to the frame's pixels. */
  readonly poses: Float32Array;
  readonly usable: Uint8Array;
  /** Two references and the weight of the second (0–256) a frame. */
  readonly blends: Uint16Array;
  readonly tones: Int8Array;
  /** A mouth is drawn in silence as well. */
  readonly always: boolean;
  /** Pictures of mouths, premultiplied YUVA, by mouth × references + reference. */
  readonly bank: Uint8Array;
  readonly patchWidth: number;
  readonly patchHeight: number;
  readonly references: number;
  readonly mouths: MouthFeatures;
  /** All mouths are warps of one picture, so that a change goes through the warps between. */
  readonly isWarped: boolean;
  /** Eyes, nose and mouth on the canvas. */
  readonly face: Box;
}
