import type { PhonemeMark } from '../speech-provider.js';

/** One piece of a line, as it goes to a service: plain words, without markup and pictures. */
export interface SourceRequest {
  readonly text: string;
  /** BCP-47. */
  readonly language: string;
  /** Speed, 1 is normal. */
  readonly rate: number;
  /** Pitch, 1 is normal. */
  readonly pitch: number;
}

/** A word as a service reports it. */
export interface HeardWord {
  readonly text: string;
  readonly atMs: number;
  /** UTF-16 offset in the request's text, where the service says it. */
  readonly at?: number;
}

export interface SourceClip {
  /** Mono. */
  readonly pcm: Int16Array;
  readonly rateHz: number;
  /** In order; empty when the service times no words. */
  readonly words: readonly HeardWord[];
  /** In samples of `pcm`; empty when the service times no sounds. */
  readonly phonemes: readonly PhonemeMark[];
}

/**
 * A service or model that speaks one voice. Throws a VoiceFault, or the signal's reason when it is aborted. Its key
 * goes into headers and into no message.
 */
export interface VoiceSource {
  /** Identifies voice, model and settings: another identity speaks other samples. Holds no key. */
  readonly identity: string;
  synthesise(request: SourceRequest, signal: AbortSignal): Promise<SourceClip>;
  close?(): Promise<void>;
}

/** A service's voice as the room file sets it, without defaults, and its key. */
export interface SourceSettings {
  readonly name: string;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  readonly style?: string | undefined;
}
