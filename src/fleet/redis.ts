/**
 * A fleet's part of Redis: BullMQ's queues, and a few keys with what is seen from outside.
 *
 * The queue `rooms` has a job for each room that is wanted; its lock is the lease. The queue `to-WORKER` carries offers
 * and commands to one worker. The queue `schedules` has BullMQ's job schedulers. Workers write their state under keys
 * that end by themselves, rooms theirs into a hash; both are written again at every heartbeat, so that a Redis that lost
 * everything is full again a second later.
 */
import { Queue, type JobsOptions } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { EngineError } from '../core/errors.js';
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import type { Command, RoomRecord, RoomStatus, SharedProduct, WorkerBeat } from './records.js';

/** In braces: in a cluster all keys of a fleet lie on one node, as BullMQ needs. */
export const PREFIX = '{showroom}';
export const BEAT_LIVES_MS = 5000;
/** Longest wait for an answer of a Redis that is up. */
export const ANSWER_MS = 1500;

export const ROOMS = 'rooms';
export const SCHEDULES = 'schedules';
export const mailbox = (worker: string): string => `to-${worker}`;

const key = {
  workers: `${PREFIX}:workers`,
  beat: (worker: string) => `${PREFIX}:worker:${worker}`,
  status: `${PREFIX}:status`,
  fences: `${PREFIX}:fences`,
  owner: (owner: string) => `${PREFIX}:owner:${owner}`,
  limits: `${PREFIX}:limits`,
  epoch: `${PREFIX}:epoch`,
  show: (show: string) => `${PREFIX}:show:${show}`,
} as const;

/** A room that stays wanted: it is never failed for its takeovers, and nothing of it is kept once it is stopped. */
export const roomJob = ({ id, priority }: Pick<RoomRecord, 'id' | 'priority'>): JobsOptions => ({
  jobId: id,
  priority,
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: true,
});

export interface ConnectOptions {
  /** Wait for Redis for ever, as a worker does; otherwise fail at once. */
  readonly patient: boolean;
}

export class FleetRedis implements Closeable {
  /** Fails at once while Redis is away, so that nothing old is sent later. */
  readonly quick: Redis;
  /** BullMQ's own commands; they wait for Redis. */
  readonly steady: Redis;
  readonly rooms: Queue<RoomRecord>;
  readonly schedules: Queue;
  private readonly mailboxes = new Map<string, Queue<Command>>();
  private readonly clients: Redis[] = [];

  constructor(
    readonly url: string,
    private readonly log: Log,
    private readonly options: ConnectOptions,
  ) {
    this.quick = this.connect({
      enableOfflineQueue: !options.patient,
      maxRetriesPerRequest: options.patient ? 0 : 1,
      commandTimeout: ANSWER_MS,
      // A cut network says nothing: a connection without an answer is given up.
      socketTimeout: options.patient ? 4000 : 10_000,
    });
    this.steady = this.connect({});
    this.rooms = this.queue<RoomRecord>(ROOMS);
    this.schedules = this.queue(SCHEDULES);
  }

  /** A further connection, for BullMQ's workers. */
  connect(more: RedisOptions): Redis {
    const settings: RedisOptions = {
      maxRetriesPerRequest: this.options.patient ? null : 1,
      connectTimeout: 2000,
      keepAlive: 5000,
      retryStrategy: (times) => (this.options.patient ? Math.min(1000, 100 * times) : times > 2 ? null : 200),
      ...more,
    };
    const client = this.url.startsWith('unix:')
      ? new Redis(this.url.slice(5).replace(/^\/\/+/, '/'), settings)
      : new Redis(this.url, settings);
    let isDown = false;
    client.on('error', (error: Error) => {
      if (!isDown) this.log.warn({ error: error.message }, 'Redis does not answer');
      isDown = true;
    });
    client.on('ready', () => {
      if (isDown) this.log.info({}, 'Redis answers again');
      isDown = false;
    });
    this.clients.push(client);
    return client;
  }

  queue<T>(name: string): Queue<T> {
    const queue = new Queue<T>(name, {
      connection: this.steady,
      prefix: PREFIX,
      streams: { events: { maxLen: 1000 } },
    });
    queue.on('error', () => undefined); // the connection has reported it
    return queue;
  }

  mailbox(worker: string): Queue<Command> {
    const there = this.mailboxes.get(worker);
    if (there !== undefined) return there;
    const made = this.queue<Command>(mailbox(worker));
    this.mailboxes.set(worker, made);
    return made;
  }

  /** Throws E_REDIS. */
  async ready(): Promise<void> {
    try {
      await within(3000, connected(this.quick));
      await this.quick.ping();
    } catch (cause) {
      throw redisFault(this.url, cause);
    }
  }

  /**
   * Renews locks by BullMQ's own script; resolves with the rooms whose lock is no longer ours. Throws when Redis does not
   * answer in time; a renewal that arrives later does no harm, since its sender counts from when it was sent.
   */
  async renew(locks: ReadonlyMap<string, string>, lockMs: number): Promise<string[]> {
    if (this.quick.status !== 'ready') throw new Error('not connected');
    const ids = [...locks.keys()];
    return within(ANSWER_MS, this.rooms.getBackend().extendLocks(ids, [...locks.values()], lockMs));
  }

  /** The token of a room's lock; null where nobody has it. */
  lockOwner(room: string): Promise<string | null> {
    return this.quick.get(`${PREFIX}:${ROOMS}:${room}:lock`);
  }

