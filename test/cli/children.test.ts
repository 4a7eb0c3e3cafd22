import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

const title = 'survives a closed terminal, ends on its Ctrl-C without an alarm, and no child has seen a key';
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
  const { health } = JSON.parse(stdout.split('\n').find((line) => line.includes('"on-air"'))!) as { health: string };
  t.equal((await fetch(health)).status, 200);
  const children = below(engine.pid!);
  t.ok(children.length >= 3, `${children.length} children`);
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
});
