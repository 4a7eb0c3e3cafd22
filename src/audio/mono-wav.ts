import { Resampler } from '../core/audio/resample.js';

const HEADER_BYTES = 44;

/** Mono sound (−1…1) as a 16-bit PCM WAV file (Microsoft "Multimedia Programming Interface and Data Specifications 1.0"). */
export function monoWav(pcm: Float32Array, rateHz: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(HEADER_BYTES + pcm.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(pcm.length * 2, 40);
  for (let i = 0; i < pcm.length; i += 1) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, pcm[i]!)) * 32_767), HEADER_BYTES + i * 2);
  }
  return bytes;
}

const RATE_HZ = 16_000;

/** Mono sound (−1…1, 48 kHz) as a 16-bit WAV at 16 kHz: speech quality, 32 kB a second. */
export const wavBytes = (pcm: Float32Array): Uint8Array =>
  monoWav(new Resampler(48_000, RATE_HZ).convert(pcm), RATE_HZ);
