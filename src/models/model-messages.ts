export interface EnglishJob {
  /** Plain text without markup, amounts in spoken order (`29.99 dollars`). */
  readonly text: string;
}

/** A run of text without spaces and what follows it. */
export interface EnglishWord {
  /** Symbols of Kokoro's alphabet; empty for a silent sign. */
  readonly symbols: string;
  /** UTF-16 offset in the job's text. */
  readonly at: number;
  /** Marks of punctuation after the word, as symbols. */
  readonly pause: string;
  /** Part of an amount of money. */
  readonly price: boolean;
}

export interface EnglishDone {
  readonly words: readonly EnglishWord[];
}

export interface SpeakerShape {
  /** Factor of the vocal tract's resonances: below 1 a larger speaker. */
  readonly formants: number;
  /** Factor of the mean pitch. */
  readonly pitch: number;
  /** Factor of the pitch's excursions around its mean. */
  readonly range: number;
}

export interface HeartJob {
  /** Symbols of vocab.json, at most MAX_SYMBOLS; the zeros at both ends are added. */
  readonly ids: readonly number[];
  /** Speed, 1 is normal. */
  readonly speed: number;
  /** Of the noise: same ids, speed and seed, same samples. */
  readonly seed: number;
  /** Factor of the pitch's excursions around its mean; default 1, at most 1.3. */
  readonly excursion?: number;
  /** Another speaker; default: heart herself. */
  readonly speaker?: SpeakerShape & { readonly tilt?: number; readonly breath?: number };
  /** Of each id: how much longer it becomes, and the factor of its pitch. */
  readonly stretch?: readonly number[];
  readonly lift?: readonly number[];
  /** Places of ids, pauses, that become equally long. */
  readonly even?: readonly number[];
}

export interface HeartDone {
  /** Mono at HEART_RATE_HZ. */
  readonly pcm: Int16Array;
  /** Samples of each id, including the zeros at both ends. */
  readonly samples: Int32Array;
  /** Hz of each FRAME_SAMPLES of heart's own sound, 0 where unvoiced. */
  readonly f0: Float32Array;
}

export const HEART_RATE_HZ = 24_000;
export const FRAME_SAMPLES = 300;
export const MAX_SYMBOLS = 398;

/** Words of a Japanese text with their readings. */
export interface JapaneseJob {
  readonly text: string;
}

export interface JapaneseWord {
  readonly written: string;
  /** UTF-16 offset in the text. */
  readonly at: number;
  /** As it is said, in katakana; empty where the dictionary does not know. */
  readonly said: string;
  /** A particle or ending, which belongs to the word before it. */
  readonly leans: boolean;
}

export interface JapaneseDone {
  readonly words: readonly JapaneseWord[];
}

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

/** The jobs of the model process: what each takes and what it answers (Node IPC, advanced serialisation). */
export interface ModelJobs {
  english: { job: EnglishJob; done: EnglishDone };
  heart: { job: HeartJob; done: HeartDone };
  japanese: { job: JapaneseJob; done: JapaneseDone };
  meaning: { job: MeaningJob; done: MeaningDone };
}

export type JobName = keyof ModelJobs;

export interface ModelRequest<Name extends JobName = JobName> {
  readonly name: Name;
  readonly job: ModelJobs[Name]['job'];
}
