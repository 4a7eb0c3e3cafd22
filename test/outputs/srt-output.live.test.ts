import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-muxer.js';
import { SrtOutput, parseSrtUrl } from '../../src/outputs/srt/srt-output.js';
import { SyntheticRoom, sleep, until } from '../encoder/synthetic-room.js';

const ffmpeg = (await findFfmpeg()).path;
const skip = /^ *srt$/m.test(execFileSync(ffmpeg, ['-hide_banner', '-protocols'], { encoding: 'utf8' }))
  ? false
  : 'this ffmpeg has no libsrt';
const PASSPHRASE = 'correct-horse-battery';

const outputOf = (room: SyntheticRoom, port: number, query: string, ffmpegPath = ffmpeg): SrtOutput =>
  new SrtOutput({
    id: 'far',
    url: `srt://127.0.0.1:${port}?${query}`,
    latencyMs: 120,
    videoKbps: 600,
    aacKbps: 128,
    ffmpegPath,
    source: room.supervisor,
    bodies: new FlvBodies(),
    maxLagMs: 4000,
    maxLagBytes: 16 << 20,
  });

function freeUdpPort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Records what an SRT listener gets. */
function listener(port: number, file: string): ChildProcess {
  const url = `srt://127.0.0.1:${port}?mode=listener&passphrase=${PASSPHRASE}`;
  // Older ffmpeg looks at five seconds before it writes, and drops what is unwritten when it is ended.
  const input = `-v error -analyzeduration 500000 -probesize 65536 -f mpegts -i ${url}`.split(' ');
  const output = '-c copy -flush_packets 1 -f mpegts -y'.split(' ');
  return spawn(ffmpeg, [...input, ...output, file], { stdio: 'ignore' });
}

t.test('parses addresses and hides their secrets', async (t) => {
  const { open, secrets, masked, host } = parseSrtUrl(
    `srt://[::1]:9000?streamid=publish:abc&passphrase=${PASSPHRASE}&pbkeylen=32`,
    300,
    2000,
  );
  t.equal(masked, 'srt://[::1]:9000');
  t.equal(host, '::1');
  t.match(open, /mode=caller.*latency=300000.*sndbuf=325000.*pbkeylen=32/);
  t.notMatch(open, /abc|horse/);
  t.same(secrets, [
    ['srt_streamid', 'publish:abc'],
    ['passphrase', PASSPHRASE],
  ]);
  for (const bad of ['srt://h', 'srt://h:1?mode=listener', 'srt://h:1?passphrase=secret', 'srt://h:1?x=topsecret']) {
    t.throws(() => parseSrtUrl(bad, 100, 2000), { code: 'E_OUTPUT_INVALID' });
    try {
      parseSrtUrl(bad, 100, 2000);
    } catch (e) {
      t.notMatch(String(e), /secret/);
    }
  }
});

t.test(
  'delivers every frame and all sound to a listener and reconnects by itself',
  { skip, timeout: 300_000 },
  async (t) => {
    const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
    t.teardown(() => room.close());
    const dir = t.testdir();
    const port = await freeUdpPort();
    const first = listener(port, join(dir, 'a.ts'));
    t.teardown(() => first.kill('SIGKILL'));
    const supervisor = new OutputSupervisor({
      outputs: [outputOf(room, port, `streamid=live/stream-key&passphrase=${PASSPHRASE}`)],
      log: silentLog,
    });
    t.teardown(() => supervisor.close());
    supervisor.start();
    const state = (): string => supervisor.snapshots()[0]!.state;
    t.ok(await until(() => state() === 'live', 10_000), 'it goes live');
    const commands = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        } catch {
          return '';
        }
      })
      .filter((line) => line.includes(`127.0.0.1:${port}`) && line.includes('caller'));
    t.equal(commands.length, 1);
    t.notMatch(commands[0], /stream-key|horse/, 'the list of processes shows no secret');
    await sleep(3000);
    first.kill('SIGTERM');
    t.ok(await until(() => state() !== 'live' && state() !== 'degraded', 8000), 'the loss is seen');
    t.notMatch(JSON.stringify(supervisor.snapshots()), /stream-key|horse/);
    const again = listener(port, join(dir, 'b.ts'));
    t.teardown(() => again.kill('SIGKILL'));
    t.ok(await until(() => state() === 'live', 20_000), 'it is live again');
    const probe = ['-v', 'error', '-show_entries', 'packet=codec_type,pts_time', '-of', 'csv=p=0', join(dir, 'a.ts')];
    const lines = execFileSync('ffprobe', probe, { encoding: 'utf8' }).split('\n');
    for (const [kind, most] of [
      ['video', 0.0345 + room.refused * 0.034],
      ['audio', 0.0225],
    ] as const) {
      const times = lines.filter((line) => line.startsWith(kind)).map((line) => Number(line.split(',')[1]));
      const steps = times.slice(1).map((time, i) => time - times[i]!);
      t.ok(times.length > 60, `${times.length} packets of ${kind}`);
      t.ok(Math.max(...steps) < most, `no ${kind} is missing: ${Math.max(...steps)}`);
    }
  },
);

t.test('detects a silent listener within 5 s', { skip, timeout: 300_000 }, async (t) => {
  const room = await SyntheticRoom.start({ noise: true, encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const port = await freeUdpPort();
  const far = listener(port, join(t.testdir(), 'a.ts'));
  t.teardown(() => far.kill('SIGKILL'));
  const lost: number[] = [];
  const supervisor = new OutputSupervisor({
    outputs: [outputOf(room, port, `passphrase=${PASSPHRASE}`)],
    log: silentLog,
    onChange: ({ state }) => {
      if (state === 'wedged' || state === 'backoff') lost.push(performance.now());
    },
  });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => supervisor.snapshots()[0]!.state === 'live', 10_000), 'it goes live');
  await sleep(2000);
  t.strictSame(lost, [], 'all is well before');
  const silentMs = performance.now();
  far.kill('SIGSTOP');
  t.ok(await until(() => lost.length > 0, 8000), 'the silence is noticed');
  t.ok(lost[0]! - silentMs < 5000, `after ${Math.round(lost[0]! - silentMs)} ms`);
});

t.test('explains a wrong passphrase and an ffmpeg without libsrt', { skip, timeout: 300_000 }, async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const port = await freeUdpPort();
  const far = listener(port, join(t.testdir(), 'a.ts'));
  t.teardown(() => far.kill('SIGKILL'));
  await sleep(400);
  const failure = async (output: SrtOutput): Promise<Error & { code?: string }> =>
    output
      .run(new AbortController().signal, () => undefined)
      .then(
        () => new Error('no failure'),
        (e: unknown) => e as Error,
      );
  const wrong = await failure(outputOf(room, port, 'passphrase=not-the-right-one'));
  t.match(wrong, { code: 'E_OUTPUT_CONNECT', message: /far.*expected a connection/ });
  t.notMatch(wrong.message, /right-one/);
  t.comment(wrong.message);
  const bare = join(t.testdir(), 'ffmpeg');
  writeFileSync(bare, '#!/bin/sh\necho "Output:\n  rtmp\n  tcp"\n');
  chmodSync(bare, 0o755);
  t.match(await failure(outputOf(room, port, '', bare)), {
    code: 'E_OUTPUT_INVALID',
    message: /an ffmpeg with libsrt, found one without/,
  });
});
