import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';
const SECRET = 'k3y-of-an-output';

function below(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
  );
  return [...children, ...children.flatMap(below)];
}

const title = 'prints its addresses, survives a closed terminal, ends on Ctrl-C without an alarm; no child sees a key';
t.test(title, { skip }, async (t) => {
  const file = writeRoom(t, templateRoom('minimal'));
  const main = join(packageRoot(), 'dist', 'cli', 'main.js');
  // A process group of its own, as a shell creates for each command.
  const engine = spawn(process.execPath, [main, 'start', '--room', file, '--port', '0'], {
    detached: true,
    env: {
      ...process.env,
      ...{ NODE_OPTIONS: '', ENGINE_NICE: '0', ENGINE_LOG: 'info' },
      ...{ ENGINE_TOKEN: `${SECRET}-and-long-enough`, TAOBAO_KEY: SECRET },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => engine.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  engine.stdout.on('data', (data: Buffer) => (stdout += String(data)));
  engine.stderr.on('data', (data: Buffer) => (stderr += String(data)));
  const ended = new Promise<number | null>((resolve) => engine.once('close', resolve));
  while (!stdout.includes('"status"') && engine.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  engine.kill('SIGHUP');
  while (!stderr.includes('the terminal is gone: the show goes on') && engine.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const told = (event: string): any => JSON.parse(stdout.split('\n').find((line) => line.includes(`"${event}"`))!);
  const addresses = told('on-air') as Record<string, string>;
  for (const key of ['watch', 'whep', 'rtmp', 'flv', 'metrics']) t.ok(addresses[key], key);
  t.match(told('status'), {
    event: 'status',
    lateTicks: { total: Number },
    framesScanned: Number,
    releasedUnjudged: 0,
  });
  t.equal((await fetch(addresses['health']!)).status, 200);
  const children = below(engine.pid!);
  // The voice's process ends when the script is spoken.
  t.ok(children.length >= 2, `${children.length} children: two encoders at least`);
  for (const pid of children) {
    const name = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 60);
    t.notMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), SECRET, name);
  }
  // It reaches the encoders too.
  process.kill(-engine.pid!, 'SIGINT');
  t.equal(await ended, 0, stderr);
  t.notMatch(stderr, /E_ENCODER_DIED|died|next generation/);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as object;
  t.match(last, { event: 'off-air', frames: { releasedUnjudged: 0 }, outputs: [{ id: 'local', liveShare: Number }] });
  for (const pid of children) t.throws(() => process.kill(pid, 0), `child ${pid} is gone`);
  for (const url of [addresses['health']!, addresses['flv']!, addresses['rtmp']!.replace('rtmp', 'http')]) {
    const { hostname, port } = new URL(url);
    const open = await new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
    });
    t.equal(open, false, `port ${port} is free again`);
  }
});
