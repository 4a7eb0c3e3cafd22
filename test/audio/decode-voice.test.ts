import t from 'tap';
import { decodeVoice } from '../../src/audio/decode-voice.js';
import { ffmpeg } from '../kit/on-air.js';

function wav(channels: number, rateHz: number, dataBytes: number): Buffer {
  const bytes = Buffer.alloc(44 + dataBytes);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE((rateHz * channels * 2) % 2 ** 32, 28);
  bytes.writeUInt16LE((channels * 2) % 2 ** 16, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}

t.test('refuses recordings that would swell, and lists of files', async (t) => {
  const decode = (bytes: Buffer): Promise<Float32Array> => decodeVoice(bytes, ffmpeg, new AbortController().signal);
  for (const [channels, rateHz] of [
    [1, 1],
    [1, 0],
    [0, 48_000],
    [512, 48_000],
    [65_535, 48_000],
    [1, 2 ** 31 - 1],
  ] as const)
    await t.rejects(
      decode(wav(channels, rateHz, 200_000)),
      { code: /E_ASSET_(INVALID|TOO_LARGE)/ },
      `${channels} at ${rateHz}`,
    );
  // Twenty minutes in four megabytes.
  await t.rejects(decode(wav(1, 1600, 2 * 1600 * 1200)), { code: 'E_ASSET_TOO_LARGE' });
  await t.rejects(decode(Buffer.from("ffconcat version 1.0\nfile 'a.wav'\n")), { code: 'E_ASSET_INVALID' });
  await t.rejects(decode(Buffer.from('#EXTM3U\n')), { code: 'E_ASSET_INVALID' });
  t.equal((await decode(wav(1, 16_000, 32_000))).length, 48_000);
});
