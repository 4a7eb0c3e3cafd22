import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { encoder } from '../../src/config/sections/encoder.js';
import type { EncodedPacket } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { BitrateAdapter, type OutputLoad, x264Args } from '../../src/encoder/adapt-bitrate.js';
import { PacketRing } from '../../src/encoder/packet-ring.js';
import { Interleaver } from '../../src/encoder/process/encoder-supervisor.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { activityOf, HangWatch, type ProcessActivity, processActivity } from '../../src/encoder/process/hang-watch.js';
import { until } from './synthetic-room.js';

t.test('adapt bitrate', async (t) => {
  const load = (id: string, queueMs: number, packetsDropped = 0, connected = true): OutputLoad => ({
    id,
    connected,
    queueMs,
    packetsDropped,
  });

  /** Samples once a second from `fromS` on; returns the changes as [second, kbps]. */
  function run(adapter: BitrateAdapter, fromS: number, seconds: number, outputs: (s: number) => OutputLoad[]) {
    const changes: [number, number][] = [];
    for (let s = fromS; s < fromS + seconds; s += 1) {
      const kbps = adapter.look(s * 1000, outputs(s));
      if (kbps !== undefined) changes.push([s, kbps]);
    }
    return changes;
  }

  t.test('lowers the rate step by step to the minimum under lasting congestion', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    t.same(
      run(adapter, 0, 60, () => [load('a', 3000)]),
      [
        [5, 1750],
        [15, 1230],
        [25, 1000],
      ],
    );
  });

  t.test('ignores a hiccup of five seconds and short queues', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    t.same(
      run(adapter, 0, 300, (s) => [load('a', s % 30 < 5 ? 3000 : 100)]),
      [],
    );
  });

  t.test('counts dropped packets as congestion even when the queue is short again', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    const changes = run(adapter, 0, 12, (s) => [load('a', 100, s * 30)]);
    t.same(changes, [[6, 1750]]);
  });

  t.test('ignores one congested output of three and reacts to two of three', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    const three = (bad: number): OutputLoad[] => [0, 1, 2].map((i) => load(`o${i}`, i < bad ? 4000 : 50));
    t.same(
      run(adapter, 0, 120, () => three(1)),
      [],
    );
    t.equal(run(adapter, 120, 9, () => three(2)).length, 1);
  });

  t.test('counts a peer whose estimate is below the rate as congested, whatever its queue', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    t.same(
      run(adapter, 0, 30, () => [{ ...load('a', 0), estimateKbps: 1600 }]),
      [[5, 1750]],
      'down to what it can take, and no further',
    );
    const calm = new BitrateAdapter(2500, 1000);
    t.same(
      run(calm, 0, 60, () => [{ ...load('a', 0), estimateKbps: 2200 }]),
      [],
      'an estimate near the rate is one',
    );
  });

  t.test('ignores outputs that are not connected', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    t.same(
      run(adapter, 0, 100, (s) => [load('down', 9000, s * 100, false), load('up', 20)]),
      [],
    );
    t.same(
      run(adapter, 100, 100, (s) => [load('down', 9000, s * 100, false)]),
      [],
    );
  });

  t.test('returns to exactly the wanted rate after calm, one step a minute', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    run(adapter, 0, 26, () => [load('a', 3000)]);
    t.equal(adapter.current, 1000);
    const changes = run(adapter, 26, 400, () => [load('a', 50)]);
    t.same(
      changes.map(([, kbps]) => kbps),
      [1250, 1560, 1950, 2440, 2500],
    );
    t.ok(changes.every(([s], i) => i === 0 || s - changes[i - 1]![0] >= 60));
  });

  t.test('does not retry a link of 1.6 Mbit/s every minute for a day', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    let dropped = 0;
    const changes = run(adapter, 0, 86_400, () => {
      if (adapter.current > 1600) dropped += 10;
      return [load('a', adapter.current > 1600 ? 2000 : 60, dropped)];
    });
    t.ok(changes.length < 220, `${changes.length} changes in a day`);
    t.ok(adapter.current <= 1950);
  });

  t.test('applies another wanted rate at once', async (t) => {
    const adapter = new BitrateAdapter(2500, 1000);
    run(adapter, 0, 20, () => [load('a', 3000)]);
    adapter.want(1200, 1200);
    t.equal(adapter.current, 1200);
    t.same(
      run(adapter, 20, 60, () => [load('a', 3000)]),
      [],
      'with the least as high as the wish it stays',
    );
  });
});

