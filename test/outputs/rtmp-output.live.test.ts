import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { EmbeddedServer } from '../../src/outputs/embedded/embedded-server.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { SyntheticRoom, sleep, until } from '../encoder/synthetic-room.js';
import { run, record, packetsOf, steps, onsets } from './recorded-stream.js';
import { fakeServer, freePort } from './rtmp-fake-server.js';
import { outputOf } from './rtmp-output-of.js';

const NGINX = '/usr/sbin/nginx';
const NGINX_RTMP = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

t.test('gives a player of the embedded server every frame in time with sound in step', async (t) => {
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => server.close());
  await server.start();
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const output = outputOf(room, server.publishUrl('room'));
  t.notMatch(output.target, /sign/, 'the address that is shown has no key');
  const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => supervisor.snapshots()[0]!.state === 'live', 5000), 'it goes live');
  await until(() => room.supervisor.stats().keyFrames > 0, 5000);
  await sleep(300);
  const file = join(t.testdir(), 'got.flv');
  await record(server.rtmpUrl('room'), file, 5);
  const probe = await run('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', file]);
  const { streams } = JSON.parse(probe) as { streams: Record<string, unknown>[] };
  const video = streams.find((stream) => stream['codec_type'] === 'video')!;
  const audio = streams.find((stream) => stream['codec_type'] === 'audio')!;
  t.match(video, { codec_name: 'h264', width: 320, height: 180, has_b_frames: 0, r_frame_rate: '30/1' });
  t.match(audio, { codec_name: 'aac', sample_rate: '48000', channels: 2 });
  const packets = await packetsOf(file);
  t.ok(packets.length > 250);
  t.ok(Math.max(...steps(packets, 'video')) < 0.0345 + room.refused * 0.034, 'no frame is missing');
  t.ok(Math.min(...steps(packets, 'video')) > 0.03, 'times rise evenly');
  t.ok(Math.max(...steps(packets, 'audio')) < 0.0225, 'no sound is missing');
  const { flashes, beeps } = await onsets(file);
  const offsets = flashes.flatMap((flash) => {
    const beep = beeps.find((time) => Math.abs(time - flash) < 0.5);
    return beep === undefined ? [] : [Math.round((beep - flash) * 1000)];
  });
  t.ok(offsets.length >= 3, `${offsets.length} flashes with a beep`);
  t.ok(
    offsets.every((ms) => Math.abs(ms) < 33),
    `sound is within a frame of its picture: ${offsets.join(', ')} ms`,
  );
  const flv = join(t.testdir(), 'http.flv');
  await record(server.flvUrl('room'), flv, 1);
  t.ok((await packetsOf(flv)).length > 40, 'HTTP-FLV plays as well');

  const player = record(server.rtmpUrl('room'), file, 4);
  await sleep(1000);
  process.kill(room.supervisor.stats().pids.video!, 'SIGKILL');
  await player;
  const after = await packetsOf(file);
  t.equal(supervisor.snapshots()[0]!.reconnects, 0, 'the output stayed connected while its encoder died');
  t.ok(room.supervisor.stats().restarts >= 1);
  t.ok(Math.max(...steps(after, 'video')) <= 1, `the gap is ${Math.max(...steps(after, 'video')).toFixed(2)} s`);
  t.ok(Math.min(...steps(after, 'video')) > 0, 'times rise across the generations');

  const intruder = outputOf(room, `${server.rtmpUrl('other')}?sign=1-2`);
  await t.rejects(
    intruder.run(new AbortController().signal, () => undefined),
    'nobody else may publish',
  );
});

t.test('reconnects to a restarted endpoint without disturbing other outputs', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const steady = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => steady.close());
  await steady.start();
  const sink = await fakeServer();
  const url = `rtmp://127.0.0.1:${sink.port}/live/secretkey`;
  const supervisor = new OutputSupervisor({
    outputs: [outputOf(room, steady.publishUrl('room'), { id: 'steady' }), outputOf(room, url, { id: 'shaky' })],
    log: silentLog,
  });
  t.teardown(() => supervisor.close());
  supervisor.start();
  const states = (): string[] => supervisor.snapshots().map((snapshot) => snapshot.state);
  t.ok(await until(() => states().every((state) => state === 'live'), 8000), 'both are live');
  await sleep(500);
  await sink.close();
  t.ok(await until(() => supervisor.snapshots()[1]!.reconnects > 0, 3000), 'the loss is seen');
  t.notMatch(JSON.stringify(supervisor.snapshots()), /secretkey/, 'and told without the key');
  const again = await fakeServer(sink.port);
  t.teardown(() => again.close());
  t.ok(await until(() => states()[1] === 'live', 5000), 'it comes back by itself');
  t.ok(await until(() => again.videoMessages() > 20, 4000), 'and delivers');
  t.match(supervisor.snapshots()[0], { reconnects: 0, packetsDropped: 0 }, 'the other one lost nothing');
  t.ok(await until(() => states()[0] === 'live', 10_000), 'and is live, whatever the machine was busy with');
});

