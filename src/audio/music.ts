/** A music bed, decoded and measured. */
export interface Music {
  /** Interleaved stereo at 48 kHz, 32 768 is full scale; its end joins its beginning without a click. */
  readonly pcm: Int16Array<SharedArrayBuffer>;
  /** Integrated loudness in LUFS, −∞ when silent. */
  readonly loudnessLufs: number;
}
