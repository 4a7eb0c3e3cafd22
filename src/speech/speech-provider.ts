import type { Closeable } from '../core/closeable.js';
import type { VoiceSnapshot } from '../config/api/room-handle.js';
import type { SpokenText } from './spoken-text.js';

/** A voice that can be selected by name. */
export interface VoiceInfo {
  /** Its `voice.name` in a room: `en-US`, `en-US+f3`. */
  readonly name: string;
  /** For display: `English (America)`. */
  readonly title: string;
  /** BCP-47 tags it serves, best first. */
  readonly languages: readonly string[];
  readonly provider: string;
  readonly gender?: Gender;
}

export type Gender = 'female' | 'male';

/** One piece of text to speak. */
export interface SpeakRequest {
  readonly text: string;
  /** BCP-47. */
  readonly language: string;
  readonly voice: VoiceInfo;
  /** Speed, 1 is normal. */
  readonly rate: number;
  /** Pitch, 1 is normal, 2 an octave up. */
  readonly pitch: number;
  /** Another take of the same line: same request and seed, same samples. */
  readonly seed?: number;
  /** How soon it is needed; default: `line`. */
  readonly priority?: 'reply' | 'line' | 'ahead';
  /** The embedded voice that speaks where a service cannot. */
  readonly standIn?: { readonly voice: VoiceInfo; readonly rate: number; readonly pitch: number };
}

/** A word begins: this sample of the chunk speaks the text at this UTF-16 offset of the request. */
export interface WordMark {
  readonly char: number;
  readonly sample: number;
}

/** A sound of the chunk; `ipa` is empty in a pause. */
export interface PhonemeMark {
  readonly ipa: string;
  readonly startSample: number;
  readonly endSample: number;
}

/** Sound with its marks, all counted in the chunk's own samples. Chunks meet in pauses. */
export interface SpeechChunk {
  /** Mono, −1…1. */
  readonly pcm: Float32Array;
  readonly sampleRateHz: number;
  readonly words: readonly WordMark[];
  readonly phonemes: readonly PhonemeMark[];
  /** UTF-16 range of the request's text that this chunk speaks. */
  readonly startChar: number;
  readonly endChar: number;
  /** The words were timed by comparison with another voice. */
  readonly aligned?: boolean;
  /** The voice that spoke, where it is not the requested one. */
  readonly voice?: string;
  /** How the sound is shaped; default: `formant`. */
  readonly shape?: VoiceShape;
  /** Silence before it, after another chunk; default 280. */
  readonly pauseMs?: number;
}

/**
 * `formant`: a synthesiser's hard tone is corrected. `natural`: a person's voice is levelled and de-essed. `even`: a voice
 * that is level by itself only loses its rumble.
 */
type VoiceShape = 'formant' | 'natural' | 'even';

/**
 * A speech synthesiser. `speak` yields chunks as they are ready, and throws the signal's reason when it is aborted. The
 * text is plain: markup in it has no meaning.
 */
export interface SpeechProvider extends Closeable {
  readonly id: string;
  start(): Promise<void>;
  voices(): Promise<readonly VoiceInfo[]>;
  /** The text actually spoken, where it differs: its words are judged as well. */
  spoken?(text: string, language: string): SpokenText;
  speak(request: SpeakRequest, signal: AbortSignal): AsyncIterable<SpeechChunk>;
  /** A voice that is not in the list: a service's own id. */
  named?(provider: string, name: string, language: string): VoiceInfo | undefined;
  /** A voice for a language that no listed voice speaks. */
  serves?(language: string): VoiceInfo | undefined;
  /** A human voice for a person's lines in a language, where one is installed. */
  human?(language: string, gender: Gender, person: string): VoiceInfo | undefined;
  /** A line with this voice is likely soon, and somebody waits for it: makes ready whatever takes time to start. */
  warm?(request: Pick<SpeakRequest, 'language' | 'voice'>): void;
  /** Services and models, in the order in which they are tried. */
  health?(): readonly VoiceSnapshot[];
  /** Prepares a line for later where that saves work then; false when there was nothing to do. */
  keep?(request: SpeakRequest, signal: AbortSignal): Promise<boolean>;
}
