import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import type { EncodedPacket } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { FlvBodies, FlvMuxer, RtmpTimeline } from '../../src/outputs/rtmp/flv-muxer.js';
import { FLV_HEADER, flvTag } from '../../src/outputs/srt/srt-output.js';
import { MediaClock } from '../../src/outputs/webrtc/viewer-stream.js';
import { tool } from '../kit/on-air.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { noFfprobe } from '../kit/ffprobe.js';

const ffmpeg = await findFfmpeg();

/** Real packets of a room that has been on air since frame 0, the first at `fromMs`. */
async function packetsFrom(fromMs: number): Promise<{ packets: EncodedPacket[]; room: SyntheticRoom }> {
  const room = await SyntheticRoom.start({ from: Math.floor((fromMs * 30) / 1000) });
  const packets: EncodedPacket[] = [];
  const cursor = room.supervisor.open({ codecs: ['h264', 'aac'], from: 'next-key', maxLagMs: 1e5, maxLagBytes: 1e8 });
  await until(() => {
    for (let packet = cursor.take(); packet !== undefined; packet = cursor.take()) packets.push(packet);
    return packets.length > 160;
  }, 15_000);
  return { packets, room };
}

/** As RTMP or SRT send them: times in milliseconds since frame 0. */
function tagsOf(packets: readonly EncodedPacket[], room: SyntheticRoom): { tags: Buffer[]; timesMs: number[] } {
  const timeline = new RtmpTimeline();
  timeline.zeroFor(ticks90k(0));
  const tags: Buffer[] = [FLV_HEADER];
  const timesMs: number[] = [];
  const muxer = new FlvMuxer({
    source: room.supervisor,
    bodies: new FlvBodies(),
    timeline,
    send: (kind, timestampMs, body) => {
      timesMs.push(timestampMs);
      tags.push(flvTag(kind, timestampMs, body));
    },
  });
  for (const packet of packets) muxer.write(packet);
  return { tags, timesMs };
}

const WRAPS = { 'the 2^32 ms of RTMP (49.7 days)': 2 ** 32, 'the 33 bits of MPEG-TS (26.5 hours)': 2 ** 33 / 90 };

for (const [what, atMs] of Object.entries(WRAPS)) {
  t.test(`passes packets across ${what} into a remuxing ffmpeg`, { skip: noFfprobe, timeout: 300_000 }, async (t) => {
    const { packets, room } = await packetsFrom(atMs - 1200);
    t.teardown(() => room.close());
    const { tags, timesMs } = tagsOf(packets, room);
    t.ok(
      timesMs.every((ms, i) => i === 0 || ms >= timesMs[i - 1]!),
      'times never go back',
    );
    t.ok(timesMs[0]! < atMs && timesMs.at(-1)! > atMs + 500, 'the rollover is in the middle');
    const file = join(t.testdir({}), 'out.ts');
    // As the SRT output does: times are kept as they are.
    const args = ['-v', 'error', '-y', '-copyts', '-f', 'flv', '-i', 'pipe:0', '-c', 'copy', '-f', 'mpegts', file];
    const child = spawn(ffmpeg.path, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.stdin.end(Buffer.concat(tags));
    t.equal(await new Promise((resolve) => child.once('close', resolve)), 0, complaints);
    const { stdout } = await tool('ffprobe', [
      ...['-v', 'error', '-show_entries', 'packet=codec_type,pts', '-of', 'csv=p=0', file],
    ]);
    const rows = stdout.toString().trim().split('\n');
    const video = rows.filter((row) => row.startsWith('video')).map((row) => Number(row.split(',')[1]));
    t.equal(video.length, packets.filter(({ kind }) => kind === 'video').length, 'no picture is lost');
    const steps = video.slice(1).map((pts, i) => (pts - video[i]! + 2 ** 33) % 2 ** 33);
    t.ok(
      steps.every((step) => step > 2800 && step < 3200 + room.refused * 3000),
      `steps of ${Math.min(...steps)}–${Math.max(...steps)} ticks, modulo 2^33`,
    );
  });
}

t.test('wraps RTP times of picture and sound at 2^32 and keeps their reports aligned', async (t) => {
  const clock = new MediaClock(0xffff_ff00, 0x8000_0000);
  const day = 24 * 3600 * 90_000;
  clock.start(ticks90k(40 * day), 1_000_000);
  for (let hour = 0; hour < 60 * 24; hour += 7) {
    const pts = 40 * day + hour * 3600 * 90_000;
    const next = clock.video(pts + 3000);
    t.equal((next - clock.video(pts) + 2 ** 32) % 2 ** 32, 3000);
    t.equal((clock.audio(pts + 1800) - clock.audio(pts) + 2 ** 32) % 2 ** 32, 960);
    const report = clock.report(1_000_000 + hour * 3_600_000, 0);
    t.same([report.video, report.audio], [clock.video(pts), clock.audio(pts)]);
  }
});
