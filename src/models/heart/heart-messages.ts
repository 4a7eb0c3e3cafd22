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
