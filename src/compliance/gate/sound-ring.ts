// frame path
/** The sound of the frames that wait, and of as many that have left as the encoder may still be reading. */
export class SoundRing {
  private readonly blocks: Float32Array[];
  private readonly counts: Int32Array;

  /** `maxSamples` per channel: most that one frame brings. */
  constructor(size: number, maxSamples: number) {
    this.blocks = Array.from({ length: size }, () => new Float32Array(maxSamples * 2));
    this.counts = new Int32Array(size);
  }

  /** Copies a frame's interleaved stereo. */
  put(sequence: number, audio: Float32Array, samples: number): void {
    this.audio(sequence).set(audio.subarray(0, samples * 2));
    this.counts[sequence % this.blocks.length] = samples;
  }

  /** Longer than the frame's sound. */
  audio(sequence: number): Float32Array {
    return this.blocks[sequence % this.blocks.length]!;
  }

  /** Per channel. */
  samples(sequence: number): number {
    return this.counts[sequence % this.blocks.length]!;
  }
}
