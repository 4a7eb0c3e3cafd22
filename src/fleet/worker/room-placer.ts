/**
 * Finds a worker for each room whose job this worker has fetched.
 *
 * Problem: BullMQ gives a job to whoever asks first, which is seldom the worker that fits best; and a room must not be
 * started while somebody else has it on air under a claim.
 * Rule: whoever gets the job has its lock, and decides by `placement.ts` who takes the room: itself, or another worker,
 * which gets the lock's token in its mailbox. An offer that was not answered is withdrawn, or dropped together with its
 * lock. A room that goes on under its worker's claim is offered to that worker until it takes it, or its claim ends. For
 * the length of a lock after a start of Redis, rooms go to nobody but those that have them on air.
 */
import { randomUUID } from 'node:crypto';
import { Job, type Worker } from 'bullmq';
import { bootMs } from '../../core/boot-clock.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import { ClaimWatch, type LeaseTimes } from '../lease/lease-rule.js';
import type { StoreClaims } from '../lease/store-claims.js';
import {
  aboutOf,
  type Command,
  type CommandResult,
  place,
  type PlacedRoom,
  type RoomRecord,
  type RoomStatus,
  WAITING,
  whyNowhere,
  type WorkerBeat,
} from '../records.js';
import { ANSWER_MS, type FleetRedis, within } from '../redis.js';
import { recordKey } from '../rooms/room-package.js';
import { getJson, type ObjectStore } from '../store/object-store.js';
import type { RedisFaults } from './worker-presence.js';
import type { RoomTenure, TenureEnd } from './room-tenure.js';

interface RoomPlacerOptions {
  readonly name: string;
  readonly redis: FleetRedis;
  readonly faults: RedisFaults;
  readonly store: ObjectStore;
  readonly claims: StoreClaims;
  readonly times: LeaseTimes;
  readonly log: Log;
  /** Locks that are held while a place is looked for, by room. */
  readonly held: Map<string, string>;
  readonly signal: AbortSignal;
  readonly isDraining: () => boolean;
  readonly hasRoom: (room: string) => boolean;
  readonly ownBeat: () => WorkerBeat;
  readonly take: (record: RoomRecord, token: string, onlyIfRunning: boolean) => Promise<CommandResult>;
}

const OFFER_MS = 2500;
const AGAIN_MS = 1500;
const MAX_OFFERS = 4;
/** A room that failed here goes to others for so long. */
const AVOID_MS = 60_000;

export class RoomPlacer {
  private readonly claimWatch: ClaimWatch;
  /** Rooms that have just failed here. */
  private readonly failed = new Map<string, number>();

  constructor(private readonly options: RoomPlacerOptions) {
    this.claimWatch = new ClaimWatch(options.times);
  }

  hasFailed(room: string): void {
    this.failed.set(room, bootMs() + AVOID_MS);
  }

  /** Fetches jobs until this worker ends. */
  async run(fetcher: Worker<RoomRecord>): Promise<void> {
    const { name, signal, isDraining, faults } = this.options;
    while (!signal.aborted) {
      if (isDraining()) {
        await sleep(500, signal);
        continue;
      }
      const token = `${name}:${randomUUID()}`;
      try {
        const job = await fetcher.getNextJob(token);
        if (job === undefined) await sleep(20, signal);
        else void this.assign(job, token);
      } catch (error) {
        if (!signal.aborted) faults.failed('rooms that wait: asked for again', error);
        await sleep(500, signal);
      }
    }
  }

  placedRoom(record: RoomRecord, status: RoomStatus | undefined): PlacedRoom {
    const nowMs = bootMs();
    for (const [key, untilMs] of this.failed) if (untilMs < nowMs) this.failed.delete(key);
    return {
      cost: record.cost,
      owner: record.owner,
      show: record.show,
      labels: record.labels,
      version: record.v,
      pinned: record.pinned,
      last: status?.worker ?? null,
      avoid: this.failed.has(record.id) ? [this.options.name] : [],
    };
  }

  /** Gives a room of this worker to another; without one, the job waits. */
  async handOver(job: Job<RoomRecord>, token: string): Promise<void> {
    const { redis, name } = this.options;
    const status = await redis.status(job.id!);
    // The new record may name another worker.
    const placed = { ...this.placedRoom(job.data, status), avoid: [name], last: null };
    for (const worker of place(placed, await redis.workers(), Math.random).slice(0, MAX_OFFERS)) {
      const answer = await this.offer(worker.name, job.data, token);
      if (answer !== 'refused') return;
    }
    await job.moveToDelayed(Date.now() + 200, token);
  }

