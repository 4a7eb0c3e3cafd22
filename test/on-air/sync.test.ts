import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { decodeLuma, decodeSound, onAir, probePackets, record, templateRoom, tool } from './kit.js';

/** A beep of 100 ms at 1.0 s of every 2 s, 16 bit mono at 48 kHz. */
function beepWav(): Buffer {
  const samples = 96_000;
  const data = Buffer.alloc(44 + samples * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(48_000, 24);
  data.writeUInt32LE(96_000, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples * 2, 40);
  for (let i = 48_000; i < 52_800; i += 1) {
    data.writeInt16LE(Math.round(Math.sin((2 * Math.PI * 1000 * i) / 48_000) * 12_000), 44 + i * 2);
  }
  return data;
}

const noProbe = (await tool('ffprobe', ['-version']).catch(() => undefined)) === undefined;
const skip = noProbe ? 'ffprobe is not installed' : false;

t.test('a flash and its beep reach the viewer within one frame of each other', { skip, timeout: 90_000 }, async (t) => {
  const base = templateRoom('minimal');
  const dir = t.testdir({ 'beep.wav': '' });
  writeFileSync(join(dir, 'beep.wav'), beepWav());
  const still = (atMs: number, opacity: number) => ({ atMs, opacity, easing: 'linear' });
  const room = await onAir(t, {
    ...base,
    video: { width: 320, height: 320, fps: 30 },
    audio: { music: { src: join(dir, 'beep.wav'), gainDb: 0 }, duckDb: 0 },
    script: { loop: false, segments: [{ lines: [{ text: 'Hi.', caption: '' }] }] },
    layers: [
      ...base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
      {
        type: 'shape',
        id: 'flash',
        fill: '#ffffff',
        width: '100%',
        height: '60%',
        anchor: 'bottom',
        z: 50,
        motion: {
          loopMs: 2000,
          keyframes: [still(0, 0), still(999, 0), still(1000, 1), still(1099, 1), still(1100, 0)],
        },
      },
    ],
  });
  const recording = join(room.dir, 'received.flv');
  await record(room.live.addresses.rtmp, 7.5, recording);
  await room.live.close();
  // Raw decoding forgets where each stream began.
  const packets = await probePackets(recording);
  const startOf = (kind: 'video' | 'audio') => packets.find((p) => p.kind === kind)!.ptsMs / 1000;
  const [videoStart, audioStart] = [startOf('video'), startOf('audio')];
  const luma = await decodeLuma(recording, 320, 320);
  const sound = await decodeSound(recording);
  // Mean brightness of the lowest rows, where only the flash is.
  const bright = luma.map((y) => y.subarray(320 * 300).reduce((a, b) => a + b, 0) / (320 * 20));
  const flashes = bright.flatMap((b, i) => (i > 0 && b > 150 && bright[i - 1]! < 100 ? [videoStart + i / 30] : []));
  const beeps: number[] = [];
  for (let i = 4800; i < sound.length; i += 1) {
    if (Math.abs(sound[i]!) > 0.05 && (beeps.length === 0 || audioStart + i / 48_000 - beeps.at(-1)! > 1))
      beeps.push(audioStart + i / 48_000);
  }
  t.ok(flashes.length >= 3, `${flashes.length} flashes`);
  for (const flash of flashes) {
    const beep = beeps.reduce((a, b) => (Math.abs(b - flash) < Math.abs(a - flash) ? b : a), Infinity);
    t.ok(Math.abs(beep - flash) < 1 / 30, `flash at ${flash.toFixed(3)} s, beep at ${beep.toFixed(3)} s`);
  }
});
