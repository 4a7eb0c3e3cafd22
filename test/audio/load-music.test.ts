import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { loadMusic, type Music, readWav } from '../../src/audio/load-music.js';
import { GainRamp } from '../../src/audio/speech-slot.js';
import { Biquad, highPass } from '../../src/core/audio/loudness.js';
import { templatePath } from '../../src/core/files/paths.js';

const require = createRequire(import.meta.url);
const packaged = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;
// An impossible folder: nothing is cached, so each test decodes.
const options = { ffmpegPath: packaged, signal: new AbortController().signal, cacheDir: '/dev/null/none' };

function wav(code: number, channels: number, rateHz: number, bits: number, data: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(code, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE((rateHz * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
/** Two seconds of 100 Hz: 200 whole periods, so a loop without a seam. */
const tone = (rateHz: number, write: (buffer: Buffer, i: number, x: number) => void, width: number): Buffer => {
  const data = Buffer.alloc(rateHz * 2 * width);
  for (let i = 0; i < rateHz * 2; i += 1) write(data, i, 0.5 * Math.sin((2 * Math.PI * 100 * i) / rateHz));
  return data;
};
const i16 = (b: Buffer, i: number, x: number): number => b.writeInt16LE(Math.round(x * 32_767), i * 2);
const i24 = (b: Buffer, i: number, x: number): number => b.writeIntLE(Math.round(x * 8_388_607), i * 3, 3);
const f32 = (b: Buffer, i: number, x: number): number => b.writeFloatLE(x, i * 4);

t.test('reads WAV of every coding as stereo at 48 kHz without ffmpeg', async (t) => {
  const dir = t.testdir();
  const kinds: [string, Buffer][] = [
    ['i16', wav(1, 1, 48_000, 16, tone(48_000, i16, 2))],
    ['i24', wav(1, 1, 48_000, 24, tone(48_000, i24, 3))],
    ['f32', wav(3, 1, 48_000, 32, tone(48_000, f32, 4))],
    ['i16-32k', wav(1, 1, 32_000, 16, tone(32_000, i16, 2))],
  ];
  for (const [name, bytes] of kinds) {
    const file = join(dir, `${name}.wav`);
    writeFileSync(file, bytes);
    const { pcm, loudnessLufs } = await loadMusic(file, { ...options, ffmpegPath: '/nonexistent' });
    t.equal(pcm.length, 2 * 96_000, name);
    let worst = 0;
    for (let i = 4800; i < 91_000; i += 1) {
      const expected = 0.5 * Math.sin((2 * Math.PI * 100 * i) / 48_000);
      worst = Math.max(worst, Math.abs(pcm[2 * i]! / 32_768 - expected), Math.abs(pcm[2 * i + 1]! / 32_768 - expected));
    }
    t.ok(worst < 2e-4, `${name}: differs by ${worst}`);
    t.ok(loudnessLufs > -9 && loudnessLufs < -6, `${loudnessLufs} LUFS`);
  }
});

t.test('fades the seam of a loop that does not join and leaves a seamless loop alone', async (t) => {
  const dir = t.testdir();
  const data = Buffer.alloc(96_000 * 4);
  for (let i = 0; i < 96_000; i += 1) f32(data, i, 0.5 * Math.cos((2 * Math.PI * 100.25 * i) / 48_000));
  writeFileSync(join(dir, 'rough.wav'), wav(3, 1, 48_000, 32, data));
  writeFileSync(join(dir, 'smooth.wav'), wav(3, 1, 48_000, 32, tone(48_000, f32, 4)));
  const rough = (await loadMusic(join(dir, 'rough.wav'), options)).pcm;
  t.ok(Math.abs(rough[0]! - rough.at(-2)!) / 32_768 < 0.01);
  const smooth = (await loadMusic(join(dir, 'smooth.wav'), options)).pcm;
  t.ok(Math.abs(smooth[2 * 100]! / 32_768 - 0.5 * Math.sin((2 * Math.PI * 100 * 100) / 48_000)) < 2e-5);
});

t.test('scales music beyond full scale below it and measures its loudness afterwards', async (t) => {
  const dir = t.testdir();
  const data = Buffer.alloc(96_000 * 4);
  for (let i = 0; i < 96_000; i += 1) f32(data, i, 1.4 * Math.sin((2 * Math.PI * 100 * i) / 48_000));
  writeFileSync(join(dir, 'loud.wav'), wav(3, 1, 48_000, 32, data));
  const { pcm, loudnessLufs } = await loadMusic(join(dir, 'loud.wav'), options);
  t.equal(
    pcm.reduce((a, b) => Math.max(a, b)),
    32_767,
  );
  t.equal(pcm.filter((x) => x === 32_767).length, 2 * 200, 'once a period on each side: nothing is cut off');
  t.ok(loudnessLufs > -3 && loudnessLufs < 0, `${loudnessLufs} LUFS`);
});

t.test('loads the packaged beds with the packaged ffmpeg, without clicks or silence', async (t) => {
  for (const [name, seconds] of [
    ['bed', 60],
    ['calm', 80],
    ['workshop', 74 + 2 / 3],
  ] as const) {
    const { pcm, loudnessLufs } = await loadMusic(templatePath('music', `${name}.flac`), options);
    const frames = pcm.length / 2;
    t.equal(frames, Math.round(seconds * 48_000), `${name} is ${seconds} s to the sample`);
    t.ok(loudnessLufs > -32 && loudnessLufs < -20);
    const bend = (i: number): number =>
      Math.abs(
        pcm[2 * ((i + 1 + frames) % frames)]! -
          2 * pcm[2 * ((i + frames) % frames)]! +
          pcm[2 * ((i - 1 + frames) % frames)]!,
      );
    let seam = 0;
    let usual = 0;
    for (let i = -4800; i < 4800; i += 1) {
      if (Math.abs(i) <= 2) seam = Math.max(seam, bend(i));
      else usual = Math.max(usual, bend(i));
    }
    t.ok(seam <= usual, `${name}: bend ${seam} at the seam, ${usual} near it`);
    const level = (from: number, length: number): number => {
      let sum = 0;
      for (let i = from; i < from + length; i += 1) sum += pcm[2 * ((i + frames) % frames)]! ** 2;
      return 10 * Math.log10(sum / length + 1);
    };
    const around = level(-24_000, 48_000);
    t.ok(around > level(0, frames) - 5, `${name}: ${around.toFixed(1)} dB around the seam`);
    const left = Float64Array.from({ length: frames }, (_, i) => pcm[2 * i]!);
    // Four in a row leave nothing of what lies an octave below.
    for (let pass = 0; pass < 4; pass += 1)
      new Biquad(highPass(5000, Math.SQRT1_2, 48_000)).process(left, 0, frames, 1);
    const treble = left.reduce((sum, x) => sum + x * x, 0);
    const share = 10 * Math.log10(treble / frames + 1) - level(0, frames);
    t.ok(share > -45, `${name}: ${share.toFixed(1)} dB above 5 kHz`);
  }
});

t.test('has packaged beds of one to two minutes', async (t) => {
  const beds = readdirSync(templatePath('music'));
  t.equal(beds.length, 12);
  for (const bed of beds) {
    // STREAMINFO: the lower 36 bits of bytes 18 to 25 are the number of samples.
    const head = readFileSync(templatePath('music', bed));
    const seconds = Number(head.readBigUInt64BE(18) & 0xf_ffff_ffffn) / 48_000;
    t.ok(seconds >= 60 && seconds <= 120, `${bed}: ${seconds} s`);
  }
});

t.test('reports one clear error per bad file', async (t) => {
  const dir = t.testdir({
    'noise.mp3': 'this is no music',
    'cut.wav': 'RIFF\u0000\u0000\u0000\u0000WAVE',
    'short.wav': '',
  });
  writeFileSync(join(dir, 'short.wav'), wav(1, 1, 48_000, 16, Buffer.alloc(400)));
  writeFileSync(join(dir, 'nan.wav'), wav(3, 1, 48_000, 32, Buffer.alloc(48_000 * 8, 0xff)));
  await t.rejects(loadMusic(join(dir, 'none.wav'), options), { code: 'E_ASSET_MISSING' });
  await t.rejects(loadMusic(join(dir, 'noise.mp3'), options), { code: 'E_ASSET_INVALID' });
  await t.rejects(loadMusic(join(dir, 'cut.wav'), options), { code: 'E_ASSET_INVALID' });
  await t.rejects(loadMusic(join(dir, 'short.wav'), options), { code: 'E_ASSET_INVALID' });
  await t.rejects(loadMusic(join(dir, 'nan.wav'), options), { code: 'E_ASSET_INVALID' });
  await t.rejects(loadMusic(join(dir, 'noise.mp3'), { ...options, ffmpegPath: '/nonexistent' }), {
    code: 'E_FFMPEG_MISSING',
  });
  await t.rejects(loadMusic(join(dir, 'noise.mp3'), { ...options, signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
});

t.test('mutes and unmutes with a gain ramp without a step', async (t) => {
  const ramp = new GainRamp(480);
  const data = new Float32Array(2 * 4800).fill(0.5);
  ramp.apply(data, 1000, 2);
  t.ok(data.every((x) => x === 0.5));
  ramp.moveTo(0);
  ramp.apply(data, 240, 2);
  ramp.moveTo(1);
  ramp.moveTo(0);
  const rest = data.subarray(480);
  ramp.apply(rest, 4560, 2);
  let step = 0;
  for (let i = 2; i < data.length; i += 2) step = Math.max(step, Math.abs(data[i]! - data[i - 2]!));
  t.ok(step < 0.004, `largest step ${step}`);
  t.equal(data.at(-1), 0);
});

const bytesOf = ({ pcm }: Music): Buffer => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);

t.test('reads a cached bed unchanged and decodes it again when its file is damaged', async (t) => {
  const dir = t.testdir();
  const file = join(dir, 'bed.wav');
  writeFileSync(file, wav(1, 1, 32_000, 16, tone(32_000, i16, 2)));
  const cached = { ...options, cacheDir: join(dir, 'cache') };
  const first = await loadMusic(file, cached);
  const [name] = readdirSync(cached.cacheDir);
  t.match(name, /^[0-9a-f]{40}\.music$/);
  const kept = join(cached.cacheDir, name!);
  // The cached bed is played: another loudness proves that it was read.
  const bytes = readFileSync(kept);
  bytes.writeDoubleLE(-33, 8);
  // Beside and renamed: rooms on air have the old file mapped.
  const replace = (): void => {
    writeFileSync(`${kept}.new`, bytes);
    renameSync(`${kept}.new`, kept);
  };
  replace();
  const second = await loadMusic(file, cached);
  t.equal(second.loudnessLufs, -33);
  t.ok(bytesOf(second).equals(bytesOf(first)), 'the same samples');
  bytes[bytes.length - 1]! ^= 1;
  replace();
  const third = await loadMusic(file, cached);
  t.equal(third.loudnessLufs, first.loudnessLufs, 'decoded again');
  t.equal((await loadMusic(file, cached)).loudnessLufs, first.loudnessLufs, 'and kept again');
});

t.test('keeps the most recently used beds', async (t) => {
  const dir = t.testdir();
  const file = join(dir, 'bed.wav');
  for (let i = 1; i <= 10; i += 1) {
    writeFileSync(
      file,
      wav(
        1,
        1,
        48_000,
        16,
        tone(48_000, (b, at, x) => i16(b, at, x / i), 2),
      ),
    );
    await loadMusic(file, { ...options, cacheDir: join(dir, 'cache') });
  }
  t.equal(readdirSync(join(dir, 'cache')).length, 8);
});

t.test('reads no list of other files, and no format beyond music', async (t) => {
  const dir = t.testdir({
    'list.mp3': "ffconcat version 1.0\nfile 'private.wav'\n",
    'list.m4a': '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nprivate.wav\n#EXT-X-ENDLIST\n',
  });
  writeFileSync(join(dir, 'private.wav'), wav(1, 1, 48_000, 16, tone(48_000, i16, 2)));
  for (const name of ['list.mp3', 'list.m4a'])
    await t.rejects(loadMusic(join(dir, name), options), { code: 'E_ASSET_INVALID' }, name);
});

t.test('leaves a file of very many samples to a decoder, which reads it piece by piece', (t) => {
  const many = wav(1, 1, 48_000, 8, Buffer.alloc(300 * 2 * 96_000 + 1));
  t.equal(readWav(many, 'many.wav'), undefined);
  t.equal(readWav(wav(1, 1, 48_000, 8, Buffer.alloc(480)), 'few.wav')!.pcm.length, 480);
  t.end();
});
