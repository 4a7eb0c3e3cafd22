import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import { audioPatch } from './audio-handle.js';
import { presenterFields, presenterLook } from '../sections/presenter.js';

/** Who presents a running room. */

/** Another presenter, look or voice, on air. */
export const presenterChange = z
  .strictObject({
    role: z.enum(['host', 'assistant']).optional().describe('Who changes; default: the host'),
    pack: presenterFields.pack.optional(),
    look: presenterLook.nullable().optional().describe('Another look; null is the presenter’s own'),
    voice: audioPatch.shape.voice.describe('The voice of coming lines'),
  })
  .refine(
    ({ pack, look, voice }) => pack !== undefined || look !== undefined || voice !== undefined,
    'expected pack, look or voice',
  );

const worn = z.object({
  look: z.unknown().describe('The look that it wears, by name or as clothes; null is its own'),
  looks: z.array(z.string()).describe('Names of its looks; empty for a pack with one look'),
  atFrame: z.number().nullable().describe('First frame with this presenter; null when it was so from the start'),
});
const assistantState = worn.extend({
  pack: z.string().nullable().describe('Null for a voice without a face'),
  voice: z.unknown(),
});

export const presenterState = worn.extend({
  pack: z.string().nullable().describe('Name of an embedded presenter, or the path of a pack'),
  packs: z.array(z.string()).describe('Names of the embedded presenters'),
  drawing: z
    .number()
    .nullable()
    .describe('Share of a person who is drawn for the first time, 0 to 1; null while nobody is'),
  assistant: assistantState.nullable().describe('Null in a room without one'),
});
export type PresenterState = Shape<typeof presenterState>;

export interface PresenterHandle {
  state(): Promise<PresenterState>;
  /**
   * Another presenter or assistant takes over, or the same one changes clothes or voice, once the lines scheduled so far are over; in a room without
   * an output, at once. Throws E_BAD_REQUEST, E_ASSET_MISSING,
   * E_PRESENTER_INVALID or E_VOICE_UNKNOWN, and nothing changes.
   */
  put(body: unknown): Promise<PresenterState>;
}
