/**
 * `npm run bench -- load [--seconds 60] [--loads idle,stress-2,…] [--engine dist/cli/main.js] [--room FILE] [--json]`
 *
 * Puts a room on air, takes CPU away from it, and shows what viewers get: the share of time with a moving picture at a
 * receiver (decoded pictures that differ; one that stands for more than half a second does not move), changed pictures
 * a second, and how long Ctrl-C takes until nothing leaves any more.
 *
 * Loads: `idle`; `stress-N`: N busy processes of the engine's own priority; `quota-X`: a control group with X cores (needs
 * root). The load begins when the room has been on air for twenty seconds, and lasts until it has stopped. `--engine`
 * takes another build, for a comparison.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, getPriority, setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { onAirEngine } from './kit/on-air-engine.js';
import { readTree } from './kit/process-tree.js';
import { endWithUs } from './kit/end-with-us.js';
import { CpuQuota } from './load/cpu-quota.js';
import { changesOf, movingShare } from './load/moving-picture.js';
import { StreamRecord } from './load/stream-record.js';
import { scriptOptions } from './kit/script-options.js';

const LOADS = /^(idle|stress-\d{1,2}|quota-\d(\.\d+)?)$/;
const values = scriptOptions(
  import.meta.url,
  {
    seconds: { type: 'string', default: '60' },
    loads: { type: 'string', default: 'idle,stress-2,stress-16,quota-1.0,quota-0.5,quota-0.3' },
    engine: { type: 'string', default: 'dist/cli/main.js' },
    room: { type: 'string', default: 'templates/rooms/demo-portrait/room.json' },
    json: { type: 'boolean', default: false },
  },
  ({ seconds, loads }) => {
    if (!(Number(seconds) >= 10 && Number(seconds) <= 600)) return `--seconds: expected 10 to 600, found ${seconds}`;
    const wrong = loads.split(',').find((one) => !LOADS.test(one));
    return wrong === undefined ? undefined : `--loads: expected idle, stress-N or quota-X, found ${wrong}`;
  },
);
const seconds = Number(values.seconds);
const WARM_UP_MS = 20_000;
/** Encoder and gate hold a second of pictures. */
const PIPELINE_MS = 1500;
const STOP_LIMIT_MS = 60_000;
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Row {
  readonly load: string;
  readonly movingPercent: number;
  readonly changesPerSecond: number;
  readonly pictures: number;
  readonly cores: number;
  readonly slatePercent: number;
  readonly replacedPercent: number;
  readonly releasedUnjudged: number;
  readonly late: number;
  readonly scanRestarts: number;
  /** From SIGINT to the last byte at the receiver, and to the end of the process. */
  readonly lastByteMs: number;
  readonly endedMs: number;
}

/** Takes CPU away; returns what gives it back. */
function begin(load: string, pid: number): () => void {
  const [kind, amount] = load.split('-') as [string, string | undefined];
  if (kind === 'idle') return () => undefined;
  if (kind === 'quota') {
    const quota = new CpuQuota(pid, Number(amount));
    return () => quota.end();
  }
  const busy: ChildProcess[] = Array.from({ length: Number(amount) }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  const priority = getPriority(pid);
  for (const one of busy) {
    endWithUs(one);
    setPriority(one.pid!, priority);
  }
  return () => {
    for (const one of busy) one.kill('SIGKILL');
  };
}

async function measure(load: string, ffmpeg: string): Promise<Row> {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-load-'));
  try {
    mkdirSync(join(dir, 'room'));
    const root = packageRoot();
    const engine = await onAirEngine(resolve(root, values.engine), resolve(root, values.room), join(dir, 'room'));
    const file = join(dir, 'stream.flv');
    const record = new StreamRecord(engine.flv, file);
    await wait(WARM_UP_MS);
    const release = begin(load, engine.pid);
    try {
      const room = async (): Promise<RoomSnapshot | undefined> =>
        (await engine.get('/api/room').catch(() => undefined)) as RoomSnapshot | undefined;
      const before = await room();
      const cpuBefore = readTree(engine.pid).cpuSeconds;
      const fromMs = performance.now();
      let slates = 0;
      let looks = 0;
      let after = before;
      let lateAnswers = 0;
      while (performance.now() - fromMs < seconds * 1000) {
        await wait(500);
        const asked = performance.now();
        const now = await room();
        if (performance.now() - asked > 10_000) lateAnswers += 1;
        if (now === undefined) continue;
        looks += 1;
        if (now.slate.length > 0) slates += 1;
        after = now;
      }
      const toMs = performance.now();
      const cpuSeconds = readTree(engine.pid).cpuSeconds - cpuBefore;
      const stopMs = performance.now();
      let gone = false;
      const ended = engine.stop(STOP_LIMIT_MS).finally(() => (gone = true));
      await Promise.race([record.ended, ended]);
      await ended;
      const endedMs = performance.now() - stopMs;
      if (!gone) throw new Error('unreachable');
      await record.close();
      release();
      const changed = await changesOf(ffmpeg, file);
      const { share, perSecond } = movingShare(record.arrivedMs, changed, fromMs + PIPELINE_MS, toMs);
      const frames = (after?.frames.rendered ?? 0) - (before?.frames.rendered ?? 0);
      const replaced = (after?.frames.replaced ?? 0) - (before?.frames.replaced ?? 0);
      const restarts = engine
        .log()
        .split('\n')
        .filter((line) => line.includes('scan thread ended')).length;
      if (lateAnswers > 0) process.stderr.write(`${load}: ${lateAnswers} answers of the API took more than 10 s\n`);
      return {
        load,
        movingPercent: round(share * 100),
        changesPerSecond: round(perSecond),
        pictures: round(record.arrivedMs.filter((ms) => ms >= fromMs && ms <= toMs).length / ((toMs - fromMs) / 1000)),
        cores: round((cpuSeconds * 1000) / (toMs - fromMs), 2),
        slatePercent: looks === 0 ? 0 : round((100 * slates) / looks),
        replacedPercent: frames === 0 ? 0 : round((100 * replaced) / frames),
        releasedUnjudged: after?.frames.releasedUnjudged ?? 0,
        late: (after?.lateTicks.total ?? 0) - (before?.lateTicks.total ?? 0),
        scanRestarts: restarts,
        lastByteMs: Math.round(Math.max(0, record.lastByteMs - stopMs)),
        endedMs: Math.round(endedMs),
      };
    } finally {
      release();
      await engine.stop(1000);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits;

try {
  // The receiver must see pictures when they come, however busy the machine is.
  setPriority(-15);
} catch {
  process.stderr.write('not allowed to raise its own priority: arrivals are seen late\n');
}
const { path: ffmpeg } = await findFfmpeg();
const rows: Row[] = [];
for (const load of values.loads.split(',')) {
  process.stderr.write(`${load}: ${seconds} s…\n`);
  rows.push(await measure(load, ffmpeg));
  process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${seconds} s each`;
  const head = [
    'load',
    'moving %',
    'changes/s',
    'pictures/s',
    'cores',
    'slate %',
    'replaced %',
    'unjudged',
    'late',
    'restarts',
    'last byte ms',
    'ended ms',
  ];
  const table = [head, head.map(() => '---'), ...rows.map((row) => Object.values(row).map(String))];
  process.stdout.write(`${machine}\n\n${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
}
process.exit(0);
