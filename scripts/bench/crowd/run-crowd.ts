import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../../src/core/files/paths.js';
import type { RoomSnapshot } from '../../../src/config/api/room-handle.js';
import { onAirEngine } from '../kit/on-air-engine.js';
import { endWithUs } from '../kit/end-with-us.js';
import { IdleClock } from '../faults/idle-clock.js';

export interface CrowdOptions {
  readonly engine: string;
  readonly roomFile: string;
  /** Folder for the ledger. */
  readonly dir: string;
  readonly idle: number;
  readonly bodies: number;
  /** After the last connection was opened. */
  readonly holdMs: number;
  /** The engine's limit of open files; the system's own by default. */
  readonly handles?: number;
}

export interface CrowdResult {
  readonly opened: number;
  readonly refused: number;
  /** Open connections of the strangers, at the end. */
  readonly open: number;
  readonly mostHandles: number;
  /** CPU in the same time before the crowd came, extrapolated from a few seconds. */
  readonly lateCalm: number;
  readonly late: number;
  /** Frame times that an idle thread slept through while the crowd was there. */
  readonly idleMissed: number;
  readonly releasedUnjudged: number;
  readonly framesReleased: number;
  /** Requests of the operator, each over its own connection. */
  readonly asked: number;
  readonly failed: number;
  readonly longestAnswerMs: number;
  /** Log lines about the crowd. */
  readonly logLines: readonly string[];
  readonly exitCode: number | null;
}

interface Strangers {
  readonly open: number;
  readonly opened: number;
  readonly refused: number;
  readonly done: boolean;
}

/** Below the usual limit of open files of a process. */
const SOCKETS_A_PROCESS = 9000;
const CALM_MS = 3000;
const OPENING_TIMEOUT_MS = 180_000;

/** Puts a room on air, opens a crowd of silent or slow connections, and sends the operator's requests meanwhile. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdResult> {
  const { idle, bodies, holdMs } = options;
  const air = await onAirEngine(options.engine, options.roomFile, options.dir, options.handles);
  const clock = new IdleClock();
  const crowd: ChildProcess[] = [];
  const counts = { asked: 0, failed: 0, longestAnswerMs: 0, mostHandles: 0 };
  const room = async (): Promise<RoomSnapshot> => (await air.get('/api/room')) as RoomSnapshot;
  const look = async (): Promise<void> => {
    counts.asked += 1;
    const began = performance.now();
    await room().catch(() => (counts.failed += 1));
    counts.longestAnswerMs = Math.max(counts.longestAnswerMs, performance.now() - began);
    counts.mostHandles = Math.max(counts.mostHandles, handlesOf(air.pid));
    await sleep(250);
  };
  try {
    const start = await room();
    await sleep(CALM_MS);
    const before = await room();
    const beganMs = performance.now();
    const port = new URL(air.watch).port;
    const processes = Math.ceil((idle + bodies) / SOCKETS_A_PROCESS);
    for (let i = 0; i < processes; i += 1) {
      const share = (all: number): string =>
        `${Math.floor((all * (i + 1)) / processes) - Math.floor((all * i) / processes)}`;
      const file = join(packageRoot(), 'scripts', 'bench', 'crowd', 'strangers.mjs');
      const child = fork(file, [port, share(idle), share(bodies)], {
        execArgv: [],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      endWithUs(child);
      crowd.push(child);
    }
    const state = async (): Promise<Strangers[]> => Promise.all(crowd.map(ask));
    for (const end = performance.now() + OPENING_TIMEOUT_MS; performance.now() < end; await look()) {
      if ((await state()).every(({ done }) => done)) break;
    }
    for (const end = performance.now() + holdMs; performance.now() < end;) await look();
    const strangers = await state();
    const after = await room();
    const lastedMs = performance.now() - beganMs;
    const { total } = clock.missed(beganMs, beganMs + lastedMs);
    const sum = (of: 'open' | 'opened' | 'refused'): number => strangers.reduce((all, one) => all + one[of], 0);
    for (const child of crowd) child.disconnect();
    const exitCode = await air.stop();
    return {
      ...counts,
      longestAnswerMs: Math.round(counts.longestAnswerMs),
      opened: sum('opened'),
      refused: sum('refused'),
      open: sum('open'),
      lateCalm: Math.round(((before.lateTicks.total - start.lateTicks.total) * lastedMs) / CALM_MS),
      late: after.lateTicks.total - before.lateTicks.total,
      idleMissed: total,
      releasedUnjudged: after.frames.releasedUnjudged,
      framesReleased: after.frames.released - before.frames.released,
      logLines: air
        .log()
        .split('\n')
        .filter((line) => line.includes('too many HTTP connections')),
      exitCode,
    };
  } finally {
    for (const child of crowd) child.kill('SIGKILL');
    await clock.close();
    await air.stop();
  }
}

const ask = (child: ChildProcess): Promise<Strangers> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('a strangers process ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Strangers);
    });
    child.send('state');
  });

/** 0 once the process is gone. */
function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
