/** Speech in the form used by the rest of the engine, whichever provider made it. */

export interface WordTiming {
  /** The word as written in the text. */
  readonly text: string;
  /** Half-open range of UTF-16 offsets in the utterance's text. */
  readonly startChar: number;
  readonly endChar: number;
  /** Half-open range of samples at 48 kHz from the utterance's first sample. */
  readonly startSample: number;
  readonly endSample: number;
  /**
   * False when the provider gave no event for this word and its start was interpolated. A mute of that word begins
   * and ends at the nearest exact words.
   */
  readonly exact?: boolean;
}

export interface PhonemeTiming {
  /** IPA, without stress marks. */
  readonly ipa: string;
  readonly startSample: number;
  readonly endSample: number;
}

/** One spoken line. `pcm` is mono, 48 kHz, −1…1, on shared memory. */
export interface Utterance {
  readonly id: string;
  readonly text: string;
  /** BCP-47. */
  readonly language: string;
  readonly voice: string;
  readonly pcm: Float32Array<SharedArrayBuffer>;
  readonly words: readonly WordTiming[];
  readonly phonemes: readonly PhonemeTiming[];
  /** The words were timed by comparison with another voice, so a mute of them is wider. */
  readonly aligned?: boolean;
  /** Integrated loudness of the original `pcm` as one channel (ITU-R BS.1770), in LUFS; −∞ for silence. */
  readonly loudnessLufs: number;
  /** Added at both ends of a mute, where the times of words are a listener's and not the synthesiser's. */
  readonly muteGuardSamples?: number;
}

/** A span of an utterance that must not be heard, in samples from its start. */
export interface MuteSpan {
  readonly startSample: number;
  readonly endSample: number;
  /** Rule id, such as `3.2`. */
  readonly rule: string;
  /** A tone instead of silence; default: the line's setting. */
  readonly tone?: boolean;
}

/**
 * The 15 Oculus visemes in this order; mouth tracks store the index.
 * https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference/
 */
export const VISEMES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'] as const;
export type Viseme = (typeof VISEMES)[number];

/**
 * The mouth of one utterance, one value per video frame: the viseme to show (index into VISEMES) and how open it is,
 * 0–255.
 */
export interface MouthTrack {
  readonly viseme: Uint8Array;
  readonly openness: Uint8Array;
}

/** How a line is acted beside its mouth; all in frames. */
export interface Acting {
  /** Nods on stressed words, counted from the line's first frame. */
  readonly nods: Uint16Array;
  /** How long the presenter smiles after the line. */
  readonly smileFrames: number;
  /** How long it listens before the line, which answers a viewer. */
  readonly listenFrames: number;
  /** How long its eyes then read the comment. */
  readonly readFrames: number;
}
