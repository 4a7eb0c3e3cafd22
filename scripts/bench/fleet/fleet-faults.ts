import type { FleetRig } from './fleet-rig.js';

export interface FleetFault {
  readonly name: string;
  /** Where the room is afterwards. */
  readonly outcome: 'stays' | 'moves' | 'either';
  /** Longest time without a publisher at the ingest. */
  readonly maxGapMs: number;
  /** False where this machine cannot do it. */
  readonly isPossible?: (rig: FleetRig) => boolean;
  /** Does it, and heals it. */
  run(rig: FleetRig, room: string, worker: string): Promise<void>;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The engine of a room. */
const engineOf = async (rig: FleetRig, room: string): Promise<number> => (await rig.room(room)).pid!;
/** The guard of a worker: its only child beside Node's own. */
function guardOf(rig: FleetRig, worker: string): number {
  const [guard] = rig.treeOf(worker);
  if (guard === undefined) throw new Error(`no guard below ${worker}`);
  return guard;
}

const untilElsewhere = (rig: FleetRig, room: string, worker: string, limitMs = 20_000): Promise<void> =>
  rig.until('the room is elsewhere', async () => (await rig.room(room)).worker !== worker, limitMs);
const untilNewEngine = (rig: FleetRig, room: string, engine: number, limitMs = 25_000): Promise<void> =>
  rig.until(
    'another engine',
    async () => {
      const { pid } = await rig.room(room);
      return pid !== null && pid !== engine;
    },
    limitMs,
  );
/** Stops processes until the room is on air elsewhere, and lets them go on then. */
async function freezeUntilMoved(rig: FleetRig, room: string, worker: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await untilElsewhere(rig, room, worker);
  await rig.onAir(room, 20_000);
  for (const pid of pids) continueIfThere(pid);
  await wait(4000);
}
/** A frozen engine was killed by its guard meanwhile. */
function continueIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended.
  }
}

/** Failover is promised within 10 s; a restart on the same worker and a planned move are quicker. */
const TAKEOVER_MS = 10_000;

