import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { findFfmpeg } from '../../src/encoder/find-ffmpeg.js';
import { EmbeddedServer } from '../../src/outputs/embedded-server.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { createOutputs } from '../../src/outputs/create-outputs.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-body.js';
import { PayloadCache } from '../../src/outputs/webrtc/viewer-stream.js';
import { output as outputSchema } from '../../src/config/output.js';
import { RtmpOutput, type RtmpOutputOptions } from '../../src/outputs/rtmp/rtmp-output.js';
import { SyntheticRoom, sleep, until } from '../encoder/synthetic-room.js';

const NGINX = '/usr/sbin/nginx';
const NGINX_RTMP = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
const ffmpeg = await findFfmpeg();

function run(program: string, args: readonly string[], timeoutMs = 20_000): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr.slice(-500)}`));
    });
  });
}

/** Records what a player gets, for a number of seconds of the stream's own time. */
const record = (url: string, file: string, seconds: number): Promise<string> =>
  run(ffmpeg.path, ['-v', 'error', '-i', url, '-t', String(seconds), '-c', 'copy', '-y', file]);

interface Packet {
  kind: string;
  pts: number;
}

async function packetsOf(file: string): Promise<Packet[]> {
  const json = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'packet=codec_type,pts_time',
    '-of',
    'json',
    file,
  ]);
  const { packets } = JSON.parse(json) as { packets: { codec_type: string; pts_time: string }[] };
  return packets.map(({ codec_type, pts_time }) => ({ kind: codec_type, pts: Number(pts_time) }));
}

const steps = (packets: readonly Packet[], kind: string): number[] => {
  const times = packets.filter((packet) => packet.kind === kind).map((packet) => packet.pts);
  return times.slice(1).map((time, i) => time - times[i]!);
};

const outputOf = (room: SyntheticRoom, url: string, more: Partial<RtmpOutputOptions> = {}): RtmpOutput =>
  new RtmpOutput({
    id: 'test',
    url,
    source: room.supervisor,
    width: room.width,
    height: room.height,
    rate: room.rate,
    videoKbps: 600,
    aacKbps: 128,
    maxLagMs: 4000,
    ...more,
  });

/** Where sound and picture of each beep and flash begin, in seconds, as a decoder shows them. */
async function onsets(file: string): Promise<{ flashes: number[]; beeps: number[] }> {
  const luma = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const frames = await run(ffmpeg.path, ['-v', 'error', '-i', file, '-vf', luma, '-an', '-f', 'null', '-']);
  const flashes: number[] = [];
  let time = 0;
  let white = true;
  for (const line of frames.split('\n')) {
    const at = /pts_time:([\d.]+)/.exec(line);
    if (at !== null) time = Number(at[1]);
    const average = /YAVG=([\d.]+)/.exec(line);
    if (average === null) continue;
    const now = Number(average[1]) > 150;
    if (now && !white) flashes.push(time);
    white = now;
  }
  const raw = join(file, '..', 'sound.f32');
  await run(ffmpeg.path, ['-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', '48000', '-f', 'f32le', '-y', raw]);
  // Sample 0 is the first sound packet's; ffmpeg counts the pictures' times from the file's first packet.
  const packets = await packetsOf(file);
  const firstSound = packets.find((packet) => packet.kind === 'audio')!.pts;
  const start = firstSound - Math.min(...packets.map((packet) => packet.pts));
  const bytes = readFileSync(raw);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const beeps: number[] = [];
  let quiet = 0;
  for (let i = 0; i < samples.length; i += 1) {
    if (Math.abs(samples[i]!) > 0.05) {
      if (quiet > 4800) beeps.push(start + i / 48_000);
      quiet = 0;
    } else {
      quiet += 1;
    }
  }
  return { flashes, beeps };
}

t.test('a player of the embedded server gets every frame, in time, with sound in step', async (t) => {
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

t.test('an endpoint that dies and comes back disturbs only its own output', async (t) => {
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
  const [one] = supervisor.snapshots();
  t.match(one, { state: 'live', reconnects: 0, packetsDropped: 0 });
});

t.test('an endpoint that refuses the key is named without it', async (t) => {
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

t.test('an endpoint that stops reading is found wedged within 5 s', async (t) => {
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

t.test('a stream goes on at the backup ingest without a hole, and comes back when that one fails', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const primary = await fakeServer(0, 'acknowledge');
  const backup = await fakeServer(0, 'acknowledge');
  t.teardown(() => backup.close());
  const [url, backupUrl] = [primary, backup].map(({ port }) => `rtmp://127.0.0.1:${port}/live/key`);
  const supervisor = new OutputSupervisor({ outputs: [outputOf(room, url!, { backupUrl })], log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => primary.videoTimes().length > 75, 8000));
  await primary.close();
  t.ok(await until(() => backup.videoTimes().length > 60, 5000), 'the backup takes over');
  const together = [...new Set([...primary.videoTimes(), ...backup.videoTimes()])].sort((a, b) => a - b);
  const widest = Math.max(...together.slice(1).map((time, i) => time - together[i]!));
  t.ok(widest <= 34 + room.refused * 34, `the widest step of both together is ${widest} ms`);
  t.ok(backup.videoTimes()[0]! > 1000, 'on the same timeline');
  const again = await fakeServer(primary.port, 'acknowledge');
  t.teardown(() => again.close());
  await backup.close();
  t.ok(await until(() => again.videoTimes().length > 30, 8000), 'the first is used again');
  t.match(supervisor.snapshots()[0], { publishes: 3 });
});

