/** A mono sound as a WAV file of 16 bits. */
export function wavOf(pcm: Float32Array, rateHz: number): Buffer<ArrayBuffer> {
  const wav = Buffer.alloc(44 + 2 * pcm.length);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + 2 * pcm.length, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rateHz, 24);
  wav.writeUInt32LE(2 * rateHz, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(2 * pcm.length, 40);
  for (let i = 0; i < pcm.length; i += 1)
    wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, pcm[i]!)) * 32_767), 44 + 2 * i);
  return wav;
}
