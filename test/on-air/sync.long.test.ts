import { join } from 'node:path';
import t from 'tap';
import { flashLayer, writeToneBed } from '../../scripts/bench/soak/av-marks.js';
import { decodeLuma, decodeSound, onAir, probePackets, record, templateRoom } from '../kit/on-air.js';
import { noFfprobe } from '../kit/ffprobe.js';

t.test(
  'delivers a flash and its beep within one frame of each other',
  { skip: noFfprobe, timeout: 300_000 },
  async (t) => {
    const base = templateRoom('minimal');
    const beep = writeToneBed(t.testdir({}), 1000);
    const room = await onAir(t, {
      ...base,
      video: { width: 320, height: 320, fps: 30 },
      audio: { music: { src: beep, gainDb: 0 }, duckDb: 0 },
      script: { loop: false, segments: [{ lines: [{ text: 'Hi.', caption: '' }] }] },
      layers: [...base['layers'].filter((l: { type: string }) => l.type === 'presenter'), flashLayer('60%')],
    });
    const recording = join(room.dir, 'received.flv');
    await record(room.live.addresses.rtmp, 7.5, recording);
    await room.live.close();
    // Raw decoding loses the start time of each stream.
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
  },
);
