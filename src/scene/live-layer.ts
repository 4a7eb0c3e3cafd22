// frame path
import type { FrameIndex } from '../core/time.js';
import type { ClipPlayer } from './clips/clip-player.js';
import type { SerialQueue } from './clips/clip-turns.js';
import { type CompiledLayer, NEVER } from './compiled-layer.js';

/** A layer of the scene as it is on air. */
export interface LiveLayer {
  readonly layer: CompiledLayer;
  leaveFrame: number;
  /** Null for a layer without a list. */
  readonly turns: SerialQueue | null;
  /** Null for a layer without clips, and for one that is over. */
  player: ClipPlayer | null;
  /** Covers so much of the picture that it may have to go slower; see `ClipRateControl`. */
  readonly isLarge: boolean;
}

/** Of the picture, that a clip covers. */
const LARGE_SHARE = 1 / 16;

/** Whether its largest clip covers much of a picture of so many pixels. */
export function isLargeClip({ clips }: CompiledLayer, pixels: number): boolean {
  let most = 0;
  for (const clip of clips?.items ?? []) if (clip !== null) most = Math.max(most, clip.width * clip.height);
  return most > LARGE_SHARE * pixels;
}

/** First frame in which a layer is gone. One that is told to leave before it came never shows. */
export function endOf(one: LiveLayer): number {
  if (one.leaveFrame >= NEVER) return NEVER;
  return one.leaveFrame <= one.layer.startFrame ? one.leaveFrame : one.leaveFrame + one.layer.leave.frames;
}

/** Whether frame n shows it, and it is a large clip. */
export function playsLarge(one: LiveLayer, n: FrameIndex): boolean {
  return one.isLarge && one.player !== null && n >= one.layer.startFrame && n < endOf(one);
}
