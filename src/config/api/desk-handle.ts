import { z } from 'zod';
import type { Shape } from '../value-fault.js';

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

/** Length of the longest clip. */
export const MAX_CLIP_SECONDS = 60;

/** What an operator's desk sees and does beside the other handles of a running room. */

/** A reply rule of the room, on or off. */
export const deskRule = z.object({ id: z.string(), match: z.string(), kinds: z.array(z.string()), on: z.boolean() });
export type DeskRule = Shape<typeof deskRule>;

/** A viewer whose comments are neither answered nor shown. */
export const hiddenViewer = z.strictObject({ platform: z.string().min(1).max(40), user: z.string().min(1).max(200) });
export type HiddenViewer = Shape<typeof hiddenViewer>;

export const deskMachine = z.object({
  cpu: z.number().describe('Busy share of all cores, 0 to 1'),
  memoryBytes: z.number().describe("Resident memory of the engine's process"),
  diskFreeBytes: z.number().nullable().describe('Free on the disk of the ledger; null before it is known'),
});
export type DeskMachine = Shape<typeof deskMachine>;

export interface StoredFile {
  readonly contentType: string;
  readonly body: Buffer;
}

export const alarmChoice = z.strictObject({ kind: z.string().max(40), subject: z.string().max(200) }).partial();

/** The outcome of a line from outside. */
export const sayResult = z.object({
  id: z.string().describe('Empty when refused'),
  result: z.enum(['queued', 'refused']).describe('`refused`: no part of it is spoken'),
  reason: z
    .object({ en: z.string(), zh: z.string() })
    .exactOptional()
    .describe('Why it was refused, in plain words: "phone number / outside contact"'),
  hits: z.array(z.object({ rule: z.string(), kind: z.string(), match: z.string() })),
});
export type SayResult = Shape<typeof sayResult>;

export interface DeskHandle {
  rules(): readonly DeskRule[];
  /** Throws E_NOT_FOUND. */
  setRule(id: string, on: boolean): void;
  /** Speaks an answer to a comment, judged first. Throws E_NOT_FOUND. */
  answerComment(seq: number, text: string): Promise<SayResult>;
  /** Shows a comment on the picture, judged first; a refused one is answered with the reason. Throws E_NOT_FOUND. */
  showComment(seq: number): Promise<SayResult>;
  hidden(): readonly HiddenViewer[];
  hide(viewer: HiddenViewer): void;
  unhide(viewer: HiddenViewer): void;
  /** Adds an output, or replaces the one of that id. Throws E_OUTPUT_INVALID. */
  putOutput(id: string, body: unknown): Promise<void>;
  /** Throws E_NOT_FOUND. */
  removeOutput(id: string): Promise<void>;
  /** Ends the connection and makes a new one at once. Throws E_NOT_FOUND. */
  reconnectOutput(id: string): void;
  /** Records into the room's folder, beside the recordings of the room file. */
  record(on: boolean): Promise<void>;
  /** Keeps the last seconds for clips while somebody looks on. */
  keepClips(on: boolean): void;
  /** The last seconds as MP4. Throws E_NOT_FOUND while there are none. */
  clip(seconds: number): Promise<Buffer>;
  /** Withheld content by the name in the ledger. Throws E_NOT_FOUND. */
  evidence(name: string): Promise<StoredFile>;
  /** A small picture of a product. Throws E_NOT_FOUND. */
  productPicture(id: string): Promise<StoredFile>;
  machine(): DeskMachine;
  /** Marks active alarms as seen; all without a kind. Returns how many there were. */
  acknowledge(which: Shape<typeof alarmChoice>, by: string): number;
}
