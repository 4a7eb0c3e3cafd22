/** What a worker tells the fleet of itself: its name, which nobody else may have, and a heartbeat a second. */
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { bootMs } from '../../core/boot-clock.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import type { Guard } from '../lease/lease-guard.js';
import type { LeaseTimes } from '../lease/lease-rule.js';
import type { StoreClaims } from '../lease/store-claims.js';
import { type RoomRecord, type RoomStatus, SPEAKS, type WorkerBeat } from '../records.js';
import { BEAT_LIVES_MS, type FleetRedis, PREFIX, roomJob } from '../redis.js';
import type { RoomTenure } from './room-tenure.js';

/**
 * What a monitor reads of a worker: `/metrics` of the worker, `/healthz`, and `/discovery`, the list of all workers and
 * rooms of the fleet in the form of Prometheus's HTTP service discovery. Nothing here is secret, and nothing changes.
 */

export type WorkerCounters = Readonly<
  Record<
    | 'takeovers'
    | 'restarts'
    | 'renewals'
    | 'renewalsFailed'
    | 'claims'
    | 'leasesLost'
    | 'redisFailures'
    | 'endsWaiting',
    number
  >
>;

interface WorkerPageSource {
  beat(): WorkerBeat;
  rooms(): readonly RoomStatus[];
  counters(): WorkerCounters;
  fleet(): Promise<{ readonly workers: readonly WorkerBeat[]; readonly rooms: readonly RoomStatus[] }>;
}

export interface WorkerPage extends Closeable {
  readonly port: number;
}

export async function serveWorkerPage(source: WorkerPageSource, host: string, port: number): Promise<WorkerPage> {
  const server = createServer((request, reply) => {
    void answer(source, request.url ?? '/').then(
      ({ status, type, text }) => {
        reply.writeHead(status, { 'content-type': type });
        reply.end(request.method === 'HEAD' ? '' : text);
      },
      (error: unknown) => {
        reply.writeHead(503, { 'content-type': 'text/plain' });
        reply.end(String(error));
      },
    );
  });
  await listen(server, host, port);
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });

async function answer(source: WorkerPageSource, url: string): Promise<{ status: number; type: string; text: string }> {
  const path = url.split('?')[0];
  if (path === '/metrics')
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', text: metricsOf(source) };
  if (path === '/discovery')
    return { status: 200, type: 'application/json', text: JSON.stringify(targetsOf(await source.fleet())) };
  if (path === '/healthz') {
    const { draining, rooms } = source.beat();
    return { status: 200, type: 'application/json', text: JSON.stringify({ ok: true, draining, rooms: rooms.length }) };
  }
  return { status: 404, type: 'text/plain', text: 'not found' };
}

