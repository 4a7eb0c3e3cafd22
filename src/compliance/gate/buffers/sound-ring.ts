// frame path
import { type MuteCause, SOUND } from '../../../core/verdict.js';

/** The sound of the frames that wait, and of as many that have left as the encoder may still be reading. */
export class SoundRing {
  private readonly blocks: Float32Array[];
  private readonly counts: Int32Array;
  private readonly causes: (MuteCause | undefined)[];

  /** `maxSamples` per channel: most that one frame brings. */
  constructor(size: number, maxSamples: number) {
    this.blocks = Array.from({ length: size }, () => new Float32Array(maxSamples * 2));
    this.counts = new Int32Array(size);
    this.causes = Array.from({ length: size }, () => undefined);
  }

  /** Copies a frame's interleaved stereo, unless nobody judged it. `cause`: why some of it is not to be heard. */
  put(sequence: number, audio: Float32Array, samples: number, cause: MuteCause | undefined): void {
    if (cause === 'unjudged') this.audio(sequence).fill(0, 0, samples * 2);
    else this.audio(sequence).set(audio.subarray(0, samples * 2));
    this.counts[sequence % this.blocks.length] = samples;
    this.causes[sequence % this.blocks.length] = cause;
  }

  /** Longer than the frame's sound. */
  audio(sequence: number): Float32Array {
    return this.blocks[sequence % this.blocks.length]!;
  }

  cause(sequence: number): MuteCause | undefined {
    return this.causes[sequence % this.blocks.length];
  }

  /** Per channel. */
  samples(sequence: number): number {
    return this.counts[sequence % this.blocks.length]!;
  }
}

/** Of one of SOUND; whatever else it is, nobody judged it. */
export const muteCause = (sound: number): MuteCause | undefined =>
  sound === SOUND.clean ? undefined : sound === SOUND.violation ? 'violation' : 'unjudged';
