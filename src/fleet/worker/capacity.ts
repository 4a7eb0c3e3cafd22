/**
 * How many reference rooms a machine carries.
 *
 * Problem: the same room takes 0.3 of one machine's cores and 0.8 of another's.
 * Rule: a self-test runs the demo room for 20 s, without outputs, and reads the CPU time of the whole process tree once it
 * is on air. Four fifths of the cores, and of the memory, are given out. The result is kept until the version, the
 * processor or the number of cores changes. On a machine that is busy with something else the room draws fewer frames,
 * which costs less: such a result is not believed, nor kept, and the cautious figure counts.
 * Numbers: 12 s are measured; 400 MiB a room.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { templatePath } from '../../core/files/paths.js';
import type { Log } from '../../core/log.js';
import { spawnChild } from '../../core/processes/child-process.js';
import { sleep } from '../../core/sleep.js';
import { newToken } from '../../control/auth.js';
import { endTree } from '../lease/end-tree.js';
import { askEngine, type EngineApi, type Health, treeCpuSeconds } from './ask-engine.js';

export interface Capacity {
  /** Reference rooms. */
  readonly rooms: number;
  readonly coresPerRoom: number;
  readonly cores: number;
}

const SHARE = 0.8;
const ROOM_BYTES = 400 * 1024 * 1024;
const TEST_ROOM = 'demo-portrait';
const LOADS_MS = 90_000;
const MEASURED_MS = 12_000;
/** Without a self-test: a core a room, which most machines of the last ten years beat. */
export const CAUTIOUS = 0.8;

/** Cores that this process may use: affinity, and the quota of a container. */
export async function usableCores(): Promise<number> {
  const own = availableParallelism();
  const text = await readFile('/sys/fs/cgroup/cpu.max', 'utf8').catch(() => 'max');
  const [quota, period] = text.trim().split(' ').map(Number);
  return Number.isFinite(quota) && period! > 0 ? Math.min(own, quota! / period!) : own;
}

async function usableBytes(): Promise<number> {
  const text = await readFile('/sys/fs/cgroup/memory.max', 'utf8').catch(() => 'max');
  const limit = Number(text.trim());
  return Number.isFinite(limit) && limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

export async function roomsFor(coresPerRoom: number): Promise<Capacity> {
  const cores = await usableCores();
  const byMemory = ((await usableBytes()) * SHARE) / ROOM_BYTES;
  const rooms = Math.floor(Math.min((cores * SHARE) / coresPerRoom, byMemory) * 10) / 10;
  return { rooms, coresPerRoom: Math.round(coresPerRoom * 1000) / 1000, cores };
}

export interface SelfTestOptions {
  readonly folder: string;
  readonly version: string;
  readonly command: readonly string[];
  readonly log: Log;
  /** Measures again. */
  readonly again?: boolean;
}

/** The machine's capacity, measured or as it was measured before. */
export async function measureCapacity({
  folder,
  version,
  command,
  log,
  again = false,
}: SelfTestOptions): Promise<Capacity> {
  const file = join(folder, 'capacity.json');
  const machine = `${version} ${cpus()[0]?.model ?? ''} ×${await usableCores()}`;
  const before = again ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (before !== undefined) {
    const kept = JSON.parse(before) as { machine: string; coresPerRoom: number };
    if (kept.machine === machine) return roomsFor(kept.coresPerRoom);
  }
  log.info({ seconds: 20 }, 'measuring what a room costs on this machine');
  const coresPerRoom = await costOfReferenceRoom(command);
  if (coresPerRoom === 'busy') {
    log.warn(
      { coresPerRoom: CAUTIOUS },
      'the machine is too busy to measure a room: a cautious figure counts; --capacity measure tries again',
    );
    return roomsFor(CAUTIOUS);
  }
  await replaceFile(file, JSON.stringify({ machine, coresPerRoom }));
  return roomsFor(coresPerRoom);
}

async function costOfReferenceRoom([program, ...args]: readonly string[]): Promise<number | 'busy'> {
  const dir = await mkdtemp(join(tmpdir(), 'showroom-test-'));
  const token = newToken();
  const room = templatePath('rooms', TEST_ROOM, 'room.json');
  const child = spawnChild(program!, [...args, 'start', '--preview', '--port', '0', '--room', room], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ENGINE_TOKEN: token },
  });
  let said = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-20_000)));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-20_000)));
  child.once('exit', () => (isOver = true));
  const { signal } = new AbortController();
  try {
    const limitMs = performance.now() + LOADS_MS;
    let api: EngineApi | undefined;
    for (;;) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url !== undefined) api ??= { url, token };
      const health =
        api === undefined ? undefined : await askEngine<Health>(api, 'GET', '/healthz').catch(() => undefined);
      if (health?.ok === true && health.frame > 60) break;
      if (isOver || performance.now() > limitMs)
        throw new EngineError('E_FLEET', {
          where: 'the self-test',
          expected: `the demo room on air within ${LOADS_MS / 1000} s`,
          found: said.trim().split('\n').at(-1)?.slice(0, 300) ?? 'nothing',
          todo: 'run `engine doctor`, or give --capacity a number of rooms',
        });
      await sleep(200, signal);
    }
    const before = { seconds: treeCpuSeconds(child.pid!), atMs: performance.now() };
    const endMs = before.atMs + MEASURED_MS;
    let isBusy = false;
    while (performance.now() < endMs) {
      await sleep(1000, signal);
      const { fps, pictureFps } = await askEngine<{ fps: number; pictureFps: number }>(api!, 'GET', '/api/room');
      isBusy ||= pictureFps < fps;
    }
    if (isBusy) return 'busy';
    const after = { seconds: treeCpuSeconds(child.pid!), atMs: performance.now() };
    return Math.max(0.02, ((after.seconds - before.seconds) / (after.atMs - before.atMs)) * 1000);
  } finally {
    endTree(child.pid!);
    await rm(dir, { recursive: true, force: true });
  }
}
