import { Resampler } from '../core/resample.js';

const RATE_HZ = 16_000;
const HEADER_BYTES = 44;

/** Mono sound (−1…1, 48 kHz) as a 16-bit WAV at 16 kHz: speech, at 32 kB a second. */
export function wavBytes(pcm: Float32Array): Uint8Array {
  const sound = new Resampler(48_000, RATE_HZ).convert(pcm);
  const bytes = Buffer.alloc(HEADER_BYTES + sound.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE_HZ, 24);
  bytes.writeUInt32LE(RATE_HZ * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(sound.length * 2, 40);
  for (let i = 0; i < sound.length; i += 1) {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sound[i]!)) * 32_767), HEADER_BYTES + i * 2);
  }
  return bytes;
}
