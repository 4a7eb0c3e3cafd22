import { Jimp, diff } from 'jimp';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { renderRoom } from '../../src/engine/render-room.js';
import { ffmpeg, onAir, probePackets, record, templateRoom, tool } from './kit.js';

const SECONDS = 20;
const noProbe = (await tool('ffprobe', ['-version']).catch(() => undefined)) === undefined;
const skip = noProbe ? 'ffprobe is not installed' : false;

for (const name of ['demo-portrait', 'demo-landscape']) {
  t.test(
    `${SECONDS} s of ${name} arrive whole, in time, in step with the offline render`,
    { skip, timeout: 150_000 },
    async (t) => {
      const room = await onAir(t, templateRoom(name));
      const recording = join(room.dir, 'received.flv');
      await record(room.live.addresses.rtmp, SECONDS, recording);
      const snapshot = room.live.snapshot();
      await room.live.close();
      const { width, height } = snapshot;

      const streams = JSON.parse(
        (await tool('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', recording])).stdout.toString(),
      ).streams as Record<string, any>[];
      const video = streams.find((s) => s['codec_type'] === 'video')!;
      t.match(video, { codec_name: 'h264', width, height, has_b_frames: 0 });
      t.match(
        streams.find((s) => s['codec_type'] === 'audio'),
        { codec_name: 'aac', sample_rate: '48000', channels: 2 },
      );

      const packets = await probePackets(recording);
      const frames = packets.filter((p) => p.kind === 'video');
      t.ok(frames.length > (SECONDS - 2) * 30, `${frames.length} frames`);
      const gaps = frames.slice(1).map((p, i) => p.ptsMs - frames[i]!.ptsMs);
      t.same(
        gaps.filter((g) => g !== 33 && g !== 34),
        [],
        'every frame follows the one before by 1/30 s',
      );
      const span = frames.at(-1)!.ptsMs - frames[0]!.ptsMs;
      t.equal((((frames.length - 1) * 1000) / span).toFixed(2), '30.00');
      const keys = frames.filter((p) => p.key).map((p) => p.ptsMs);
      t.ok(
        keys.slice(1).every((k, i) => Math.abs(k - keys[i]! - 2000) <= 1),
        'an IDR every 2 s',
      );
      const sound = packets.filter((p) => p.kind === 'audio').map((p) => p.ptsMs);
      t.ok(
        sound.slice(1).every((s, i) => s - sound[i]! >= 20 && s - sound[i]! <= 23),
        'sound without a gap',
      );

      t.equal(snapshot.frames.releasedUnjudged, 0);
      t.equal(snapshot.frames.replaced, 0, 'nothing harmless was replaced');
      const { stderr } = await tool(ffmpeg, ['-hide_banner', '-i', recording, '-af', 'ebur128', '-f', 'null', '-']);
      const lufs = Number(/I:\s+(-?[\d.]+) LUFS/.exec(stderr.slice(stderr.lastIndexOf('Summary')))?.[1]);
      t.ok(Math.abs(lufs + 16) <= 2, `${lufs} LUFS`);

      await t.test('decoded frames match the offline render of the same seed', async (t) => {
        const out = join(room.dir, 'offline.raw');
        await renderRoom(loadRoom(room.file), {
          fromSeconds: 0,
          toSeconds: 14,
          out,
          log: silentLog,
          signal: new AbortController().signal,
        });
        const rendered = await open(join(out, 'video.i420'));
        t.teardown(() => rendered.close());
        const rgbaOf = async (input: string[], at: number) =>
          (
            await tool(ffmpeg, [
              '-loglevel',
              'error',
              ...input,
              '-vf',
              `select=eq(n\\,${at})`,
              '-frames:v',
              '1',
              '-f',
              'rawvideo',
              '-pix_fmt',
              'rgba',
              'pipe:1',
            ])
          ).stdout;
        const raw = [
          '-f',
          'rawvideo',
          '-pix_fmt',
          'yuv420p',
          '-video_size',
          `${width}x${height}`,
          '-framerate',
          '30',
          '-i',
          join(out, 'video.i420'),
        ];
        const offset = await bestOffset(recording, join(out, 'video.i420'), width, height);
        for (const at of [40, 130, 220]) {
          const image = (data: Buffer) => Jimp.fromBitmap({ data, width, height });
          const received = image(await rgbaOf(['-i', recording], at));
          const wanted = image(await rgbaOf(raw, at + offset));
          const { percent } = diff(received, wanted, 0.12);
          t.ok(percent < 0.01, `frame ${at}: ${(percent * 100).toFixed(2)} % of the pixels differ`);
        }
      });
    },
  );
}

/** Which offline frame the recording begins with, by SSIM over a second at every candidate's place. */
async function bestOffset(recording: string, raw: string, width: number, height: number): Promise<number> {
  const { findOffset } = await import('../../scripts/bench/compare-video.js');
  return findOffset(ffmpeg, recording, { video: raw, audio: '', width, height, fps: 30, frames: 14 * 30 });
}
