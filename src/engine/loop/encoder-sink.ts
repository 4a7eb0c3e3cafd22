import type { FrameIndex, SampleIndex } from '../../core/time.js';

/** Where released frames and their sound go: the encoders when live, files or encoders when offline. */
export interface EncoderSink {
  /** False when it cannot take the picture now; then the buffer stays the caller's. */
  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean;
  /** The samples are copied before it returns. False when they were dropped. */
  writeAudio(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean;
}
