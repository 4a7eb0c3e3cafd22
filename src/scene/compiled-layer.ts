import type { BitmapId, YuvaBitmap } from '../core/media/picture.js';
import type { CompiledClips } from './clips/clip-ring.js';

/** Prepared sizes of a layer that pops: POP_FIRST + i·POP_STEP hundredths of full size, past 100 for overshoot. */
export const POP_FIRST = 40;
export const POP_STEP = 9;
export const POP_SIZES = 9;

/**
 * The data the control thread sends to the loop thread: plain, structured-cloneable, with every decision made. Times
 * are frame numbers, positions canvas pixels, opacities 0–256, motion offsets 1/256 pixel. It is never changed after
 * sending.
 */

/** "No end known". */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** How a layer enters or leaves; compiled transitions carry these numbers. */
export const TRANSITION = { none: 0, fade: 1, slide: 2, pop: 3, wipe: 4 } as const;
export const EASING = { linear: 0, easeIn: 1, easeOut: 2, easeInOut: 3, backOut: 4 } as const;

export interface CompiledTransition {
  readonly kind: number;
  readonly frames: number;
  readonly easing: number;
  /** Where a slide starts (enter) or ends (leave), in pixels from the layer's position. */
  readonly dx: number;
  readonly dy: number;
  /** Advances in frames whose distance from its start is a multiple of this. */
  readonly stepFrames: number;
}

/** Keyframes as parallel arrays, ascending by frame. */
export interface CompiledMotion {
  readonly frame: Int32Array;
  readonly dx256: Int32Array;
  readonly dy256: Int32Array;
  readonly opacity: Int32Array;
  readonly easing: Int32Array;
  /** 0: the last keyframe stays. */
  readonly loopFrames: number;
  /** Moves in frames whose distance from its start is a multiple of this. */
  readonly stepFrames: number;
}

/**
 * One bitmap of a layer. `ids` are its variants with the content shifted by (0,0), (1,0), (0,1), (1,1) pixels; a layer
 * that never moves has one, made for an even position.
 */
export interface CompiledSprite {
  readonly ids: readonly [BitmapId, BitmapId, BitmapId, BitmapId];
  /** Relative to the layer's x and y. */
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  /** First frame… */
  readonly fromFrame: number;
  /** …and the frame after the last one. */
  readonly toFrame: number;
}

/** Pictures and clips in turn: each sprite has its `turnFrames`, the last `fadeFrames` of them fading into the next. */
interface CompiledCycle {
  readonly turnFrames: Int32Array;
  readonly fadeFrames: number;
  /** For each sprite: 1 when it covers the box fully, so the one below need not fade out. */
  readonly covers: Uint8Array;
}

/** Sprites that scroll through a window; `period` is the length of one round in pixels. */
interface CompiledScroll {
  readonly period: number;
  /** 1/256 pixels per second; positive runs to the left. */
  readonly speed256: number;
  /** Scroll offset in its first frame, in pixels. */
  readonly phase: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Sprites before this index stand still (the panel). */
  readonly fixed: number;
}

/** By shot: even offsets from the layer's position, and the window through which it is seen (x, y, right, bottom). */
export interface CompiledPlaces {
  readonly dx: Int32Array;
  readonly dy: Int32Array;
  readonly windows: Int32Array;
}

/** Prepared sizes of a popping layer, small to full. */
interface CompiledPop {
  readonly sprites: readonly CompiledSprite[];
}

/** Rows of a growing picture: their place in its full size, and the sprites of the two sets that show them in turn. */
interface PushStrip {
  readonly x: number;
  readonly y: number;
  readonly sprites: readonly [CompiledSprite, CompiledSprite];
}

/** A picture that grows slowly; after `frames` it has its full size. See `PushIn`. */
export interface CompiledPush {
  /** The full size, from which the smaller ones are drawn. */
  readonly source: YuvaBitmap;
  /** Number of sizes before the full one. */
  readonly sizes: number;
  readonly frames: number;
  /** The first size, as a share of the full one. */
  readonly from: number;
  /** The point that stays in place, in pixels of the source. */
  readonly anchorX: number;
  readonly anchorY: number;
  readonly strips: readonly PushStrip[];
}

/** A countdown: ten digits, and parallel arrays with a place in each element. */
export interface CompiledCountdown {
  readonly digits: readonly CompiledSprite[];
  readonly dx: Int32Array;
  readonly modulus: Int32Array;
  readonly divisor: Int32Array;
  /** Sprites before this index show while it runs, the others afterwards. */
  readonly running: number;
  /** First frame after its last second. */
  readonly endFrame: number;
}

export interface CompiledLayer {
  /** Unique in a room's life; a replaced layer keeps its id and gets another key. */
  readonly key: number;
  readonly id: string;
  readonly z: number;
  readonly order: number;
  /** The AI label: above everything, at full opacity, never clipped. */
  readonly topmost: boolean;
  /** Drawn by the presenter's painter. */
  readonly presenter: boolean;
  /** Drawn by the painter of the assistant. */
  readonly assistant: boolean;
  /** Nothing in it changes but words that were judged before it came: a ticker that stands still. */
  readonly wordsOnly: boolean;
  /** One picture that was admitted, or one colour, without a motion of its own. */
  readonly isPicture: boolean;
  /** Drawn by the engine: a sticker of the package, or the letters of judged words alone (`hasWords`). Persons say so themselves. */
  readonly isOwn: boolean;
  readonly hasWords: boolean;
  readonly startFrame: number;
  /** First frame of its leaving, NEVER while it stays. */
  readonly leaveFrame: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly opacity: number;
  /** Bit i: it is in shot i. */
  readonly shots: number;
  /** Null while it stands at its place in every shot. */
  readonly places: CompiledPlaces | null;
  readonly enter: CompiledTransition;
  readonly leave: CompiledTransition;
  readonly motion: CompiledMotion | null;
  /** How far it follows the presenter's sway, in 1/256 pixel at the end of the sway. */
  readonly depth256: number;
  readonly sprites: readonly CompiledSprite[];
  readonly cycle: CompiledCycle | null;
  /** The clips of a cycle; null when all items are pictures. */
  readonly clips: CompiledClips | null;
  readonly scroll: CompiledScroll | null;
  readonly pop: CompiledPop | null;
  readonly push: CompiledPush | null;
  readonly countdown: CompiledCountdown | null;
}
