/** Messages between the engine and its synthesiser process (Node IPC, advanced serialisation). */

export interface EspeakVoice {
  readonly name: string;
  readonly identifier: string;
  readonly languages: readonly string[];
}

export interface EspeakJob {
  readonly text: string;
  readonly voice: string;
  /** Words per minute. */
  readonly rate: number;
  /** 0–99; 50 is the voice's default. */
  readonly pitch: number;
}

type EspeakEventType = 'word' | 'phoneme' | 'end';

export interface EspeakEvent {
  readonly type: EspeakEventType;
  /** Milliseconds from the start of the sound. */
  readonly ms: number;
  /** Code points before the word in the given text (word events). */
  readonly position: number;
  /** espeak's name of the sound (phoneme events). */
  readonly name: string;
}

export interface EspeakReady {
  readonly voices: readonly EspeakVoice[];
  readonly variants: readonly string[];
}

export interface EspeakDone {
  readonly rateHz: number;
  readonly pcm: Int16Array;
  readonly events: readonly EspeakEvent[];
}
