/** Undo and save of a running room. */

export interface EditStep {
  readonly id: number;
  /** The edit in words, such as `product "bottle"`. */
  readonly what: string;
  /** ISO 8601, for people only. */
  readonly at: string;
}

export interface SaveResult {
  readonly file: string;
  /** Copy of the file as it was; null when nothing had to be written. */
  readonly backup: string | null;
  /** Changed sections, such as `layers`. */
  readonly changed: readonly string[];
}

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
  save(options?: { readonly force?: boolean | undefined }): Promise<SaveResult>;
}
