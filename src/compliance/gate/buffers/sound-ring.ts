// frame path
import { type MuteCause, SOUND } from '../../../core/verdict.js';

/** The sound of the frames in the window, and of as many released frames as the encoder may still be reading. */
export class SoundRing {
  private readonly blocks: Float32Array[];
  private readonly counts: Int32Array;
  private readonly causes: (MuteCause | undefined)[];

  /** `maxSamples` per channel: the maximum per frame. */
  constructor(size: number, maxSamples: number) {
    this.blocks = Array.from({ length: size }, () => new Float32Array(maxSamples * 2));
    this.counts = new Int32Array(size);
    this.causes = Array.from({ length: size }, () => undefined);
  }

  /** Copies a frame's interleaved stereo, unless it is unjudged. `cause`: why some of it is muted. */
  put(sequence: number, audio: Float32Array, samples: number, cause: MuteCause | undefined): void {
    if (cause === 'unjudged') this.audio(sequence).fill(0, 0, samples * 2);
    else this.audio(sequence).set(audio.subarray(0, samples * 2));
    this.counts[sequence % this.blocks.length] = samples;
    this.causes[sequence % this.blocks.length] = cause;
  }

  /** May be longer than the frame's sound. */
  audio(sequence: number): Float32Array {
    return this.blocks[sequence % this.blocks.length]!;
  }

  cause(sequence: number): MuteCause | undefined {
    return this.causes[sequence % this.blocks.length];
  }

  /** Number of samples per channel. */
  samples(sequence: number): number {
    return this.counts[sequence % this.blocks.length]!;
  }
}

/** The mute cause of a SOUND state; any unknown state counts as unjudged. */
export const muteCause = (sound: number): MuteCause | undefined =>
  sound === SOUND.clean ? undefined : sound === SOUND.violation ? 'violation' : 'unjudged';
