/**
 * Holds the leases of a worker's rooms: renews their locks, claims them in the store while it cannot, and tells the guard
 * until when each may run. The rule and its numbers are in `lease-rule.ts`.
 *
 * A Redis that has just started may have lost locks that workers count on: for the length of a lock, a lock that somebody
 * else has got meanwhile ends no room at once.
 */
import { bootMs } from '../../core/boot-clock.js';
import type { Log } from '../../core/log.js';
import type { Guard } from '../lease/guard.js';
import type { LeaseTimes } from '../lease/lease-rule.js';
import type { StoreClaims } from '../lease/store-claims.js';
import { type FleetRedis, roomJob } from '../redis.js';
import type { RedisFaults } from './redis-faults.js';
import type { RoomTenure } from './room-tenure.js';

export interface LeaseKeeperOptions {
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
