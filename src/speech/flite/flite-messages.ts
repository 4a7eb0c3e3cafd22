/** What passes between the engine and the process of the Flite voices (Node IPC, advanced serialisation). */

export interface FliteJob {
  /** Lower-case words and punctuation only. */
  readonly text: string;
  /** The same words, one token of the written text between commas: tells which sounds are whose. */
  readonly spaced: string;
  /** Flite's own name of the voice: `slt`. */
  readonly voice: string;
  /** Duration, 1 is the voice's own. */
  readonly stretch: number;
  /** Pitch, 1 is the voice's own. Voices that do not know it speak as ever. */
  readonly f0Shift: number;
}

export interface FlitePhone {
  /** ARPAbet in lower case, `pau` for a pause. */
  readonly name: string;
  readonly endSeconds: number;
}

export interface FliteDone {
  readonly rateHz: number;
  readonly pcm: Int16Array;
  readonly phones: readonly FlitePhone[];
  /** Sounds of each token of `spaced`, in order. */
  readonly tokens: readonly (readonly string[])[];
}

/** Voices of the package that are offered, and which of its voices only reads (fast, never heard). */
export const FLITE_READER = 'kal16';
