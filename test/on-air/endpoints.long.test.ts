import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { onAir, probePackets, record, recordUntilStopped, templateRoom, tool, until, wait } from '../kit/on-air.js';
import { noFfprobe } from '../kit/ffprobe.js';

const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';
const skip = !existsSync(MODULE) ? 'nginx with its RTMP module is not installed' : noFfprobe;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** An nginx with an RTMP application `live`, that can be killed and restarted. */
function nginx(t: Test, port: number): { start(): Promise<void>; kill(): Promise<void> } {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-nginx-'));
  const file = join(dir, 'nginx.conf');
  writeFileSync(
    file,
    `load_module ${MODULE};\ndaemon off;\nmaster_process off;\npid ${dir}/pid;\nerror_log ${dir}/error.log;\nevents {}\nrtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }\n`,
  );
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const mine = child;
    child = undefined;
    if (mine === undefined) return;
    const gone = new Promise((resolve) => mine.once('exit', resolve));
    mine.kill('SIGKILL');
    await gone;
  };
  t.teardown(async () => {
    await kill();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    kill,
    async start() {
      child = spawn('nginx', ['-c', file, '-p', dir], { stdio: 'ignore' });
      await wait(300);
    },
  };
}

t.test('isolates other outputs from an endpoint that dies and returns', { skip, timeout: 300_000 }, async (t) => {
  const port = await freePort();
  const server = nginx(t, port);
  await server.start();
  const base = templateRoom('minimal');
  const room = await onAir(t, {
    ...base,
    video: { width: 640, height: 360, fps: 30 },
    outputs: [{ id: 'far', kind: 'rtmp', url: `rtmp://127.0.0.1:${port}/live/show` }],
  });
  const far = () => room.live.snapshot().outputs.find((o) => o.id === 'far')!;
  await until('the far endpoint is live', () => far().state === 'live');
  const recording = join(room.dir, 'near.flv');
  const stop = recordUntilStopped(t, room.live.addresses.rtmp, recording);
  await wait(3000);
  await server.kill();
  await until('the loss is noticed', () => far().state !== 'live', 5000);
  t.notMatch(far().lastError, 'show', 'no message holds the key');
  await wait(2000);
  await server.start();
  await until('it returns by itself', () => far().state === 'live');
  t.ok(far().reconnects >= 1);
  const again = join(room.dir, 'far.flv');
  await record(`rtmp://127.0.0.1:${port}/live/show`, 3, again);
  t.ok(
    (await probePackets(again)).some((p) => p.kind === 'video' && p.key),
    'pictures flow there again',
  );
  await stop();
  t.equal(room.live.snapshot().frames.releasedUnjudged, 0);
  await room.live.close();
  const frames = (await probePackets(recording)).filter((p) => p.kind === 'video').map((p) => p.ptsMs);
  t.same(
    frames.slice(1).filter((ms, i) => ms - frames[i]! > 34),
    [],
    'the other output lost nothing',
  );
});

t.test('replaces a killed encoder while viewers stay', { skip, timeout: 300_000 }, async (t) => {
  const base = templateRoom('minimal');
  const room = await onAir(t, { ...base, video: { width: 640, height: 360, fps: 30 } });
  const recording = join(room.dir, 'near.flv');
  const stop = recordUntilStopped(t, room.live.addresses.rtmp, recording);
  await wait(3000);
  const { stdout } = await tool('pgrep', ['-P', String(process.pid), '-f', 'libx264']);
  const [pid] = stdout.toString().trim().split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await until('the next one works', () => room.live.snapshot().encoder.generation >= 2);
  await wait(3000);
  await stop();
  const s = room.live.snapshot();
  t.ok(s.encoder.generation >= 2, `generation ${s.encoder.generation}`);
  t.equal(s.outputs.find((o) => o.id === 'local')!.reconnects, 0, 'the output stayed connected');
  await room.live.close();
  const frames = (await probePackets(recording)).filter((p) => p.kind === 'video').map((p) => p.ptsMs);
  const gaps = frames.slice(1).map((ms, i) => ms - frames[i]!);
  t.ok(Math.min(...gaps) > 0, 'timestamps only rise');
  t.ok(Math.max(...gaps) <= 1000, `the longest gap is ${Math.max(...gaps)} ms`);
});