t.test('both ingests at once carry the same pictures at the same times', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const sinks = [await fakeServer(), await fakeServer()];
  for (const sink of sinks) t.teardown(() => sink.close());
  const [url, backupUrl] = sinks.map(({ port }) => `rtmp://127.0.0.1:${port}/live/key`);
  const config = { id: 'tube', kind: 'rtmp', platform: 'youtube', backup: 'together', url, backupUrl };
  const outputs = createOutputs([outputSchema.parse(config)], {
    source: room.supervisor,
    width: room.width,
    height: room.height,
    rate: room.rate,
    videoKbps: 600,
    aacKbps: 128,
    bodies: new FlvBodies(),
    cache: new PayloadCache(),
    log: silentLog,
    ffmpegPath: ffmpeg.path,
  });
  const supervisor = new OutputSupervisor({ outputs, log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => sinks.every((sink) => sink.videoTimes().length > 60), 8000));
  const [one, other] = sinks.map((sink) => new Set(sink.videoTimes()));
  const from = Math.max(Math.min(...one!), Math.min(...other!));
  const to = Math.min(Math.max(...one!), Math.max(...other!));
  const within = (times: Set<number>): number[] => [...times].filter((time) => time >= from && time <= to);
  t.same(within(one!), within(other!));
  t.same(
    supervisor.snapshots().map(({ id }) => id),
    ['tube', 'tube-backup'],
  );
});

t.test('RTMPS checks the certificate', async (t) => {
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
  'nginx-rtmp takes the stream and acknowledges it',
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

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

type Manner = 'accept' | 'refuse' | 'acknowledge';

interface FakeServer {
  readonly port: number;
  videoMessages(): number;
  /** Times of the pictures, in ms. */
  videoTimes(): number[];
  commands(): string[];
  /** Stops reading without closing. */
  stall(): void;
  close(): Promise<void>;
}

/** A far side that speaks just enough RTMP to accept or refuse, and can be made to stall. */
async function fakeServer(
  port = 0,
  manner: Manner = 'accept',
  tls?: { key: string; cert: string },
): Promise<FakeServer> {
  const { ChunkReader } = await import('../../src/outputs/rtmp/chunk-reader.js');
  const { ChunkWriter } = await import('../../src/outputs/rtmp/chunk-writer.js');
  const { decodeAmf0, encodeAmf0 } = await import('../../src/outputs/rtmp/amf0.js');
  let videos = 0;
  const times: number[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const writer = new ChunkWriter();
    let head: Buffer | undefined = Buffer.alloc(0);
    let greeted = false;
    let received = 0;
    const say = (...values: Parameters<typeof encodeAmf0>): void => {
      socket.write(writer.message(3, 20, 0, 0, encodeAmf0(...values)));
    };
    const reader = new ChunkReader(({ type, payload, timestampField }) => {
      if (type === 1) reader.chunkSize = payload.readUInt32BE(0);
      if (type === 9) videos += 1;
      if (type === 9 && payload[1] === 1) times.push(timestampField);
      if (type !== 20) return;
      const [name, transaction, , stream] = decodeAmf0(payload);
      commands.push(String(name));
      if (name === 'connect') say('_result', transaction, {}, { code: 'NetConnection.Connect.Success' });
      else if (name === 'createStream') say('_result', transaction, null, 1);
      else if (name === 'publish' && manner === 'refuse') {
        const description = `stream ${String(stream)} is taken`;
        say('onStatus', 0, null, { level: 'error', code: 'NetStream.Publish.BadName', description });
      } else if (name === 'publish') say('onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start' });
    });
    socket.on('data', (data: Buffer) => {
      received += data.length;
      if (manner === 'acknowledge' && greeted) {
        const ack = Buffer.alloc(4);
        ack.writeUInt32BE(received);
        socket.write(writer.message(2, 3, 0, 0, ack));
      }
      if (head === undefined) {
        reader.push(data);
        return;
      }
      head = Buffer.concat([head, data]);
      if (!greeted && head.length >= 1537) {
        greeted = true;
        socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), head.subarray(1, 1537)]));
      }
      if (head.length >= 1537 + 1536) {
        const rest = head.subarray(1537 + 1536);
        head = undefined;
        if (rest.length > 0) reader.push(rest);
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    videoMessages: () => videos,
    videoTimes: () => times,
    commands: () => commands,
    stall: () => sockets.forEach((socket) => socket.pause()),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