  private async assign(job: Job<RoomRecord>, token: string): Promise<void> {
    const room = job.id!;
    const { redis, faults, log, held, hasRoom, take, name, ownBeat } = this.options;
    held.set(room, token);
    try {
      if (hasRoom(room)) {
        await take(job.data, token, true);
        return;
      }
      if (!(await this.isWanted(job, token))) return;
      if ((await this.waitForClaims(room, job.data, token)) === 'handed') return;
      const [status, workers] = await Promise.all([redis.status(room), redis.workers()]);
      const placed = this.placedRoom(job.data, status);
      const all = workers.map((one) => (one.name === name ? ownBeat() : one));
      for (const { name: to } of place(placed, all, Math.random).slice(0, MAX_OFFERS)) {
        const answer =
          to === name
            ? (await take(job.data, token, false)).done
              ? 'taken'
              : 'refused'
            : await this.offer(to, job.data, token);
        // Unclear: whoever has it now renews it, and if nobody does, the lock ends.
        if (answer !== 'refused') return;
      }
      await this.putBack(job, token, whyNowhere(placed, all));
    } catch (error) {
      log.warn({ room, error: String(error) }, 'a room could not be placed; it is tried again');
      await this.putBack(job, token, String(error)).catch((again: unknown) =>
        faults.failed(`room ${room}: its lock ends by itself, then it is placed again`, again),
      );
    } finally {
      held.delete(room);
    }
  }

  /** False for a room that was stopped while its end could not be recorded: its job is over. */
  private async isWanted(job: Job<RoomRecord>, token: string): Promise<boolean> {
    const { redis, store, log } = this.options;
    const { id, owner } = job.data;
    if ((await getJson<RoomRecord>(store, recordKey(id))) !== undefined) return true;
    await job.moveToCompleted('stopped', token, false);
    await redis.forget(id);
    await redis.uncount(owner, id);
    log.info({ room: id }, 'a room that was stopped is not started again');
    return false;
  }

  /** Waits while another worker keeps the room on air under its claim; offers it the lease meanwhile. */
  private async waitForClaims(room: string, record: RoomRecord, token: string): Promise<'free' | 'handed'> {
    const { redis, claims, times, name, signal } = this.options;
    for (;;) {
      const [others, isYoung] = await Promise.all([claims.others(), redis.isYoung(times.lockMs)]);
      const claimed = this.claimWatch.holder(room, others, bootMs());
      if (claimed === undefined && !isYoung) return 'free';
      const holder = claimed ?? (await redis.status(room))?.worker ?? null;
      if (holder !== null && holder !== name) {
        const answer = await this.offer(holder, record, token, { waitMs: 1000, onlyIfRunning: true });
        if (answer !== 'refused') return 'handed';
      }
      await sleep(300, signal);
      if (signal.aborted) throw new Error('this worker ends');
    }
  }

  /** Gives a lock's token to another worker. */
  private async offer(
    to: string,
    record: RoomRecord,
    token: string,
    { waitMs = OFFER_MS, onlyIfRunning = false }: { waitMs?: number; onlyIfRunning?: boolean } = {},
  ): Promise<'taken' | 'refused' | 'unclear'> {
    const { redis, name, signal } = this.options;
    const queue = redis.mailbox(to);
    const command: Command = { kind: 'take', record, token, from: name, onlyIfRunning };
    const job = await queue.add('take', command, { removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } });
    const limitMs = bootMs() + waitMs;
    for (;;) {
      const state = await job.getState();
      if (state === 'completed') {
        const { returnvalue } = (await Job.fromId(queue, job.id!)) as { returnvalue: CommandResult };
        return returnvalue.done ? 'taken' : 'refused';
      }
      if (state === 'failed' || state === 'unknown') return 'refused';
      if (bootMs() > limitMs) {
        try {
          await job.remove();
          return 'refused';
        } catch {
          if (bootMs() > limitMs + 2000) return 'unclear'; // it is being read right now
        }
      }
      await sleep(25, signal);
    }
  }

  private async putBack(job: Job<RoomRecord>, token: string, why: string): Promise<void> {
    const { redis } = this.options;
    await job.moveToDelayed(Date.now() + AGAIN_MS, token);
    const before = await redis.status(job.id!);
    await redis.putStatus({
      ...(before ?? WAITING),
      room: job.id!,
      about: aboutOf(job.data),
      state: 'waiting',
      worker: null,
      url: null,
      pid: null,
      error: why,
    });
  }
}

