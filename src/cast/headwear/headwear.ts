import type { Tone } from '../draw/colours.js';
import type { FaceShape } from '../person.js';

/** Something worn on the head. */
export interface Headwear {
  readonly back: string;
  readonly front: string;
  /** Outline whose shadow falls on the face. */
  readonly cast: string;
  /** Hair that shows with it: all, only hair below the ears and behind, or none. */
  readonly hair: 'all' | 'back' | 'none';
  readonly ears: boolean;
}

export type HeadwearMaker = (face: FaceShape, cloth: Tone, accent: Tone) => Headwear;