interface Target {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** https://prometheus.io/docs/prometheus/latest/http_sd/ */
export function targetsOf({
  workers,
  rooms,
}: {
  workers: readonly WorkerBeat[];
  rooms: readonly RoomStatus[];
}): Target[] {
  const up = new Set(workers.map(({ name }) => name));
  return [
    ...workers.flatMap(({ name, metrics }) =>
      metrics === null ? [] : [{ targets: [metrics], labels: { job: 'showroom-worker', worker: name } }],
    ),
    ...rooms.flatMap(({ room, url, worker }) =>
      url === null || worker === null || !up.has(worker)
        ? []
        : [{ targets: [new URL(url).host], labels: { job: 'showroom-room', worker, room } }],
    ),
  ];
}

function metricsOf(source: WorkerPageSource): string {
  const beat = source.beat();
  const worker = `worker="${beat.name}"`;
  const counters = source.counters();
  const lines: string[] = [];
  const metric = (name: string, kind: 'gauge' | 'counter', help: string, values: readonly [string, number][]): void => {
    lines.push(`# HELP showroom_${name} ${help}`, `# TYPE showroom_${name} ${kind}`);
    for (const [labels, value] of values) lines.push(`showroom_${name}{${labels}} ${value}`);
  };
  metric('worker_capacity_rooms', 'gauge', 'Reference rooms that the worker carries.', [[worker, beat.capacity]]);
  metric('worker_used_rooms', 'gauge', 'Reference rooms that are taken.', [[worker, beat.used]]);
  metric('worker_rooms', 'gauge', 'Rooms on the worker.', [[worker, beat.rooms.length]]);
  metric('worker_draining', 'gauge', '1 while it takes no rooms.', [[worker, Number(beat.draining)]]);
  metric('worker_claimed_rooms', 'gauge', 'Rooms on air under a claim, because Redis is out of reach.', [
    [worker, beat.claimed],
  ]);
  metric('worker_info', 'gauge', 'Version.', [[`${worker},version="${beat.version}"`, 1]]);
  metric('worker_takeovers_total', 'counter', 'Rooms taken since the start.', [[worker, counters.takeovers]]);
  metric('worker_engine_restarts_total', 'counter', 'Engines started again.', [[worker, counters.restarts]]);
  metric('worker_renewals_total', 'counter', 'Renewals of leases.', [[worker, counters.renewals]]);
  metric('worker_renewals_failed_total', 'counter', 'Renewals without an answer.', [[worker, counters.renewalsFailed]]);
  metric('worker_claims_total', 'counter', 'Claims written to the store.', [[worker, counters.claims]]);
  metric('worker_leases_lost_total', 'counter', 'Rooms ended because their lease was over.', [
    [worker, counters.leasesLost],
  ]);
  metric('worker_redis_failures_total', 'counter', 'Reads and writes of Redis that failed.', [
    [worker, counters.redisFailures],
  ]);
  metric('worker_ends_waiting', 'gauge', 'Ends of stopped rooms that Redis does not have yet.', [
    [worker, counters.endsWaiting],
  ]);
  const rooms = source.rooms();
  metric(
    'room_cores',
    'gauge',
    'Cores that a room takes.',
    rooms.map(({ room, cores }) => [`${worker},room="${room}"`, cores]),
  );
  metric(
    'room_on_air',
    'gauge',
    '1 while the room is on air.',
    rooms.map(({ room, state }) => [`${worker},room="${room}"`, Number(state === 'on-air')]),
  );
  metric(
    'room_fence',
    'gauge',
    'Fencing token.',
    rooms.map(({ room, fence }) => [`${worker},room="${room}"`, fence]),
  );
  return `${lines.join('\n')}\n`;
}

/**
 * Writes to Redis that failed: counted, and reported once per outage. An outage ends with the first heartbeat since which
 * nothing has failed.
 */
export class RedisFaults {
  /** Since the start of this worker. */
  count = 0;
  private isOut = false;
  private sinceBeat = 0;

  constructor(private readonly log: Log) {}

  /** `what` and what becomes of it, for the log: "a room's state: written again with the next heartbeat". */
  failed(what: string, error: unknown): void {
    this.count += 1;
    this.sinceBeat += 1;
    if (this.isOut) return;
    this.isOut = true;
    this.log.warn({ what, error: String(error) }, 'Redis takes no records: rooms stay on air');
  }

  /** A heartbeat was written. */
  beaten(): void {
    const isClean = this.sinceBeat === 0;
    this.sinceBeat = 0;
    if (!this.isOut || !isClean) return;
    this.isOut = false;
    this.log.info({ failed: this.count }, 'Redis takes records again');
  }
}

/**
 * Holds the leases of a worker's rooms: renews their locks, claims them in the store while it cannot, and tells the guard
 * until when each may run. The rule and its numbers are in `lease-rule.ts`.
 *
 * A Redis that has just started may have lost locks that workers count on: for the length of a lock, a lock that somebody
 * else has got meanwhile ends no room at once.
 */

interface LeaseKeeperOptions {
  readonly redis: FleetRedis;
  readonly faults: RedisFaults;
  readonly claims: StoreClaims;
  readonly guard: Guard;
  readonly times: LeaseTimes;
  readonly log: Log;
  readonly tenures: ReadonlyMap<string, RoomTenure>;
  /** Locks that are held while a place is looked for, by room. */
  readonly held: ReadonlyMap<string, string>;
}

export class LeaseKeeper {
  readonly counters = { renewals: 0, renewalsFailed: 0, claims: 0 };
  private claimedMs = Number.NEGATIVE_INFINITY;
  private claiming: Promise<void> | undefined;
  private renewing = false;