t.test('packet ring', async (t) => {
  const video = (n: number, key: boolean, bytes = 100): EncodedPacket => ({
    codec: 'h264',
    kind: 'video',
    pts: ticks90k(n * 3000),
    duration: ticks90k(3000),
    key,
    generation: 1,
    data: new Uint8Array(bytes),
  });
  const aac = (n: number): EncodedPacket => ({
    ...video(0, true),
    codec: 'aac',
    kind: 'audio',
    pts: ticks90k(n * 1920),
  });
  const all = { codecs: ['h264', 'aac'], from: 'next-key', maxLagMs: 1000, maxLagBytes: 1 << 20 } as const;

  t.test('gives a reader that keeps up every packet of its codecs from the first IDR on', async (t) => {
    const ring = new PacketRing();
    const both = ring.open(all);
    const sound = ring.open({ ...all, codecs: ['aac'] });
    const got: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      ring.push(video(n, n % 30 === 5));
      ring.push(aac(n));
      for (let p = both.take(); p !== undefined; p = both.take()) got.push(p.pts);
    }
    t.equal(got.length, 190, 'five frames and their sound came before the first IDR');
    t.equal(got[0], 5 * 3000);
    t.same(both.stats(), { delivered: 190, dropped: 0, jumps: 0 });
    t.equal(sound.take()?.pts, 95 * 1920, 'a slow reader of sound jumps as well');
  });

  t.test('moves a slow reader to the newest IDR and counts the skipped packets', async (t) => {
    const ring = new PacketRing();
    const slow = ring.open(all);
    for (let n = 0; n < 70; n += 1) ring.push(video(n, n % 20 === 0));
    const packet = slow.take();
    t.equal(packet?.pts, 60 * 3000);
    t.equal(packet?.key, true);
    t.same(slow.stats(), { delivered: 1, dropped: 60, jumps: 1 });
    t.equal(slow.take()?.pts, 61 * 3000, 'and goes on from there');
  });

  t.test('keeps the ring within its limits whatever the readers do', async (t) => {
    const ring = new PacketRing({ maxMs: 2000, maxBytes: 50_000 });
    const dead = ring.open(all);
    for (let n = 0; n < 5000; n += 1) ring.push(video(n, n % 30 === 0, 1000));
    t.ok(ring.heldBytes <= 50_000, `${ring.heldBytes} bytes`);
    t.ok(dead.lag().bytes <= 50_000);
    t.equal(dead.take()?.key, true, 'what it gets after all is an IDR');
  });

  t.test('starts a new reader at the newest IDR on request and wakes it for packets', async (t) => {
    const ring = new PacketRing();
    for (let n = 0; n < 45; n += 1) ring.push(video(n, n % 30 === 0));
    t.equal(ring.open({ ...all, from: 'latest-key' }).take()?.pts, 30 * 3000);
    const waiting = ring.open(all);
    const next = waiting.next(new AbortController().signal);
    ring.push(video(45, false));
    ring.push(video(46, true));
    t.equal((await next)?.pts, 46 * 3000);
    const ends = waiting.next(new AbortController().signal);
    ring.close();
    t.equal(await ends, undefined, 'a closed ring ends its readers');
    const aborted = new AbortController();
    const late = new PacketRing().open(all).next(aborted.signal);
    aborted.abort();
    t.equal(await late, undefined);
  });

  t.test('orders packets of two encoders by time and does not wait long for a dead one', async (t) => {
    const out: EncodedPacket[] = [];
    const interleaver = new Interleaver(500, (packet) => out.push(packet));
    for (let n = 0; n < 40; n += 1) interleaver.push(aac(n), 0);
    t.equal(out.length, 0, 'sound waits for the picture');
    for (let n = 0; n < 20; n += 1) interleaver.push(video(n, n === 0), 10);
    t.ok(
      out.every((packet, i) => i === 0 || packet.pts >= out[i - 1]!.pts),
      'times rise',
    );
    t.equal(out.filter((packet) => packet.codec === 'h264').length, 20);
    interleaver.push(video(5, false), 20);
    t.equal(interleaver.outdated, 1, 'a time that has passed is left out');
    interleaver.push(aac(41), 100);
    interleaver.flush(599);
    t.equal(out.at(-1)?.pts, 39 * 1920, 'what came first has waited long enough, the last has not');
    interleaver.flush(601);
    t.equal(out.at(-1)?.pts, 41 * 1920, 'after the bound sound goes without the picture');
  });
});

