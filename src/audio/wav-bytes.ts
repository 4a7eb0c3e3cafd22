import { monoWav } from './mono-wav.js';
import { Resampler } from '../core/audio/resample.js';

const RATE_HZ = 16_000;

/** Mono sound (−1…1, 48 kHz) as a 16-bit WAV at 16 kHz: speech quality, 32 kB a second. */
export const wavBytes = (pcm: Float32Array): Uint8Array =>
  monoWav(new Resampler(48_000, RATE_HZ).convert(pcm), RATE_HZ);
