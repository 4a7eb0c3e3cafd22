export interface MeaningJob {
  /** Comments or questions, at most MAX_TEXTS. */
  readonly texts: readonly string[];
}

export interface MeaningDone {
  /** MEANING_SIZE numbers a text, of length 1: the dot product of two is their likeness. */
  readonly vectors: Float32Array;
}

export const MEANING_SIZE = 384;
/** A batch longer than this would hold up the voice, which shares the process. */
export const MAX_TEXTS = 64;