  constructor(private readonly options: LeaseKeeperOptions) {}

  async renew(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    const { redis, faults, tenures, held, times } = this.options;
    try {
      const locks = new Map(held);
      for (const [room, tenure] of tenures) locks.set(room, tenure.token);
      if (locks.size === 0) return;
      const sentMs = bootMs();
      const lost = new Set(await redis.renew(locks, times.lockMs));
      for (const [room, token] of locks) {
        const tenure = tenures.get(room);
        if (tenure === undefined || tenure.token !== token) continue;
        if (lost.has(room)) await this.lockIsGone(tenure);
        else tenure.lease.renewed(sentMs);
      }
      this.counters.renewals += 1;
    } catch (error) {
      // The deadline stands where it is; a claim moves it.
      this.counters.renewalsFailed += 1;
      faults.failed('leases: the rooms are claimed in the store', error);
    } finally {
      this.renewing = false;
      this.tellGuard();
    }
  }

  /** Claims the rooms whose locks are overdue, or takes the claim back. */
  async claim(): Promise<void> {
    if (this.claiming !== undefined) return;
    const { tenures, claims, times, log } = this.options;
    const nowMs = bootMs();
    const needed = [...tenures.values()].filter(
      ({ lease, mayBeClaimed }) => mayBeClaimed && lease.needsClaim(nowMs) && nowMs < lease.untilMs,
    );
    if (needed.length > 0 && nowMs - this.claimedMs < times.claimEveryMs) return;
    if (needed.length > 0 && this.claimedMs === Number.NEGATIVE_INFINITY)
      log.warn({ rooms: needed.length }, 'leases cannot be renewed: the rooms go on under a claim in the store');
    this.claimedMs = needed.length > 0 ? nowMs : Number.NEGATIVE_INFINITY;
    // Past the last deadline a confirmation is worth nothing, and whoever waits for the rooms waits for the claim's end.
    const limitMs = needed.length === 0 ? times.claimMs : Math.max(...needed.map(({ lease }) => lease.untilMs)) - nowMs;
    this.claiming = (async () => {
      await claims.claim(
        needed.map(({ record }) => record.id),
        AbortSignal.timeout(Math.max(1, Math.ceil(limitMs))),
      );
      if (needed.length > 0) this.counters.claims += 1;
      for (const { lease } of needed) lease.claimed(nowMs, bootMs());
      this.tellGuard();
    })()
      .catch((error: unknown) => log.error({ error: String(error) }, 'the store takes no claim'))
      .finally(() => (this.claiming = undefined));
    await this.claiming;
  }

  tellGuard(): void {
    const { guard, tenures } = this.options;
    guard.renew(Object.fromEntries([...tenures].map(([room, tenure]) => [room, tenure.leaseLine])));
  }

