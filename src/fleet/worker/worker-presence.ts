/** What a worker tells the fleet of itself: its name, which nobody else may have, and a heartbeat a second. */
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { bootMs } from '../../core/boot-clock.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import type { Guard } from '../lease/guard.js';
import type { LeaseTimes } from '../lease/lease-rule.js';
import type { StoreClaims } from '../lease/store-claims.js';
import { type RoomRecord, SPEAKS, type WorkerBeat } from '../records.js';
import { BEAT_LIVES_MS, type FleetRedis, PREFIX, roomJob } from '../redis.js';
import type { RoomTenure } from './room-tenure.js';

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