t.test('x264 ladder', async (t) => {
  const RATE = { num: 30, den: 1 };
  const value = (args: readonly string[], name: string): string | undefined =>
    args.includes(name) ? args[args.indexOf(name) + 1] : undefined;

  t.test('keeps a quality below the bitrate by default', async (t) => {
    const args = x264Args(encoder.parse({ videoKbps: 1800 }), RATE, 7);
    t.match(value(args, '-crf'), /^\d+$/);
    t.equal(value(args, '-maxrate'), '1800k');
    t.equal(value(args, '-b:v'), undefined);
  });

  t.test('spends a constant rate where it is asked for', async (t) => {
    const args = x264Args(encoder.parse({ videoKbps: 1800, rateControl: 'cbr' }), RATE, 7);
    t.equal(value(args, '-b:v'), '1800k');
    t.equal(value(args, '-crf'), undefined);
  });

  t.test('takes the cheaper entropy coding of the ffmpeg that is there', async (t) => {
    const coded = (major: number, settings: object = {}): string =>
      value(x264Args(encoder.parse({ videoKbps: 1800, ...settings }), RATE, major), '-x264-params') ?? '';
    t.match(coded(4), /:cabac=1:/, 'the x264 of 2018');
    t.notMatch(coded(5), /cabac=1/);
    t.notMatch(coded(7), /cabac=1/);
    // The last one counts: constrained baseline has no CABAC.
    t.match(coded(4, { latency: 'low' }), /cabac=1.*cabac=0/);
  });
});

t.test('find ffmpeg', async (t) => {
  const ENCODERS = ' V..... libx264  x\n A..... aac  x\n A..... libopus  x';
  const DECODERS = ['h264', 'hevc', 'vp9', 'aac', 'mp3', 'opus', 'vorbis', 'flac']
    .map((name) => ` V....D ${name}  x`)
    .join('\n');

  /** A program that answers as that version of ffmpeg. */
  const program = (version: string, encoders = ENCODERS, decoders = DECODERS): string =>
    `#!/bin/sh\necho 'ffmpeg version ${version} Copyright' >&2\ncase $1 in -decoders) cat <<'END'\n${decoders}\nEND\n;; *) cat <<'END'\n${encoders}\nEND\nesac\n`;

  function folders(t: Test, programs: Readonly<Record<string, string>>): string {
    const dir = t.testdir(Object.fromEntries(Object.entries(programs).map(([name, text]) => [name, { ffmpeg: text }])));
    const paths = Object.keys(programs).map((name) => join(dir, name));
    for (const path of paths) chmodSync(join(path, 'ffmpeg'), 0o755);
    return paths.join(':');
  }

  t.test('takes the newest program on PATH, and the packaged one of 2018 only where none there will do', async (t) => {
    const PATH = folders(t, { old: program('4.4.2'), new: program('7.1.1'), bare: program('8.0', ' A..... aac  x') });
    t.match(await findFfmpeg({ env: { PATH } }), { major: 7, source: 'path', path: /new\/ffmpeg$/ });
    t.match(await findFfmpeg({ env: { PATH: folders(t, { bare: program('8.0', '') }) } }), { source: 'package' });
    const newer = { old: program('4.4.2'), bare: program('9.0', '', ' V....D vp9  x'), decodes: program('8.0', '') };
    const found = await findFfmpeg({ env: { PATH: folders(t, newer) } });
    t.match(found, { major: 4, decoder: { major: 8, path: /decodes\/ffmpeg$/ } }, 'strangers’ files go to the newest');
    const alone = await findFfmpeg({ env: { PATH: folders(t, { decodes: newer.decodes }) } });
    t.match(alone, { source: 'package', decoder: { version: '8.0' } }, 'and not to the packaged one of 2018');
    const named = { PATH: folders(t, newer), ENGINE_FFMPEG: folders(t, { named: program('5.1') }) + '/ffmpeg' };
    t.match(await findFfmpeg({ env: named }), { major: 5, decoder: { version: '5.1' } }, 'a named one does everything');
    await t.rejects(findFfmpeg({ env: { PATH, ENGINE_FFMPEG: '/nonexistent' } }), { code: 'E_FFMPEG_MISSING' });
  });
});

