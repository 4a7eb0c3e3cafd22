import { createRequire } from 'node:module';
import t from 'tap';
import { type EncodedPacket, nalType, splitNals } from '../../../src/core/media/packets.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { SyntheticRoom, sleep, until } from '../synthetic-room.js';

const packaged = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path;

function collect(room: SyntheticRoom, from: 'latest-key' | 'next-key' = 'next-key'): EncodedPacket[] {
  const packets: EncodedPacket[] = [];
  const cursor = room.supervisor.open({
    codecs: ['h264', 'aac', 'opus'],
    from,
    maxLagMs: 10_000,
    maxLagBytes: 1 << 24,
  });
  const read = async (): Promise<void> => {
    for (;;) {
      const packet = await cursor.next(new AbortController().signal);
      if (packet === undefined) return;
      packets.push(packet);
    }
  };
  void read();
  return packets;
}

const of = (packets: readonly EncodedPacket[], codec: string): EncodedPacket[] =>
  packets.filter((packet) => packet.codec === codec);

function largestGapMs(packets: readonly EncodedPacket[]): number {
  let gap = 0;
  for (let i = 1; i < packets.length; i += 1) gap = Math.max(gap, (packets[i]!.pts - packets[i - 1]!.pts) / 90);
  return gap;
}

/**
 * Frames that an encoder took and that are not among these pictures, from the first picture to the last. From
 * `steppedGeneration` on only every `step`-th frame goes in.
 */
function lostFrames(room: SyntheticRoom, video: readonly EncodedPacket[], step = 1, steppedGeneration = 1): number[] {
  const lost: number[] = [];
  for (let i = 1; i < video.length; i += 1) {
    const stepped = video[i]!.generation >= steppedGeneration;
    for (let n = video[i - 1]!.pts / 3000 + 1; n < video[i]!.pts / 3000; n += 1) {
      if (!room.refusedFrames.has(n) && !(stepped && n % step !== 0)) lost.push(n);
    }
  }
  return lost;
}

const rising = (packets: readonly EncodedPacket[]): boolean =>
  packets.every((packet, i) => i === 0 || packet.pts > packets[i - 1]!.pts);

for (const source of ['path', 'package'] as const) {
  t.test(`gives picture i the time of frame i, with the ffmpeg of the ${source}`, async (t) => {
    const ffmpeg = await findFfmpeg(source === 'path' ? {} : { env: { ENGINE_FFMPEG: packaged } });
    const room = await SyntheticRoom.start({ ffmpeg, rate: { num: 30_000, den: 1001 }, from: 500 });
    t.teardown(() => room.close());
    const packets = collect(room);
    const release = await room.supervisor.acquire('opus');
    await until(() => of(packets, 'h264').length > 75 && of(packets, 'opus').length > 20, 12_000);
    release();
    const video = of(packets, 'h264');
    const refused = room.refused;
    t.ok(video.length > 75, `${video.length} pictures`);
    t.equal(video[0]!.pts, 500 * 3003, 'the first is frame 500');
    t.equal(video[0]!.key, true);
    if (refused === 0)
      t.ok(
        video.every((packet, i) => packet.pts === (500 + i) * 3003),
        'no frame is missing',
      );
    t.same(video.flatMap((packet, i) => (packet.key ? [i] : [])).slice(0, 2), [0, 60], 'an IDR every 2 s');
    t.same(splitNals(video[0]!.data).map(nalType), [7, 8, 5], 'SPS, PPS and one slice at an IDR');
    t.same(splitNals(video[1]!.data).map(nalType), [1], 'one slice otherwise');
    const aac = of(packets, 'aac');
    t.ok(
      aac.every((packet) => packet.pts % 1920 === 0),
      'AAC stands on its grid',
    );
    t.equal(largestGapMs(aac), 1920 / 90, 'and has no gap');
    t.equal(largestGapMs(of(packets, 'opus')), 20, 'nor has Opus');
    const main = packets.filter((packet) => packet.codec !== 'opus');
    t.ok(
      main.every((packet, i) => i === 0 || packet.pts >= main[i - 1]!.pts),
      'picture and sound come in the order of their times',
    );
  });
}

t.test('replaces a killed video encoder within a second and continues the times', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 30, 8000));
  process.kill(room.supervisor.stats().pids.video!, 'SIGKILL');
  t.ok(await until(() => of(packets, 'h264').at(-1)!.generation === 2 && of(packets, 'h264').length > 60, 8000));
  const video = of(packets, 'h264');
  const next = video.find((packet) => packet.generation === 2)!;
  t.equal(next.key, true, 'the new generation starts with an IDR');
  t.ok(rising(video), 'times rise');
  t.ok(largestGapMs(video) <= 1000, `the gap is ${largestGapMs(video)} ms`);
  t.equal(largestGapMs(of(packets, 'aac')), 1920 / 90, 'sound has no gap at all');
  t.equal(room.supervisor.stats().restarts, 1);
});