  /** The next fencing token of a room; above `known` even where Redis has lost its own. */
  async fence(room: string, known: number): Promise<number> {
    const next = await this.quick.hincrby(key.fences, room, 1);
    if (next > known) return next;
    await this.quick.hset(key.fences, room, known + 1);
    return known + 1;
  }

  async beat(beat: WorkerBeat, statuses: readonly RoomStatus[]): Promise<void> {
    const pipe = this.quick.pipeline();
    pipe.sadd(key.workers, beat.name);
    pipe.set(key.beat(beat.name), JSON.stringify(beat), 'PX', BEAT_LIVES_MS);
    if (statuses.length > 0) pipe.hset(key.status, ...statuses.flatMap((one) => [one.room, JSON.stringify(one)]));
    const results = await pipe.exec();
    for (const [error] of results ?? []) if (error !== null) throw error;
  }

  async leave(worker: string): Promise<void> {
    await this.quick.pipeline().del(key.beat(worker)).srem(key.workers, worker).exec();
  }

  async workers(): Promise<WorkerBeat[]> {
    const names = await this.quick.smembers(key.workers);
    if (names.length === 0) return [];
    const beats = await this.quick.mget(names.map(key.beat));
    // Those that are gone for good are forgotten.
    const gone = names.filter((_, i) => beats[i] === null);
    if (gone.length > 0) await this.quick.srem(key.workers, ...gone);
    return beats.flatMap((text) => (text === null ? [] : [JSON.parse(text) as WorkerBeat]));
  }

  async status(room: string): Promise<RoomStatus | undefined> {
    const text = await this.quick.hget(key.status, room);
    return text === null ? undefined : (JSON.parse(text) as RoomStatus);
  }

  async statuses(): Promise<RoomStatus[]> {
    return (await this.quick.hvals(key.status)).map((text) => JSON.parse(text) as RoomStatus);
  }

  async putStatus(status: RoomStatus): Promise<void> {
    await this.quick.hset(key.status, status.room, JSON.stringify(status));
  }

  async forget(room: string): Promise<void> {
    await this.quick.hdel(key.status, room);
  }

  /** The newest values of a product in all rooms of a show. */
  async share(show: string, product: string, values: SharedProduct): Promise<void> {
    const fields = Object.entries(values).flatMap(([name, value]) => [`${name}:${product}`, JSON.stringify(value)]);
    if (fields.length > 0) await this.quick.hset(key.show(show), ...fields);
  }

  async shared(show: string): Promise<Record<string, SharedProduct>> {
    const products: Record<string, SharedProduct> = {};
    for (const [field, text] of Object.entries(await this.quick.hgetall(key.show(show)))) {
      const [, name, product] = /^(stock|price):(.+)$/s.exec(field) ?? [];
      if (product !== undefined) products[product] = { ...products[product], [name!]: JSON.parse(text) as unknown };
    }
    return products;
  }

  /** The files of a show count again. */
  async unshare(show: string): Promise<void> {
    await this.quick.del(key.show(show));
  }

  /** Counts a room for its owner; false, and not counted, where the owner's limit is reached. */
  async countFor(owner: string, room: string): Promise<{ ok: boolean; limit: number; rooms: number }> {
    const own = await this.quick.hget(key.limits, owner);
    const limit = Number(own ?? (await this.quick.hget(key.limits, '*')) ?? Infinity);
    const results = await this.quick.multi().sadd(key.owner(owner), room).scard(key.owner(owner)).exec();
    const isNew = results?.[0]?.[1] === 1;
    const rooms = Number(results?.[1]?.[1] ?? 0);
    if (!isNew || rooms <= limit) return { ok: true, limit, rooms };
    await this.quick.srem(key.owner(owner), room);
    return { ok: false, limit, rooms: rooms - 1 };
  }

  async uncount(owner: string, room: string): Promise<void> {
    await this.quick.srem(key.owner(owner), room);
  }

  async limit(owner: string, rooms: number | null): Promise<void> {
    if (rooms === null) await this.quick.hdel(key.limits, owner);
    else await this.quick.hset(key.limits, owner, rooms);
  }

  /** True for this long after a start of Redis: locks may have been lost that workers still count on. */
  async isYoung(lockMs: number): Promise<boolean> {
    const info = await this.quick.info('server');
    const uptimeS = Number(/^uptime_in_seconds:(\d+)/m.exec(info)?.[1] ?? 0);
    return uptimeS < Math.ceil(lockMs / 1000) + 1;
  }

  /** True where Redis knows nothing of this fleet: it is new, or has lost its data. */
  async isEmpty(): Promise<boolean> {
    return (await this.quick.set(key.epoch, String(Date.now()), 'NX')) === 'OK';
  }

  async close(): Promise<void> {
    const queues = [this.rooms, this.schedules, ...this.mailboxes.values()];
    await within(2000, Promise.allSettled(queues.map((queue) => queue.close()))).catch(() => undefined);
    for (const client of this.clients) client.disconnect();
  }
}

function connected(client: Redis): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.once('end', () => reject(new Error('the connection was refused')));
  });
}

export function redisFault(url: string, cause: unknown): EngineError {
  return new EngineError('E_REDIS', {
    where: url.replace(/\/\/[^@/]*@/, '//***@'),
    expected: 'a Redis 6.2 or Valkey that answers',
    found: cause instanceof Error ? cause.message : String(cause),
    todo: 'start it, or check the address: redis://HOST:6379, rediss://USER:PASSWORD@HOST:6380, unix:///run/redis.sock',
    cause,
  });
}

/** Throws when the work takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
