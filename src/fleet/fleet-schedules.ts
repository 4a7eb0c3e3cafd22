/** Rooms that go on air by the clock: BullMQ's job schedulers, with the time zone of the seller. */
import type { Job } from 'bullmq';
import type { Log } from '../core/log.js';
import { sleep } from '../core/sleep.js';
import type { RoomRecord } from './records.js';
import { roomJob, type FleetRedis } from './redis.js';
import { recordKey } from './rooms/room-package.js';
import { getJson, type ObjectStore } from './store/object-store.js';

interface Scheduled {
  readonly room: string;
  readonly action: 'start' | 'stop';
}

/** A room that ends in order takes this long at most. */
const ENDS_MS = 15_000;

const schedulerId = (room: string): string => `show-${room}`;

/** Throws for a pattern that is not one; the caller has checked it. */
export async function schedule(redis: FleetRedis, record: RoomRecord): Promise<Date | undefined> {
  const { pattern, zone } = record.schedule!;
  const data: Scheduled = { room: record.id, action: 'start' };
  await redis.schedules.upsertJobScheduler(
    schedulerId(record.id),
    { pattern, tz: zone },
    { name: 'start', data, opts: { removeOnComplete: true, removeOnFail: { age: 86_400 } } },
  );
  const next = (await redis.schedules.getJobScheduler(schedulerId(record.id)))?.next;
  return next === undefined ? undefined : new Date(next);
}

export async function unschedule(redis: FleetRedis, room: string): Promise<void> {
  await redis.schedules.removeJobScheduler(schedulerId(room));
}

/** One run of a schedule: the room is queued, and its end with it. */
export async function startScheduled(redis: FleetRedis, store: ObjectStore, job: Job, log?: Log): Promise<void> {
  const { room, action } = job.data as Scheduled;
  const record = await getJson<RoomRecord>(store, recordKey(room));
  if (record === undefined) {
    await unschedule(redis, room);
    return;
  }
  if (action === 'stop') return stopScheduled(redis, room);
  const { ok, limit } = await redis.countFor(record.owner, room);
  if (!ok) {
    log?.warn({ room, owner: record.owner, limit }, 'a scheduled room does not start: its owner has too many');
    throw new Error(`${record.owner} has ${limit} rooms on air, which is the limit`);
  }
  await redis.rooms.add(room, record, roomJob(record));
  if (record.schedule !== null) {
    const stop: Scheduled = { room, action: 'stop' };
    await redis.schedules.add('stop', stop, {
      jobId: `stop-${room}-${job.id!.replaceAll(':', '-')}`,
      delay: record.schedule.forMs,
      // The room may be between two workers, or its worker gone.
      attempts: 60,
      backoff: { type: 'fixed', delay: 5000 },
      removeOnComplete: true,
      removeOnFail: { age: 86_400 },
    });
  }
}

/** Throws while the room is still there: BullMQ asks again in some seconds. */
async function stopScheduled(redis: FleetRedis, room: string): Promise<void> {
  const job = await redis.rooms.getJob(room);
  if (job === undefined) return;
  const worker = (await redis.status(room))?.worker ?? null;
  if (worker === null) await job.remove();
  else {
    await redis
      .mailbox(worker)
      .add('stop', { kind: 'stop', room }, { removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } });
    const limitMs = Date.now() + ENDS_MS;
    while ((await redis.rooms.getJob(room)) !== undefined) {
      if (Date.now() > limitMs) throw new Error(`room ${room} is not off air yet; it is asked again`);
      await sleep(100, new AbortController().signal);
    }
  }
}