t.test('starts a new generation for a new bitrate without losing a frame or touching the sound', async (t) => {
  const room = await SyntheticRoom.start({ noise: true });
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 20, 8000));
  const { aac } = room.supervisor.stats().pids;
  await room.supervisor.change({ videoKbps: 200 }, 'bitrate');
  t.equal(room.supervisor.settings.videoKbps, 200);
  await sleep(300);
  t.equal(of(packets, 'h264').at(-1)!.generation, 2, 'it resolves when the next generation flows');
  const video = of(packets, 'h264');
  t.ok(largestGapMs(video) < 67 + room.refused * 33, `the largest step is ${largestGapMs(video)} ms`);
  t.same(lostFrames(room, video), [], 'every frame that was taken is out');
  t.ok(rising(video));
  t.equal(room.supervisor.stats().pids.aac, aac, 'the encoder of the sound is the same');
});

t.test('changes size and rate with new parameter sets on the same clock', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 20, 8000));
  const before = Buffer.from(room.supervisor.h264()!.sps);
  const sent = await room.supervisor.change({ width: 160, height: 90, frameStep: 2, aacKbps: 64 }, 'size');
  t.same(sent, { width: 160, height: 90, rate: { num: 30, den: 2 } });
  const count = packets.length;
  t.ok(await until(() => packets.length > count + 40, 8000));
  const video = of(packets, 'h264');
  const next = video.filter((packet) => packet.generation === 2);
  t.same(splitNals(next[0]!.data).map(nalType), [7, 8, 5], 'it begins with SPS, PPS and an IDR');
  t.notOk(before.equals(splitNals(next[0]!.data)[0]!), 'the SPS is another');
  t.ok(
    next.every((packet) => packet.pts % 6000 === 0 && packet.duration === 6000),
    'every second frame, at its own time',
  );
  // Every second frame is 67 ms; one that was refused makes the gap as much longer.
  t.ok(largestGapMs(video) < 67 * (1 + room.refused), `the gap is ${largestGapMs(video)} ms`);
  t.same(lostFrames(room, video, 2, 2), [], 'every second frame that was taken is out');
  t.ok(rising(video), 'times rise');
  t.ok(rising(of(packets, 'aac')), 'times of the sound rise');
  t.ok(largestGapMs(of(packets, 'aac')) < 50, `the sound's gap is ${largestGapMs(of(packets, 'aac'))} ms`);
});

t.test('changes nothing for invalid settings or settings the encoder refuses', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 20, 8000));
  await t.rejects(room.supervisor.change({ width: 640, height: 360 }, 'larger'), { code: 'E_BAD_REQUEST' });
  await t.rejects(room.supervisor.change({ width: 160 }, 'half a size'), { code: 'E_BAD_REQUEST' });
  await t.rejects(room.supervisor.change({ width: 160, height: 160 }, 'squeezed'), { code: 'E_BAD_REQUEST' });
  const { video } = room.supervisor.stats().pids;
  // Past the API's check: libx264 does not know such a step.
  const bad = { quality: 'nonsense' } as unknown as { quality: 'fine' };
  await t.rejects(room.supervisor.change(bad, 'refused'));
  t.equal(room.supervisor.settings.quality, undefined);
  t.equal(room.supervisor.stats().pids.video, video, 'the same encoder goes on');
  const count = of(packets, 'h264').length;
  t.ok(await until(() => of(packets, 'h264').length > count + 10, 3000));
  t.ok(largestGapMs(of(packets, 'h264')) < 67 + room.refused * 33);
  t.same(lostFrames(room, of(packets, 'h264')), [], 'no frame is lost');
});

t.test('detects and replaces a hung encoder within a second', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 20, 8000));
  process.kill(room.supervisor.stats().pids.video!, 'SIGSTOP');
  t.ok(await until(() => of(packets, 'h264').at(-1)!.generation === 2, 8000));
  t.match(room.supervisor.stats().lastError, /none for \d+ ms .*stopped/);
  t.ok(largestGapMs(of(packets, 'h264')) <= 1000, `the gap is ${largestGapMs(of(packets, 'h264'))} ms`);
  t.equal(largestGapMs(of(packets, 'aac')), 1920 / 90, 'sound has no gap at all');
});

t.test('gives baseline pictures at once with low latency', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { latency: 'low' } });
  t.teardown(() => room.close());
  const packets = collect(room);
  t.ok(await until(() => of(packets, 'h264').length > 40, 8000));
  const delayMs = (room.n * 1000) / 30 - of(packets, 'h264').at(-1)!.pts / 90;
  t.ok(delayMs < 250, `the newest picture is ${Math.round(delayMs)} ms old`);
  t.equal(room.supervisor.h264()?.sps[1], 66, 'profile_idc is Baseline');
  t.equal(
    of(packets, 'h264').findIndex((packet, i) => i > 0 && packet.key),
    30,
    'an IDR every second',
  );
});

t.test('ends every process and descriptor on close', async (t) => {
  const room = await SyntheticRoom.start();
  t.ok(await until(() => room.supervisor.stats().videoPackets > 0, 8000));
  const { video, aac } = room.supervisor.stats().pids;
  await room.close();
  await room.close();
  for (const pid of [video!, aac!]) t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

t.test('reports a configured ffmpeg that does not run', async (t) => {
  await t.rejects(findFfmpeg({ env: { ENGINE_FFMPEG: '/nonexistent/ffmpeg' } }), { code: 'E_FFMPEG_MISSING' });
  const found = await findFfmpeg({ env: { PATH: '/nonexistent' } });
  t.equal(found.source, 'package');
  t.equal(found.major, 4);
});
