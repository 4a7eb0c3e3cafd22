/**
 * Records in Redis how a room has ended on this worker.
 *
 * Problem: Redis may be away at that moment. A room that was given up, failed or lost its lease is taken by somebody as
 * soon as its lock ends, with or without a record; one that was stopped would come back.
 * Rule: the end of a stopped room is tried until Redis has it, and the room keeps its lease meanwhile. Where the worker must
 * end before that, the room's record is gone from the store, and whoever gets its job reads that first.
 */
import { Job } from 'bullmq';
import { bootMs } from '../../core/boot-clock.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import type { RoomRecord } from '../records.js';
import { ANSWER_MS, within, type FleetRedis } from '../redis.js';
import type { RedisFaults } from './redis-faults.js';
import type { RoomPlacer } from './room-placer.js';
import type { RoomTenure, TenureEnd } from './room-tenure.js';

export interface RoomEndsOptions {
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
