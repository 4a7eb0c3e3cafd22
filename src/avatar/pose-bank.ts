import type { GestureData, HeadPose, PlacedBitmap } from './presenter-data.js';

/** All drawn poses of a presenter. Poses are indices into `sprites`. */
export interface PoseBank {
  readonly sprites: PlacedBitmap[];
  readonly sway: HeadPose[];
  readonly nod: HeadPose[];
  readonly bodyLower: number;
  /** Levels of the weight shift; bodies are numbered by breath × leans + lean, idle arms by breath × 2 + odd pixel. */
  readonly leans: number;
  readonly bodyUpper: number[];
  readonly idleRight: number[];
  readonly idleLeft: number[];
  readonly gestures: GestureData[];
}
