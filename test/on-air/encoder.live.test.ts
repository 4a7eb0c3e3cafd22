import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onAir, probePackets, recordUntilStopped, templateRoom, tool, until, wait } from '../kit/on-air.js';
import { noFfprobe } from '../kit/ffprobe.js';

/** Process ids of this process's children whose command line has all the words. */
function children(...words: string[]): number[] {
  const own = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(/\s+/).filter(Boolean);
  return own.map(Number).filter((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return words.every((word) => line.includes(word));
  });
}

function largestGapMs(timesMs: readonly number[]): number {
  return timesMs.reduce((gap, at, i) => (i === 0 ? 0 : Math.max(gap, at - timesMs[i - 1]!)), 0);
}

t.test(
  'keeps a receiver connected while the size changes, the encoder hangs and dies, and leaves nothing behind',
  { skip: noFfprobe, timeout: 300_000 },
  async (t) => {
    const before = readdirSync('/proc/self/fd').length;
    const room = await onAir(t, { ...templateRoom('minimal'), video: { width: 320, height: 320, fps: 30 } });
    const recording = join(room.dir, 'received.flv');
    const stop = recordUntilStopped(t, room.live.addresses.rtmp, recording);
    await wait(3000);
    const changed = await room.api('PATCH', '/api/encoder', { width: 160, height: 160, videoKbps: 400 });
    t.equal(changed.status, 200);
    t.match(changed.body, { generation: 2, width: 160, height: 160, videoKbps: 400, wantedKbps: 400, fps: 30 });
    await wait(1500);
    const [hanging] = children('libx264');
    process.kill(hanging!, 'SIGSTOP');
    await until('the hung encoder is replaced', () => room.live.snapshot().encoder.restarts >= 2);
    await wait(2500);
    const [dying] = children('libx264');
    t.not(dying, hanging);
    process.kill(dying!, 'SIGKILL');
    await until('the killed encoder is replaced', () => room.live.snapshot().encoder.restarts >= 3);
    await until('a viewer was sampled', () => room.live.snapshot().avOffsetMs !== null);
    await wait(2500);
    await stop();
    const { avOffsetMs } = room.live.snapshot();
    t.ok(avOffsetMs !== null && Math.abs(avOffsetMs) < 1000 / 30, `A/V offset at a viewer: ${avOffsetMs} ms`);
    const local = room.live.snapshot().outputs.find((output) => output.id === 'local')!;
    t.match(local, { reconnects: 0, publishes: 1 }, 'the publisher never reconnected');
    await room.live.close();
    t.same(children('ffmpeg'), [], 'nothing runs after the room is closed');
    t.ok(readdirSync('/proc/self/fd').length <= before + 12, 'descriptors are released');
    const packets = await probePackets(recording);
    for (const kind of ['video', 'audio'] as const) {
      const times = packets.filter((packet) => packet.kind === kind).map(({ ptsMs }) => ptsMs);
      t.ok(
        times.every((at, i) => i === 0 || at > times[i - 1]!),
        `${kind}: times rise over four generations`,
      );
      t.ok(largestGapMs(times) <= (kind === 'video' ? 1000 : 50), `${kind}: the gap is ${largestGapMs(times)} ms`);
    }
    const { stdout } = await tool('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=width,height', '-of', 'csv=p=0', recording],
    ]);
    const sizes = stdout.toString().trim().split('\n');
    t.same([...new Set(sizes)], ['320,320', '160,160'], 'both sizes are decoded, one after the other');
    t.ok(sizes.filter((size) => size === '160,160').length > 150);
    t.match(
      room.ledger().filter((entry) => entry.action === 'encoder'),
      [{ kind: 'operator' }],
    );
  },
);
