import { z } from 'zod';
import type { Shape } from '../shape.js';

/** Undo and save of a running room. */

export const editStep = z.object({
  id: z.number(),
  what: z.string().describe('The edit in words, such as `product "bottle"`'),
  at: z.string().describe('ISO 8601, for people only'),
});
export type EditStep = Shape<typeof editStep>;

export const saveResult = z.object({
  file: z.string(),
  backup: z.string().nullable().describe('Copy of the file as it was; null when nothing had to be written'),
  changed: z.array(z.string()).describe('Changed sections, such as `layers`'),
});
export type SaveResult = Shape<typeof saveResult>;

export const saveOptions = z
  .strictObject({ force: z.boolean().describe('Write even if the file was changed on disk in the meantime') })
  .partial();

export interface HistoryHandle {
  /** Newest first. */
  steps(): readonly EditStep[];
  /** Takes back the newest edit and returns it. Throws E_NOT_FOUND without an edit. */
  undo(): Promise<EditStep>;
  /** Edits that can be made again, the next one first. */
  undone(): readonly EditStep[];
  /** Makes the edit again that was taken back last. Throws E_NOT_FOUND without one. */
  redo(): Promise<EditStep>;
  /** Writes the live state back to the room file. Throws E_ROOM_CHANGED when the file has changed on disk since. */
  save(options?: Shape<typeof saveOptions>): Promise<SaveResult>;
}
