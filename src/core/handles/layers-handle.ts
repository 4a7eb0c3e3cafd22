import type { Box } from '../verdict.js';

/** The layers of a running room. Bodies are checked by the room: a layer as in the room file. */

export interface LayerState {
  readonly id: string;
  /** As the room file would have it. */
  readonly layer: unknown;
  /** Its place at rest in pixels, before a turn; null while it is not on the picture. */
  readonly box: Box | null;
  /** What can be done to it besides moving it. */
  readonly can: { readonly resize: boolean; readonly turn: boolean; readonly hide: boolean; readonly remove: boolean };
}

export interface LayerList {
  /** The picture that boxes are measured in. */
  readonly canvas: { readonly width: number; readonly height: number };
  /** From bottom to top; those that wait for a line last. */
  readonly layers: readonly LayerState[];
}

export interface PlacedLayer {
  readonly id: string;
  readonly atFrame: number;
  /** Its place at rest from that frame on. */
  readonly box: Box | null;
}

/** Edits with the same `gesture` that follow each other are one step to take back. */
export interface EditOptions {
  readonly gesture?: string | undefined;
}

export interface LayersHandle {
  list(): LayerList;
  /** Adds or replaces a layer, judged before it is shown. Throws E_LAYER_INVALID, E_TEXT_REFUSED, E_ASSET_REFUSED. */
  put(id: string, layer: unknown, options?: EditOptions): Promise<PlacedLayer>;
  /** JSON Merge Patch (RFC 7396). Throws E_LAYER_UNKNOWN for a layer that is not there. */
  patch(id: string, patch: unknown, options?: EditOptions): Promise<PlacedLayer>;
  /** Stacks the layers in this order, the lowest first; those that are not named stay where they are. */
  order(ids: readonly string[]): Promise<LayerList>;
  remove(id: string): Promise<void>;
}
