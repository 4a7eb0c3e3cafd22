/**
 * `npm run bench -- rooms [--rooms 2] [--seconds 60] [--max 4] [--room FILE] [--json]`
 *
 * Puts demo rooms on air one after the other, as their users would, and measures for each: late ticks and replaced
 * frames by cause, from its first frame on, so also while later rooms start; CPU; and memory (PSS) by process. With
 * `--max` it begins with one room and adds one more as long as no room has a late tick or a replaced frame. Run it on a
 * quiet machine: other programs take frames, too. Exits with 1 when a room had a fault (without `--max`).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import { onAirEngine, type OnAirEngine } from './kit/on-air-engine.js';
import { watchRoles } from './kit/process-roles.js';
import { readTree } from './kit/process-tree.js';
import { isFaultless, largestFaultless, roomFigures, type RoomFigures } from './kit/room-figures.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(
  import.meta.url,
  {
    rooms: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '60' },
    max: { type: 'string' },
    room: { type: 'string', default: 'templates/rooms/demo-portrait/room.json' },
    json: { type: 'boolean', default: false },
  },
  ({ rooms, seconds, max = '1' }) => {
    for (const [name, given] of Object.entries({ rooms, max })) {
      if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(given)) return `--${name}: expected 1 to 64, found ${given}`;
    }
    return Number(seconds) >= 5 && Number(seconds) <= 3600
      ? undefined
      : `--seconds: expected 5 to 3600, found ${seconds}`;
  },
);
const seconds = Number(values.seconds);
const root = packageRoot();
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A room that just went on air compiles its code; the next one starts after it, as an operator would. */
const BETWEEN_MS = 5000;

interface Running {
  readonly engine: OnAirEngine;
  readonly startMs: number;
  readonly memory: ReturnType<typeof watchRoles>;
}

if (values.max === undefined) {
  const rooms = await run(Number(values.rooms));
  process.exitCode = isFaultless(rooms) ? 0 : 1;
} else {
  const max = Number(values.max);
  const carried = await largestFaultless(max, run);
  const text = `rooms without a late tick or a replaced frame: ${carried}${carried === max ? ' or more' : ''}`;
  process.stdout.write(values.json ? `${JSON.stringify({ carried, max })}\n` : `${text}\n`);
}

/** Runs that many rooms at once and prints their figures. */
async function run(count: number): Promise<readonly RoomFigures[]> {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-rooms-'));
  const running: Running[] = [];
  try {
    for (let i = 0; i < count; i += 1) {
      if (i > 0) await wait(BETWEEN_MS);
      say(`starting room ${i + 1} of ${count}…`);
      running.push(await startRoom(join(dir, String(i + 1))));
    }
    say(`${count === 1 ? 'one room' : `${count} rooms`} on air for ${seconds} s…`);
    const began = await Promise.all(running.map(read));
    await wait(seconds * 1000);
    const ended = await Promise.all(running.map(read));
    const rooms = running.map(({ startMs, memory }, i) =>
      roomFigures({
        room: i + 1,
        startMs,
        began: began[i]!.snapshot,
        ended: ended[i]!.snapshot,
        cpuSeconds: ended[i]!.cpuSeconds - began[i]!.cpuSeconds,
        memory: memory.stop(),
      }),
    );
    print(rooms);
    return rooms;
  } finally {
    for (const { memory } of running) memory.stop();
    await Promise.all(running.map(({ engine }) => engine.stop()));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function startRoom(dir: string): Promise<Running> {
  mkdirSync(dir);
  const startedMs = performance.now();
  const engine = await onAirEngine(join(root, 'dist', 'cli', 'main.js'), resolve(root, values.room), dir);
  return { engine, startMs: performance.now() - startedMs, memory: watchRoles(engine.pid) };
}

async function read({ engine }: Running): Promise<{ snapshot: RoomSnapshot; cpuSeconds: number }> {
  const snapshot = (await engine.get('/api/room')) as RoomSnapshot;
  return { snapshot, cpuSeconds: readTree(engine.pid).cpuSeconds };
}

function print(rooms: readonly RoomFigures[]): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  const load = Math.round(loadavg()[0]! * 10) / 10;
  const cores = rooms.reduce((sum, { cpuMsPerFrame }) => sum + cpuMsPerFrame, 0);
  if (values.json) {
    const date = new Date().toISOString().slice(0, 10);
    process.stdout.write(`${JSON.stringify({ machine, node: process.version, date, seconds, load, rooms })}\n`);
    return;
  }
  const lines = rooms.map((r) =>
    [
      `room ${r.room}: ${r.frames} frames, ${r.lateTicks} late ${JSON.stringify(r.lateBy)}`,
      `  replaced ${r.replaced} ${JSON.stringify(r.replacedBy)}, of these ${r.replacedWhileStarting} while later rooms started`,
      `  ${r.cpuMsPerFrame} ms of CPU a frame; on air after ${r.startMs} ms`,
      `  memory: mean ${r.memoryMeanMiB} MiB, peak ${r.memoryPeakMiB} MiB ${JSON.stringify(r.memoryAtPeak)}`,
    ].join('\n'),
  );
  lines.push(
    `all rooms: ${Math.round(cores * 100) / 100} ms of CPU a frame on ${availableParallelism()} cores, load ${load}`,
  );
  process.stdout.write(`${machine}, Node ${process.version}\n${lines.join('\n')}\n`);
}
