import type { BitmapId, YuvaBitmap } from '../core/media/picture.js';
import type { CompiledLayer } from './compiled-layer.js';

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
  /** Countdowns whose end moves, since the frame clock and the time of day drift apart. */
  readonly retimes?: readonly { readonly key: number; readonly endFrame: number }[];
}

export const EMPTY_UPDATE: SceneUpdate = { bitmaps: [], layers: [], ends: [], removeBitmaps: [] };
