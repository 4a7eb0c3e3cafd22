import type { Closeable } from '../../core/closeable.js';

/** A stretch of a sound with its words, in milliseconds from its beginning. */
export interface HeardText {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The words of a sound. */
export interface Transcript {
  readonly text: string;
  /** Words with times; empty when the recogniser gives none. */
  readonly words: readonly HeardText[];
  /** Sentences or phrases with times; empty when the recogniser gives none. */
  readonly segments: readonly HeardText[];
}

export interface RecogniseRequest {
  /** Mono, 16 kHz, −1…1. */
  readonly pcm: Float32Array;
  /** BCP-47. */
  readonly language: string;
  readonly signal: AbortSignal;
}

export const RECOGNISER_RATE_HZ = 16_000;

/** Transcribes speech. */
export interface Recogniser extends Closeable {
  /** For people: the model and where it runs, without a key. */
  readonly name: string;
  /** Throws E_RECOGNISER_FAILED, also when it takes too long, and the signal's reason. */
  recognise(request: RecogniseRequest): Promise<Transcript>;
}
