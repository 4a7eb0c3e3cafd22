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
import { place, whyNowhere, type PlacedRoom } from '../placement.js';
import {
  aboutOf,
  WAITING,
  type Command,
  type CommandResult,
  type RoomRecord,
  type RoomStatus,
  type WorkerBeat,
} from '../records.js';
import type { FleetRedis } from '../redis.js';
import { recordKey } from '../rooms/room-package.js';
import { getJson, type ObjectStore } from '../store/object-store.js';
import type { RedisFaults } from './redis-faults.js';

export interface RoomPlacerOptions {
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
