// frame path
import type { FrameIndex } from '../core/time.js';
import type { ClipPlayer } from './clips/clip-player.js';
import type { SerialQueue } from './clips/clip-turns.js';
import { type CompiledLayer, NEVER } from './compiled-layer.js';

/** A layer of the scene on air. */
export interface LiveLayer {
  readonly layer: CompiledLayer;
  leaveFrame: number;
  /** Of a countdown: first frame after its last second; NEVER for other layers. */
  countsTo: number;
  /** Null for a layer without a list. */
  readonly turns: SerialQueue | null;
  /** Null for a layer without clips, and for an ended layer. */
  player: ClipPlayer | null;
  /** Covers so much of the picture that its rate may be reduced; see `ClipRateControl`. */
  readonly isLarge: boolean;
}

/** Share of the picture, covered by a clip. */
const LARGE_SHARE = 1 / 16;

/** Whether its largest clip covers much of a picture with this many pixels. */
export function isLargeClip({ clips }: CompiledLayer, pixels: number): boolean {
  let most = 0;
  for (const clip of clips?.items ?? []) if (clip !== null) most = Math.max(most, clip.width * clip.height);
  return most > LARGE_SHARE * pixels;
}

/** First frame without the layer. A layer that leaves before it came is never shown. */
export function endOf(one: LiveLayer): number {
  if (one.leaveFrame >= NEVER) return NEVER;
  return one.leaveFrame <= one.layer.startFrame ? one.leaveFrame : one.leaveFrame + one.layer.leave.frames;
}

/** Whether frame n shows it, and it is a large clip. */
export function playsLarge(one: LiveLayer, n: FrameIndex): boolean {
  return one.isLarge && one.player !== null && n >= one.layer.startFrame && n < endOf(one);
}
