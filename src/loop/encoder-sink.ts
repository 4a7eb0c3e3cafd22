import type { FrameIndex, SampleIndex } from '../core/time.js';

/** Receives released frames and their sound: the encoders when live, files or encoders when offline. */
export interface EncoderSink {
  /** Pictures that wait for the encoder; undefined where nothing waits. */
  readonly waiting?: number;
  /** False when it cannot accept the picture now; the caller keeps the buffer then. */
  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean;
  /** Copies the samples before it returns. False when they were dropped. */
  writeAudio(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean;
}