t.test('reports a refused key without showing it', async (t) => {
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const sink = await fakeServer(0, 'refuse');
  t.teardown(() => sink.close());
  const output = outputOf(room, `rtmp://127.0.0.1:${sink.port}/live/verysecret`);
  const error = await output
    .run(new AbortController().signal, () => undefined)
    .then(
      () => undefined,
      (e: unknown) => e as Error & { code: string },
    );
  t.equal(error?.code, 'E_OUTPUT_REFUSED');
  t.match(error?.message, /BadName/);
  t.notMatch(`${error?.message} ${error?.stack}`, /verysecret/);
});

t.test('detects a wedged endpoint within 5 s', async (t) => {
  const room = await SyntheticRoom.start({ width: 640, height: 360, noise: true, encoder: { videoKbps: 2500 } });
  t.teardown(() => room.close());
  const sink = await fakeServer(0, 'acknowledge');
  t.teardown(() => sink.close());
  let wedgedMs = 0;
  const supervisor = new OutputSupervisor({
    outputs: [outputOf(room, `rtmp://127.0.0.1:${sink.port}/live/key`)],
    log: silentLog,
    onChange: ({ state }) => {
      if (state === 'wedged') wedgedMs = performance.now();
    },
  });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => sink.videoMessages() > 20, 8000));
  const stoppedMs = performance.now();
  sink.stall();
  t.ok(await until(() => wedgedMs > 0, 9000), 'it is found');
  t.ok(wedgedMs - stoppedMs < 5500, `after ${Math.round(wedgedMs - stoppedMs)} ms`);
});

t.test('checks the certificate for RTMPS', async (t) => {
  const dir = t.testdir();
  const key = join(dir, 'key.pem');
  const cert = join(dir, 'cert.pem');
  const selfSigned = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  const name = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...selfSigned.split(' '), ...name], { stdio: 'ignore' });
  const pem = readFileSync(cert, 'utf8');
  const sink = await fakeServer(0, 'accept', { key: readFileSync(key, 'utf8'), cert: pem });
  t.teardown(() => sink.close());
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const url = `rtmps://localhost:${sink.port}/live/key`;
  await t.rejects(
    outputOf(room, url).run(new AbortController().signal, () => undefined),
    { code: 'E_OUTPUT_CONNECT' },
    'an unknown certificate is refused',
  );
  const stop = new AbortController();
  const running = outputOf(room, url, { tls: { ca: pem } }).run(stop.signal, () => undefined);
  t.ok(await until(() => sink.videoMessages() > 10, 6000), 'a trusted one delivers');
  stop.abort();
  await running;
  t.ok(await until(() => sink.commands().includes('deleteStream'), 1000), 'it says goodbye');
});

t.test(
  'publishes to nginx-rtmp, which acknowledges the stream',
  { skip: existsSync(NGINX) && existsSync(NGINX_RTMP) ? false : 'nginx with its rtmp module is not installed' },
  async (t) => {
    const dir = t.testdir();
    const port = await freePort();
    const conf = join(dir, 'nginx.conf');
    writeFileSync(
      conf,
      `load_module ${NGINX_RTMP};\ndaemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log;\n` +
        `events { worker_connections 64; }\nrtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }\n`,
    );
    const nginx = spawn(NGINX, ['-p', dir, '-c', conf, '-e', join(dir, 'error.log')], { stdio: 'ignore' });
    t.teardown(() => nginx.kill('SIGKILL'));
    const room = await SyntheticRoom.start();
    t.teardown(() => room.close());
    const supervisor = new OutputSupervisor({
      outputs: [outputOf(room, `rtmp://127.0.0.1:${port}/live/stream?token=abc`)],
      log: silentLog,
    });
    t.teardown(() => supervisor.close());
    supervisor.start();
    t.ok(await until(() => supervisor.snapshots()[0]!.state === 'live', 8000));
    const file = join(dir, 'got.flv');
    await record(`rtmp://127.0.0.1:${port}/live/stream`, file, 2);
    const packets = await packetsOf(file);
    // The server lets a player in anywhere: what comes before the first whole GOP may have holes.
    const settled = packets.filter((packet) => packet.pts > packets[0]!.pts + 0.2);
    t.ok(Math.max(...steps(settled, 'video')) < 0.0345, `no frame is missing (${room.refused} were not made)`);
    t.ok(Math.max(...steps(settled, 'audio')) < 0.0225, 'no sound is missing');
  },
);
