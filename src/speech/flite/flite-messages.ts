/** Messages between the engine and the process of the Flite voices (Node IPC, advanced serialisation). */

export interface FliteJob {
  /** Lower-case words and punctuation only. */
  readonly text: string;
  /** The same words with a comma after each token of the written text: shows which sounds belong to which token. */
  readonly spaced: string;
  /** Flite's name of the voice: `slt`. */
  readonly voice: string;
  /** Duration factor; 1 is the voice's default. */
  readonly stretch: number;
  /** Pitch factor; 1 is the voice's default. Voices without pitch control ignore it. */
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

/** Offered voices of the package, and the voice that is used only for analysis (fast, never heard). */
export const FLITE_READER = 'kal16';
