import { z } from 'zod';
import { SHOTS } from '../sections/shots.js';
import type { Shape } from '../value-fault.js';

/** The layers of a running room. Bodies are checked by the room: a layer as in the room file. */

/** A box in pixels. */
const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const layerState = z.object({
  id: z.string(),
  layer: z.unknown().describe('As the room file would have it'),
  box: box
    .nullable()
    .describe(
      'Its place at rest in the shot on the picture, in pixels, before a turn; null while it is not on the picture',
    ),
  can: z
    .object({ resize: z.boolean(), turn: z.boolean(), hide: z.boolean(), remove: z.boolean() })
    .describe('What can be done to it besides moving it'),
});
export type LayerState = Shape<typeof layerState>;

export const layerList = z.object({
  canvas: z.object({ width: z.number(), height: z.number() }).describe('The picture that boxes are measured in'),
  shot: z.enum(SHOTS).describe('The shot on the picture; layers that name shots are in some of them only'),
  layers: z.array(layerState).describe('From bottom to top; those that wait for a line last'),
});
export type LayerList = Shape<typeof layerList>;

export const placedLayer = z.object({
  id: z.string(),
  atFrame: z.number(),
  box: box.nullable().describe('Its place at rest from that frame on'),
});
export type PlacedLayer = Shape<typeof placedLayer>;

/** Edits with the same `gesture` that follow each other are one step to take back. */
export const editOptions = z.object({
  gesture: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Edits with the same value that follow each other are one step of undo, such as all those of one drag'),
});
export type EditOptions = Shape<typeof editOptions>;

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
