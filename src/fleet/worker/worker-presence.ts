/** What a worker tells the fleet of itself: its name, which nobody else may have, and a heartbeat a second. */
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { bootMs } from '../../core/boot-clock.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import { SPEAKS, type RoomRecord, type WorkerBeat } from '../records.js';
import { BEAT_LIVES_MS, PREFIX, type FleetRedis } from '../redis.js';
import type { RedisFaults } from './redis-faults.js';
import type { RoomTenure } from './room-tenure.js';

export interface WorkerPresenceOptions {
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
