import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { silentLog } from '../../../src/core/log.js';
import { SPEAKS, WAITING, type RoomRecord } from '../../../src/fleet/records.js';
import { FleetRedis, PREFIX, roomJob, ROOMS } from '../../../src/fleet/redis.js';
import { LEASE_TIMES } from '../../../src/fleet/lease/lease-rule.js';
import { redisProgram, RedisServer } from './redis-server.js';

export interface RedisCost {
  readonly bytesPerRoom: number;
  /** Of one worker's renewal, with the rooms of one worker. */
  readonly renewalMicroseconds: number;
  /** Of one look for stalled jobs, with all rooms on air. */
  readonly lookMs: number;
  /** Share of Redis's one core: renewals and looks. */
  readonly coreShare: number;
}

/** What so many rooms on air cost a real Redis; undefined where there is none. */
export async function measureRedisCost(rooms: number, workers: number): Promise<RedisCost | undefined> {
  if (redisProgram() === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'showroom-redis-'));
  const server = await RedisServer.start(folder);
  const redis = new FleetRedis(server.url, silentLog, { patient: true });
  const fetcher = new Worker<RoomRecord>(ROOMS, null, {
    connection: redis.steady,
    prefix: PREFIX,
    autorun: false,
    // Nobody renews while all are fetched.
    lockDuration: 600_000,
    stalledInterval: LEASE_TIMES.stalledMs,
    maxStalledCount: 1e9,
  });
  fetcher.on('error', () => undefined);
  try {
    await redis.ready();
    const before = await usedMemory(redis);
    const records = Array.from({ length: rooms }, (_, i) => recordOf(i));
    for (let i = 0; i < rooms; i += 500)
      await redis.rooms.addBulk(
        records.slice(i, i + 500).map((data) => ({ name: data.id, data, opts: roomJob(data) })),
      );
    const tokens = new Map<string, string>();
    const fetchAll = async (): Promise<void> => {
      for (;;) {
        const token = `w-${tokens.size}-${Math.random()}`;
        const job = await fetcher.getNextJob(token, { block: false });
        if (job === undefined) return;
        tokens.set(job.id!, token);
        await redis.putStatus({
          ...WAITING,
          room: job.id!,
          state: 'on-air',
          worker: 'w1',
          url: 'http://10.0.0.7:4000',
        });
      }
    };
    await Promise.all(Array.from({ length: 20 }, fetchAll));
    const bytesPerRoom = Math.round(((await usedMemory(redis)) - before) / rooms);
    const each = Math.max(1, Math.round(rooms / workers));
    const all = [...tokens];
    const groups = Array.from({ length: Math.min(200, Math.floor(all.length / each)) }, (_, i) =>
      all.slice(i * each, (i + 1) * each),
    );
    await redis.quick.config('RESETSTAT');
    for (const group of groups) await redis.renew(new Map(group), 600_000);
    const renewals = await scriptMicroseconds(redis);
    await redis.quick.config('RESETSTAT');
    let looks = 0;
    for (; looks < 5; looks += 1) {
      await redis.quick.del(`${PREFIX}:${ROOMS}:stalled-check`);
      await fetcher.getBackend().moveStalledJobsToWait();
    }
    const lookMs = (await scriptMicroseconds(redis)) / looks / 1000;
    const renewalMicroseconds = renewals / groups.length;
    const second =
      (workers * (1000 / LEASE_TIMES.renewMs) * renewalMicroseconds) / 1000 + lookMs * (1000 / LEASE_TIMES.stalledMs);
    return {
      bytesPerRoom,
      renewalMicroseconds: Math.round(renewalMicroseconds),
      lookMs: Math.round(lookMs * 10) / 10,
      coreShare: Math.round(second) / 1000,
    };
  } finally {
    await fetcher.close(true);
    await redis.close();
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function usedMemory(redis: FleetRedis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.quick.info('memory'))?.[1]);
}

/** Time that Redis spent in scripts since its counters were reset. */
async function scriptMicroseconds(redis: FleetRedis): Promise<number> {
  const info = await redis.quick.info('commandstats');
  return [...info.matchAll(/^cmdstat_eval(?:sha)?:calls=\d+,usec=(\d+)/gm)].reduce(
    (sum, [, usec]) => sum + Number(usec),
    0,
  );
}

const recordOf = (i: number): RoomRecord => ({
  v: SPEAKS,
  id: `room-${i}`,
  submission: '7f9c2ba4-e88f-4d11-9ad1-6a1c0d3c2b10',
  name: `Room ${i}`,
  owner: `owner-${i % 300}`,
  show: null,
  language: 'en',
  cost: 1,
  priority: 5,
  labels: {},
  pinned: null,
  schedule: null,
  submittedAt: '2026-01-01T00:00:00.000Z',
  withoutOutputs: false,
  origin: null,
});