  /** Redis says that the lock is not ours. */
  private async lockIsGone(tenure: RoomTenure): Promise<void> {
    const { redis, times, log } = this.options;
    // Its end is being recorded, whoever has the lock.
    if (tenure.outcome !== undefined) return;
    const { id } = tenure.record;
    const owner = await redis.lockOwner(id);
    if (owner === tenure.token) return;
    if (owner !== null) {
      // Whoever has it reads our claim first; without one it goes on air.
      if (tenure.lease.isClaimed(bootMs())) return;
      if (await redis.isYoung(times.lockMs)) return tenure.lease.forgetRenewal();
      log.error({ room: id }, 'another worker has the lease: the room ends here at once');
      tenure.lost();
      return;
    }
    // The lock ended, or Redis lost it. The job may be gone, too.
    tenure.lease.forgetRenewal();
    await redis.rooms.add(id, tenure.record, roomJob(tenure.record));
  }
}

interface WorkerPresenceOptions {
  readonly name: string;
  readonly version: string;
  /** Newest version of room records that it understands. */
  readonly speaks?: number;
  readonly capacity: number;
  readonly coresPerRoom: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly redis: FleetRedis;
  readonly faults: RedisFaults;
  readonly log: Log;
  readonly tenures: ReadonlyMap<string, RoomTenure>;
  /** `host:port` of its metrics; null without any. */
  readonly metrics: () => string | null;
}

/** Less free disk takes no rooms: their ledgers and recordings would have no place. */
const MIN_FREE_BYTES = 300 * 1024 * 1024;

export class WorkerPresence {
  isDraining = false;
  private readonly instance = randomUUID();
  private readonly sinceMs = Date.now();
  private hasDisk = true;

  constructor(private readonly options: WorkerPresenceOptions) {}

  /**
   * Two workers of one name would answer each other's mail and overwrite each other's claims.
   *
   * @throws EngineError E_IN_USE
   */
  async takeName(signal: AbortSignal): Promise<void> {
    const { name, redis } = this.options;
    const limitMs = bootMs() + BEAT_LIVES_MS + 2000;
    while ((await redis.quick.set(nameKey(name), this.instance, 'PX', BEAT_LIVES_MS, 'NX')) !== 'OK') {
      if (bootMs() > limitMs)
        throw new EngineError('E_IN_USE', {
          where: `worker ${name}`,
          expected: 'a name of its own for each worker of the fleet',
          found: 'a running worker with this name',
          todo: 'give another --name',
        });
      await sleep(300, signal);
    }
  }

  /** Throws when Redis does not take it; the next one comes in a second. */
  async beat(): Promise<void> {
    const { folder, name, log, redis, faults, tenures } = this.options;
    const disk = await statfs(folder).catch(() => undefined);
    const hasDisk = disk === undefined || disk.bavail * disk.bsize > MIN_FREE_BYTES;
    if (hasDisk !== this.hasDisk)
      log.warn({ hasDisk }, hasDisk ? 'the disk has room again' : 'the disk is nearly full: no new rooms');
    this.hasDisk = hasDisk;
    await redis.quick.set(nameKey(name), this.instance, 'PX', BEAT_LIVES_MS);
    await redis.beat(
      this.view(),
      [...tenures.values()].filter(({ outcome }) => outcome === undefined).map(({ status }) => status),
    );
    faults.beaten();
  }

  /** Its name is free at once for the next worker. */
  async leave(): Promise<void> {
    const { name, redis } = this.options;
    await redis.leave(name);
    if ((await redis.quick.get(nameKey(name))) === this.instance) await redis.quick.del(nameKey(name));
  }

  view(): WorkerBeat {
    const { name, version, capacity, coresPerRoom, labels, speaks = SPEAKS, tenures, metrics } = this.options;
    const records = [...tenures.values()].map(({ record }) => record);
    const nowMs = bootMs();
    return {
      name,
      version,
      speaks,
      capacity,
      used: records.reduce((sum, { cost }) => sum + cost, 0),
      coresPerRoom,
      labels,
      draining: this.isDraining || !this.hasDisk,
      rooms: records.map(({ id }) => id),
      owners: counts(records, ({ owner }) => owner),
      shows: counts(records, ({ show }) => show),
      metrics: metrics(),
      sinceMs: this.sinceMs,
      claimed: [...tenures.values()].filter(({ lease }) => lease.isClaimed(nowMs)).length,
    };
  }
}

const nameKey = (worker: string): string => `${PREFIX}:name:${worker}`;

function counts(records: readonly RoomRecord[], of: (record: RoomRecord) => string | null): Record<string, number> {
  const result: Record<string, number> = {};
  for (const record of records) {
    const value = of(record);
    if (value !== null) result[value] = (result[value] ?? 0) + 1;
  }
  return result;
}