t.test('hang watch', async (t) => {
  /** Checks ten times a second, with one input per check; returns the times of the first suspicion and of the hang. */
  function quiet(watch: HangWatch, fromMs: number, untilMs: number, inputs: (ms: number) => number) {
    let suspectMs = -1;
    for (let ms = fromMs; ms <= untilMs; ms += 100) {
      const { suspect, hung } = watch.look(inputs(ms), ms);
      if (suspect && suspectMs < 0) suspectMs = ms;
      if (hung !== undefined) return { suspectMs, hungMs: ms, how: hung.how };
    }
    return { suspectMs, hungMs: -1, how: '' };
  }

  t.test('allows an encoder silence according to its observed state', async (t) => {
    for (const [activity, suspectMs, hungMs] of [
      ['stopped', 1200, 1300],
      ['asleep', 1200, 1800],
      ['working', 2000, 3000],
    ] as const) {
      const watch = new HangWatch(18, (): ProcessActivity => activity);
      watch.begin();
      watch.look(30, 1000);
      watch.packetOut(30, 1000);
      const found = quiet(watch, 1100, 5000, (ms) => 30 + (ms - 1000) / 33);
      t.strictSame(found, { suspectMs, hungMs, how: activity });
    }
  });

  t.test('suspects nothing without input or in a late check', async (t) => {
    const watch = new HangWatch(18, () => 'stopped');
    watch.begin();
    watch.look(30, 1000);
    watch.packetOut(30, 1000);
    t.strictSame(
      quiet(watch, 1100, 9000, () => 32),
      { suspectMs: -1, hungMs: -1, how: '' },
    );
    t.strictSame(watch.look(500, 20_000), { suspect: false }, 'this thread was held up');
    const asleep = new HangWatch(18, () => 'asleep');
    asleep.begin();
    asleep.look(30, 1000);
    asleep.packetOut(30, 1000);
    t.strictSame(asleep.look(45, 1300), { suspect: false }, 'so were the packets in its queue');
    t.strictSame(asleep.look(48, 1400), { suspect: true });
    t.match(watch.look(500, 20_100), { suspect: true, hung: { how: 'stopped' } });
  });

  t.test("counts a preloaded process's ten seconds from its first input", async (t) => {
    const watch = new HangWatch(18, () => 'working');
    watch.begin();
    t.equal(quiet(watch, 100, 60_000, () => 0).hungMs, -1);
    const found = quiet(watch, 60_100, 90_000, (ms) => (ms - 60_000) / 33);
    t.strictSame(found, { suspectMs: -1, hungMs: 70_100, how: 'before its first packet' });
  });
});

t.test('process activity', async (t) => {
  t.test('reports working for one running thread and stopped when all threads are stopped', async (t) => {
    t.equal(activityOf('SSSS'), 'asleep');
    t.equal(activityOf('SSRS'), 'working');
    t.equal(activityOf('SD'), 'working');
    t.equal(activityOf('TTT'), 'stopped');
    t.equal(activityOf('TS'), 'asleep');
    t.equal(activityOf(''), 'working', 'nothing known is no proof');
  });

  t.test('sees a real process asleep, stopped and gone', { skip: process.platform !== 'linux' }, async (t) => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    t.teardown(() => child.kill('SIGKILL'));
    const is = (activity: string) => until(() => processActivity(child.pid!) === activity, 3000);
    t.ok(await is('asleep'));
    child.kill('SIGSTOP');
    t.ok(await is('stopped'));
    child.kill('SIGKILL');
    t.ok(await is('working'), 'of what is gone nothing can be said');
  });
});