/**
 * Records in Redis how a room has ended on this worker.
 *
 * Problem: Redis may be away at that moment. A room that was given up, failed or lost its lease is taken by somebody as
 * soon as its lock ends, with or without a record; one that was stopped would come back.
 * Rule: the end of a stopped room is tried until Redis has it, and the room keeps its lease meanwhile. Where the worker must
 * end before that, the room's record is gone from the store, and whoever gets its job reads that first.
 */

interface RoomEndsOptions {
  readonly name: string;
  readonly redis: FleetRedis;
  readonly faults: RedisFaults;
  readonly placer: RoomPlacer;
  readonly log: Log;
  /** This worker ends. */
  readonly signal: AbortSignal;
}

const TRY_AGAIN_MS = 500;
const FAILED_WAITS_MS = 15_000;

export class RoomEnds {
  /** Ends that Redis does not have yet. */
  waiting = 0;

  constructor(private readonly options: RoomEndsOptions) {}

  /** Resolves when it is recorded, or need not be. */
  async record(tenure: RoomTenure, how: TenureEnd): Promise<void> {
    const { placer, faults } = this.options;
    const room = tenure.record.id;
    if (how === 'lease-over') return;
    if (how === 'failed') placer.hasFailed(room);
    if (how === 'stopped') return this.untilRecorded(tenure);
    try {
      await this.once(tenure, how);
    } catch (error) {
      faults.failed(`the end of room ${room}: its lock ends by itself, and somebody takes it`, error);
    }
  }

  private async untilRecorded(tenure: RoomTenure): Promise<void> {
    const { faults, log, signal } = this.options;
    const room = tenure.record.id;
    const sinceMs = bootMs();
    this.waiting += 1;
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          await this.once(tenure, 'stopped');
          if (tries > 1) log.info({ room, lateMs: Math.round(bootMs() - sinceMs) }, 'the end of a room is recorded');
          return;
        } catch (error) {
          faults.failed(`the end of room ${room}: tried until Redis has it`, error);
        }
        if (signal.aborted) {
          log.error({ room }, 'this worker ends before the end of a room could be recorded');
          return;
        }
        await sleep(TRY_AGAIN_MS, signal);
      }
    } finally {
      this.waiting -= 1;
    }
  }

  private async once(tenure: RoomTenure, how: 'stopped' | 'given-up' | 'failed'): Promise<void> {
    const { redis, placer } = this.options;
    const { record, token } = tenure;
    // BullMQ's own connection would wait for Redis for ever.
    if (redis.quick.status !== 'ready') throw new Error('not connected');
    const job = await within(ANSWER_MS, Job.fromId<RoomRecord>(redis.rooms, record.id));
    if (how === 'stopped') return this.stopped(record, token, job);
    if (job === undefined) return;
    if (how === 'given-up') return placer.handOver(job, token);
    await redis.putStatus({ ...tenure.status, state: 'failed', url: null, pid: null });
    await within(ANSWER_MS, job.moveToDelayed(Date.now() + FAILED_WAITS_MS, token));
  }

  private async stopped(record: RoomRecord, token: string, job: Job<RoomRecord> | undefined): Promise<void> {
    const { redis, name } = this.options;
    if (job !== undefined) {
      const owner = await redis.lockOwner(record.id);
      const holder = (await redis.status(record.id))?.worker ?? null;
      // The lock was lost, and somebody has started the room meanwhile.
      if (owner !== null && owner !== token && holder !== null && holder !== name) {
        await within(ANSWER_MS, redis.mailbox(holder).add('stop', { kind: 'stop', room: record.id }));
        return;
      }
      await within(ANSWER_MS, owner === token ? job.moveToCompleted('stopped', token, false) : job.remove());
    }
    await redis.forget(record.id);
    await redis.uncount(record.owner, record.id);
  }
}