export const FLEET_FAULTS: readonly FleetFault[] = [
  {
    name: 'worker killed',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      rig.worker(worker).child.kill('SIGKILL');
      await untilElsewhere(rig, room, worker, 60_000);
      await rig.addWorker(worker);
    },
  },
  {
    name: 'worker frozen for less than its lease',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig, _room, worker) {
      const { child } = rig.worker(worker);
      child.kill('SIGSTOP');
      await wait(1500);
      child.kill('SIGCONT');
      await wait(3000);
    },
  },
  {
    name: 'worker frozen for longer than its lease',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      await freezeUntilMoved(rig, room, worker, [rig.worker(worker).child.pid!]);
    },
  },
  {
    name: 'guard frozen',
    outcome: 'stays',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      const engine = await engineOf(rig, room);
      process.kill(guardOf(rig, worker), 'SIGSTOP');
      await untilNewEngine(rig, room, engine);
    },
  },
  {
    name: 'worker and guard frozen',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      await freezeUntilMoved(rig, room, worker, [guardOf(rig, worker), rig.worker(worker).child.pid!]);
    },
  },
  {
    name: 'room frozen',
    outcome: 'stays',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room) {
      const engine = await engineOf(rig, room);
      process.kill(engine, 'SIGSTOP');
      await untilNewEngine(rig, room, engine);
    },
  },
  {
    name: 'room frozen with its worker',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      await freezeUntilMoved(rig, room, worker, [await engineOf(rig, room), rig.worker(worker).child.pid!]);
    },
  },
  {
    name: 'room killed',
    outcome: 'stays',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room) {
      const engine = await engineOf(rig, room);
      process.kill(engine, 'SIGKILL');
      await untilNewEngine(rig, room, engine);
    },
  },
  {
    name: 'Redis restarted',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig) {
      await rig.redis.end();
      await wait(1000);
      await rig.redis.begin();
      await wait(9000);
    },
  },
  {
    name: 'Redis gone for twice the length of a claim',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig) {
      await rig.redis.end();
      await wait(13_000);
      await rig.redis.begin();
      await wait(9000);
    },
  },
  {
    name: 'Redis back without its data',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig, room) {
      await rig.redis.end();
      await wait(500);
      await rig.redis.begin({ empty: true });
      await rig.until(
        'its job is there again',
        async () => (await rig.fleet.redis.rooms.getJob(room)) !== undefined,
        20_000,
      );
      await wait(9000);
    },
  },
  {
    name: 'Redis frozen for 8 s',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig) {
      process.kill(rig.redis.pid, 'SIGSTOP');
      await wait(8000);
      process.kill(rig.redis.pid, 'SIGCONT');
      await wait(9000);
    },
  },
  {
    name: 'Redis full',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig) {
      await rig.fleet.redis.quick.config('SET', 'maxmemory', '1');
      await wait(9000);
      await rig.fleet.redis.quick.config('SET', 'maxmemory', '0');
      await wait(9000);
    },
  },
  {
    name: 'worker cut off from Redis for 12 s',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig, _room, worker) {
      const { proxy } = rig.worker(worker);
      proxy.set({ kind: 'half-open' });
      await wait(12_000);
      proxy.set({ kind: 'none' });
      await wait(9000);
    },
  },
  {
    name: 'worker cut off from Redis and the store',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      const { proxy, storeProxy } = rig.worker(worker);
      for (const one of [proxy, storeProxy]) one.set({ kind: 'half-open' });
      await untilElsewhere(rig, room, worker);
      await rig.onAir(room, 20_000);
      for (const one of [proxy, storeProxy]) one.set({ kind: 'none' });
      await wait(4000);
    },
  },
  {
    name: 'store down for 10 s',
    outcome: 'stays',
    maxGapMs: 0,
    async run(rig) {
      rig.s3.isDown = true;
      await wait(10_000);
      rig.s3.isDown = false;
      await wait(2000);
    },
  },
  {
    name: 'disk of the worker full',
    outcome: 'stays',
    maxGapMs: 0,
    isPossible: (rig) => rig.hasDisks,
    async run(rig, _room, worker) {
      rig.fillDisk(worker);
      const isDraining = async (): Promise<boolean> =>
        (await rig.fleet.redis.workers()).some(({ name, draining }) => name === worker && draining);
      await rig.until('it takes no new rooms', isDraining, 10_000);
      await wait(9000);
      rig.freeDisk(worker);
      await rig.until('it takes rooms again', async () => !(await isDraining()), 10_000);
    },
  },
  {
    name: 'worker drained',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      const { child } = rig.worker(worker);
      child.kill('SIGTERM');
      await rig.until('the worker has ended', () => child.exitCode !== null, 60_000);
      if (child.exitCode !== 0) throw new Error(`the worker ended with ${child.exitCode}`);
      await untilElsewhere(rig, room, worker, 60_000);
      await rig.addWorker(worker);
    },
  },
  {
    name: 'room moved',
    outcome: 'moves',
    maxGapMs: TAKEOVER_MS,
    async run(rig, room, worker) {
      await rig.fleet.move(room, null);
      await untilElsewhere(rig, room, worker, 60_000);
    },
  },
];

export interface FaultResult {
  readonly fault: string;
  readonly from: string;
  readonly to: string;
  readonly gapMs: number;
  readonly lines: readonly [string | null, string | null];
  readonly misses: readonly string[];
}

/** One fault to a room that is on air, and what its viewers would have seen. */
export async function runFleetFault(rig: FleetRig, room: string, fault: FleetFault): Promise<FaultResult> {
  const before = await rig.onAir(room);
  await rig.until('its line is known', async () => (await rig.room(room)).line !== null, 30_000);
  const [sinceMs, line] = [performance.now(), (await rig.room(room)).line];
  const misses: string[] = [];
  try {
    await fault.run(rig, room, before.worker!);
    await rig.onAir(room, 30_000);
  } catch (error) {
    misses.push(String(error).slice(0, 3000));
  }
  const gapMs = rig.ingest.longestGapMs(`key-${room}`, sinceMs);
  const after = await rig.room(room);
  if (fault.outcome === 'stays' && after.worker !== before.worker) misses.push(`it went to ${after.worker}`);
  if (fault.outcome === 'moves' && after.worker === before.worker) misses.push('it stayed');
  if (gapMs > fault.maxGapMs) misses.push(`${gapMs} ms without a publisher (${fault.maxGapMs})`);
  if (rig.ingest.doubles.length > 0) misses.push(...rig.ingest.doubles);
  const { frames } = await rig
    .ask<{ frames: { releasedUnjudged: number } }>(room, '/api/room')
    .catch(() => ({ frames: { releasedUnjudged: Number.NaN } }));
  if (frames.releasedUnjudged !== 0) misses.push(`${frames.releasedUnjudged} frames unjudged`);
  return { fault: fault.name, from: before.worker!, to: after.worker ?? '–', gapMs, lines: [line, after.line], misses };
}
