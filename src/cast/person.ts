import type { Skin, Tone } from './draw/colours.js';

/** A presenter spec worked out to numbers and colours: all that the drawing code reads. Lengths are drawing units. */
export interface Person {
  readonly name: string;
  readonly female: boolean;
  readonly ageYears: number;
  /** 0 at 30 and below … 1 at 60: how much of the lines and folds of age shows. */
  readonly aged: number;
  /** Beard over the jaw, which hides its outline and folds. */
  readonly bearded: boolean;
  readonly skin: Skin;
  readonly hair: Tone;
  readonly brow: string;
  readonly lash: string;
  readonly iris: string;
  readonly lip: string;
  /** Painted nails, or the skin's own. */
  readonly nails: string | null;
  /** Strength of blush and eye colour, 0–1. */
  readonly makeup: number;
  readonly face: FaceShape;
  readonly eye: EyeShape;
  readonly brows: BrowShape;
  readonly nose: NoseShape;
  readonly mouth: MouthSize;
  readonly marks: { readonly freckles: boolean; readonly mole: readonly [number, number] | null };
  readonly body: BodyShape;
}

/** Half widths at temple, cheekbone and jaw corner; chin, jaw corner and top of the skull as heights. */
export interface FaceShape {
  readonly temple: number;
  readonly cheek: number;
  readonly jaw: number;
  readonly jawY: number;
  readonly chin: number;
  readonly chinY: number;
  readonly topY: number;
}

export interface EyeShape {
  readonly halfWidth: number;
  /** Height of the open upper lid above the corner line. */
  readonly lid: number;
  /** Rise of the outer corner over the inner one. */
  readonly rise: number;
  readonly lash: number;
  readonly spacing: number;
  readonly y: number;
  /** A fold above the lid; without it the lid is smooth. */
  readonly fold: boolean;
  /** Depth of the socket's shade, 0–1. */
  readonly depth: number;
}

export interface BrowShape {
  readonly halfWidth: number;
  readonly thickness: number;
  readonly arch: number;
  /** Rise of the outer end. */
  readonly tilt: number;
  readonly y: number;
  readonly spacing: number;
}

export interface NoseShape {
  readonly y: number;
  readonly width: number;
  /** Strength of the bridge's shade, 0–1. */
  readonly bridge: number;
  /** Roundness of the tip: 0 fine, 1 full. */
  readonly tip: number;
  /** Bend of the bridge: positive is aquiline. */
  readonly bend: number;
}

export interface MouthSize {
  readonly halfWidth: number;
  readonly upper: number;
  readonly lower: number;
  readonly y: number;
  readonly smile: number;
  readonly dimples: boolean;
}

export interface BodyShape {
  /** Right shoulder joint. */
  readonly shoulder: readonly [x: number, y: number];
  readonly neck: number;
  readonly waist: number;
  readonly hip: number;
  readonly chest: number;
  readonly arm: {
    readonly shoulder: number;
    readonly elbow: number;
    readonly wrist: number;
    readonly upperLength: number;
    readonly foreLength: number;
  };
  readonly hand: number;
}

/** Heads are drawn larger than life and shown at the size that fits the body: a sixth of its height. */
const HEAD_SCALE = 0.9;
const HEAD_FROM_Y = 486;
const HEAD_TO_Y = 500;
export const headTransform = `translate(500 ${HEAD_TO_Y}) scale(${HEAD_SCALE}) translate(-500 -${HEAD_FROM_Y})`;
/** A height of the head's drawing on the figure. */
export const headY = (y: number): number => HEAD_TO_Y + (y - HEAD_FROM_Y) * HEAD_SCALE;
/** Every head looks 8° to the viewer's right: how far eyes and mouth, the nose and the chin move, in head units. */
export const TURN = { face: 8, nose: 11, chin: 5 } as const;
