import type { Tone } from '../draw/colours.js';
import { gradientAlong } from '../draw/shapes.js';
import type { FaceShape } from '../person.js';

/** A hair style drawn on a head. */
export interface HairArt {
  /** Behind the head. */
  readonly back: string;
  /** Before face and shoulders. */
  readonly front: string;
  /** The mass on the right of the parting, where the hair has one. */
  readonly right: string;
  /** Outline of the front hair, whose shadow falls on the forehead. */
  readonly cast: string;
  /** Directly on the skull, clipped to the face: cropped hair. */
  readonly over: string;
  readonly ears: boolean;
}

export interface HairBrush {
  readonly tone: Tone;
  readonly face: FaceShape;
  /** Half width of the head at the temples. */
  readonly t: number;
  /** Top of the skull. */
  readonly top: number;
}

export type HairStyle = (brush: HairBrush) => HairArt;

/** The gradients that all pieces of one part share. */
const hairDefs = ({ tone }: HairBrush): string =>
  `<defs>${gradientAlong(
    'hair',
    [470, 110],
    [540, 640],
    [
      [0, tone.light],
      [0.1, tone.base],
      [0.45, tone.base],
      [1, tone.shade],
    ],
  )}` +
  `${gradientAlong(
    'hairback',
    [500, 160],
    [500, 700],
    [
      [0, tone.deep],
      [0.5, tone.shade],
      [1, tone.base],
    ],
  )}` +
  `${gradientAlong(
    'hairside',
    [390, 0],
    [620, 0],
    [
      [0, tone.base],
      [0.3, tone.base],
      [1, tone.shade],
    ],
  )}${gradientAlong(
    'hairrim',
    [530, 0],
    [610, 0],
    [
      [0, '#ffd9b0', 0.1],
      [1, '#ffd9b0', 1],
    ],
  )}</defs>`;

export const art = (brush: HairBrush, a: Partial<HairArt>): HairArt => ({
  back: a.back === undefined || a.back === '' ? '' : hairDefs(brush) + a.back,
  front: a.front === undefined || a.front === '' ? '' : hairDefs(brush) + a.front,
  right: a.right === undefined || a.right === '' ? '' : hairDefs(brush) + a.right,
  cast: a.cast ?? '',
  over: a.over ?? '',
  ears: a.ears ?? true,
});
