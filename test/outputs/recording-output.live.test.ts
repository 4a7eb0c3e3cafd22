import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { SyntheticRoom, sleep, until } from '../encoder/synthetic-room.js';
import { recordingOf } from './recording-output-of.js';

interface Probed {
  video: number[];
  audio: number[];
}

/** Times of all packets, as ffprobe reads them; it throws where it finds the file faulty. */
function probe(file: string): Probed {
  const args = ['-v', 'error', '-show_entries', 'packet=codec_type,pts_time', '-of', 'csv=p=0', file];
  const lines = execFileSync('ffprobe', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n');
  const times = (kind: string): number[] =>
    lines.filter((line) => line.startsWith(kind)).map((line) => Number(line.split(',')[1]));
  return { video: times('video'), audio: times('audio') };
}

/** Decodes the whole file; returns the decoder's complaints. */
const decode = (file: string): string =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const widest = (times: readonly number[]): number => Math.max(...times.slice(1).map((time, i) => time - times[i]!));
const files = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.mp4'))
    .sort();

t.test('rotates files without losing a frame and removes the oldest only under a budget', async (t) => {
  const dir = join(t.testdir(), 'made');
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const stop = new AbortController();
  const running = recordingOf(room, dir, { segmentMinutes: 1 / 60 }).run(stop.signal, () => undefined);
  await until(() => room.supervisor.stats().videoPackets > 140, 9000);
  stop.abort();
  await running;
  const names = files(dir);
  t.ok(names.length >= 4, `${names.length} files of a second each`);
  const all = names.map((name) => probe(join(dir, name)));
  const made = all.flatMap(({ video }) => video);
  t.ok(widest(made) < 0.0345 + room.refused * 0.034, 'times go on from file to file, and no frame is missing');
  t.ok(widest(all.flatMap(({ audio }) => audio)) < 0.0225, 'nor any sound');
  for (const name of names) t.equal(decode(join(dir, name)), '', `${name} is decoded whole`);
  t.ok(made.length >= 100);

  const others = 'tape2-20200101-000000.mp4';
  writeFileSync(join(dir, others), 'not ours');
  const size = names.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  const again = new AbortController();
  const second = recordingOf(room, dir, { maxBytes: Math.round(size / 2) }).run(again.signal, () => undefined);
  await until(() => files(dir).filter((name) => name.startsWith('tape-')).length < names.length, 5000);
  again.abort();
  await second;
  const left = files(dir);
  t.notOk(left.includes(names[0]!), 'the oldest is gone');
  t.ok(left.includes(others), 'a file of another name stays');
  const now = left
    .filter((name) => name.startsWith('tape-'))
    .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  t.ok(now <= size / 2, `${now} bytes are left of ${size}`);
});

t.test('keeps a recording playable up to the last whole GOP after kill -9', async (t) => {
  const dir = t.testdir();
  const child = fork(join(packageRoot(), 'test/outputs/recording-child.ts'), [dir], {
    execArgv: ['--import=tsx'],
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('message', resolve));
  await sleep(2200);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  const [name] = files(dir);
  const { video, audio } = probe(join(dir, name!));
  t.ok(video.length >= 45, `${video.length} frames are there`);
  t.ok(audio.length >= 60, `${audio.length} packets of sound are there`);
  t.equal(decode(join(dir, name!)), '', 'and decode without a complaint');
});

t.test('reports and retries a full disk and keeps the written part whole', async (t) => {
  // Not in the test's own folder: that is emptied while it is still mounted.
  const dir = mkdtempSync(join(tmpdir(), 'showroom-disk-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    t.pass('no right to mount a small file system here', { skip: true });
    return;
  }
  t.teardown(() => execFileSync('umount', ['-l', dir]));
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500, videoKbps: 1500 }, noise: true });
  t.teardown(() => room.close());
  const states: string[] = [];
  const supervisor = new OutputSupervisor({
    outputs: [recordingOf(room, dir)],
    log: silentLog,
    onChange: ({ state }) => states.push(state),
  });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => supervisor.snapshots()[0]!.state === 'backoff', 12_000), states.join(' '));
  t.match(supervisor.snapshots()[0]!.lastError, /expected room on the disk, found none left; make room/);
  const [name] = files(dir);
  t.equal(decode(join(dir, name!)), '', 'the file ends with a whole fragment');
  const before = readFileSync(join(dir, name!));
  await sleep(1500);
  t.equal(files(dir).length, 1, 'tries that write nothing leave nothing');
  execFileSync('mount', ['-o', 'remount,size=8m', dir]);
  t.ok(await until(() => supervisor.snapshots()[0]!.state === 'live', 12_000), 'it goes on when there is room');
  t.ok(readFileSync(join(dir, name!)).equals(before), 'the first file is as it was');
  t.ok(files(dir).length >= 2, 'in a new file');
});
