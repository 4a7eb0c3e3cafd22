import type { BitmapId, YuvaBitmap } from '../core/media/picture.js';
import type { CompiledLayer } from './compiled-layer.js';

/** From that frame on another shot is on the picture. */
export interface ShotCut {
  readonly atFrame: number;
  /** Its index in SHOTS. */
  readonly shot: number;
}

/** A change of the scene, from the control thread to the loop's: plain data, bitmaps on shared memory. */
export interface SceneUpdate {
  readonly bitmaps: readonly { readonly id: BitmapId; readonly bitmap: YuvaBitmap }[];
  readonly layers: readonly CompiledLayer[];
  /** Layers that begin to leave at a frame. */
  readonly ends: readonly {
    readonly key: number;
    readonly atFrame: number;
    /** Gone in that frame, without its way of leaving. */
    readonly cut?: boolean;
  }[];
  /** Bitmaps that are unused from a frame on. */
  readonly removeBitmaps: readonly { readonly id: BitmapId; readonly atFrame: number }[];
  /** Cuts between shots: they replace all that are due from a frame on. */
  readonly cuts?: { readonly fromFrame: number; readonly shots: readonly ShotCut[] };
  /** Countdowns whose end moves, since the frame clock and the time of day drift apart. */
  readonly retimes?: readonly { readonly key: number; readonly endFrame: number }[];
}

export const EMPTY_UPDATE: SceneUpdate = { bitmaps: [], layers: [], ends: [], removeBitmaps: [] };
