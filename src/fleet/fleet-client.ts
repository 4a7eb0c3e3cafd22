/** What people and the studio ask of a fleet. */
import { randomUUID } from 'node:crypto';
import { Job, type Queue } from 'bullmq';
import { EngineError } from '../core/errors.js';
import type { Closeable } from '../core/closeable.js';
import type { FleetOverview } from '../core/room-host.js';
import { silentLog, type Log } from '../core/log.js';
import { sleep } from '../core/sleep.js';
import {
  aboutOf,
  type Command,
  type CommandResult,
  place,
  type PlacedWorker,
  type RoomRecord,
  type RoomStatus,
  type SharedProduct,
  SPEAKS,
  WAITING,
  whyNowhere,
  type WorkerBeat,
} from './records.js';
import { FleetRedis, redisFault, roomJob } from './redis.js';
import { roomCost } from './room-cost.js';
import { packRoom, recordKey, sendRoom } from './rooms/room-package.js';
import { schedule, unschedule } from './fleet-schedules.js';
import { getJson, putJson, type ObjectStore } from './store/object-store.js';

export interface SubmitOptions {
  readonly id: string;
  readonly owner: string;
  readonly show?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** 1 first, 10 last. */
  readonly priority?: number | undefined;
  readonly publicKey: string;
  readonly env: NodeJS.ProcessEnv;
  readonly schedule?: { readonly pattern: string; readonly zone: string; readonly forMs: number } | undefined;
  /** As `engine start --preview`: somebody adds outputs when the engine answers. */
  readonly withoutOutputs?: boolean;
  readonly origin?: string;
}

export interface FleetRoom extends RoomStatus {
  readonly record: RoomRecord;
}

export interface FleetView {
  readonly workers: readonly WorkerBeat[];
  readonly rooms: readonly FleetRoom[];
}

const ANSWER_MS = 8000;
const ID = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

export class FleetClient implements Closeable {
  private constructor(
    readonly redis: FleetRedis,
    readonly store: ObjectStore,
  ) {}

  /** Throws E_REDIS. */
  static async connect(
    url: string,
    store: ObjectStore,
    { log = silentLog, patient = false }: { log?: Log; patient?: boolean } = {},
  ): Promise<FleetClient> {
    const redis = new FleetRedis(url, log, { patient });
    try {
      await redis.ready();
    } catch (error) {
      await redis.close();
      throw error;
    }
    return new FleetClient(redis, store);
  }

  close(): Promise<void> {
    return this.redis.close();
  }

  /** Sends a room and queues it, or sets its schedule. A room that is on air takes the new file at its next start. */
  async submit(
    file: string,
    options: SubmitOptions,
  ): Promise<{ record: RoomRecord; sent: number; next: Date | undefined }> {
    const { id, owner, show, labels = {}, priority = 5, publicKey, env } = options;
    if (!ID.test(id))
      throw new EngineError('E_BAD_REQUEST', {
        where: '--id',
        expected: 'letters a to z, digits and hyphens, a letter first',
        found: `"${id.slice(0, 80)}"`,
      });
    const packed = await packRoom(file, env);
    const { ok, limit } = await this.asked(this.redis.countFor(owner, id));
    if (!ok)
      throw new EngineError('E_FLEET', {
        where: `owner ${owner}`,
        expected: `at most ${limit} rooms`,
        found: 'one more',
        todo: 'stop another room, or raise the limit with `engine fleet limit`',
      });
    const record: RoomRecord = {
      v: SPEAKS,
      id,
      submission: randomUUID(),
      name: packed.config.name,
      owner,
      show: show ?? null,
      language: packed.config.language,
      cost: roomCost(packed.config),
      priority,
      labels: { ...labels },
      pinned: null,
      schedule: options.schedule === undefined ? null : { ...options.schedule },
      submittedAt: new Date().toISOString(),
      withoutOutputs: options.withoutOutputs ?? false,
      origin: options.origin ?? null,
    };
    // A newer file replaces what was edited on air, in the whole show.
    if (record.show !== null) await this.redis.unshare(record.show);
    const sent = await sendRoom(this.store, id, packed, publicKey);
    await putJson(this.store, recordKey(id), record);
    if (record.schedule !== null) {
      const next = await schedule(this.redis, record);
      await this.redis.putStatus({
        ...WAITING,
        room: id,
        state: 'scheduled',
        show: record.show,
        about: aboutOf(record),
      });
      await this.redis.uncount(owner, id);
      return { record, sent, next };
    }
    await this.queue(record);
    return { record, sent, next: undefined };
  }

  async records(): Promise<RoomRecord[]> {
    const keys = (await this.store.list('rooms/')).filter((key) => key.endsWith('/record.json'));
    const all = await Promise.all(keys.map((key) => getJson<RoomRecord>(this.store, key)));
    return all.filter((record) => record !== undefined);
  }

  async view(): Promise<FleetView> {
    const [workers, statuses, records] = await Promise.all([
      this.asked(this.redis.workers()),
      this.redis.statuses(),
      this.records(),
    ]);
    const byRoom = new Map(statuses.map((status) => [status.room, status]));
    const alive = new Set(workers.map(({ name }) => name));
    const rooms = records.map((record) => {
      const status = byRoom.get(record.id) ?? { ...WAITING, room: record.id };
      const isOrphan = status.worker !== null && !alive.has(status.worker);
      return {
        ...status,
        ...(isOrphan ? { state: 'waiting' as const, error: `worker ${status.worker} is gone` } : {}),
        record,
      };
    });
    return { workers: workers.sort((a, b) => (a.name < b.name ? -1 : 1)), rooms };
  }

  /** All workers and rooms, from Redis alone: cheap enough to be asked every second. */
  async overview(): Promise<FleetOverview> {
    const [workers, statuses] = await this.asked(Promise.all([this.redis.workers(), this.redis.statuses()]));
    const alive = new Set(workers.map(({ name }) => name));
    return {
      workers: workers
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, version, capacity, used, rooms, draining, claimed, labels }) => ({
          name,
          version,
          capacity,
          used: round(used),
          rooms: rooms.length,
          draining,
          claimed,
          labels,
        })),
      rooms: statuses
        .sort((a, b) => (a.room < b.room ? -1 : 1))
        .map(({ room, show, state, worker, sinceMs, line, error, about, presenter = null, alarm = null }) => {
          const isOrphan = worker !== null && !alive.has(worker);
          return {
            id: room,
            origin: about?.origin ?? null,
            name: about?.name ?? room,
            owner: about?.owner ?? '',
            language: about?.language ?? '',
            show,
            state: isOrphan ? 'waiting' : state,
            worker,
            presenter,
            sinceMs,
            line,
            error: isOrphan ? `worker ${worker} is gone` : error,
            alarm,
          };
        }),
    };
  }

  /** Throws E_NOT_FOUND. */
  async room(id: string): Promise<FleetRoom> {
    const record = await getJson<RoomRecord>(this.store, recordKey(id));
    if (record === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: `room ${id.slice(0, 64)}`,
        expected: 'a room of this fleet',
        found: 'no such room',
        todo: '`engine fleet list` shows all',
      });
    const status = await this.asked(this.redis.status(id));
    return { ...(status ?? { ...WAITING, room: id }), record };
  }

  /** Ends a room, in order; resolves when it has ended. Its records stay in the store. */
  async stop(id: string): Promise<void> {
    const room = await this.room(id);
    // First the wish: a room whose worker dies now must not come back.
    await this.store.remove(recordKey(id));
    if (room.record.schedule !== null) await unschedule(this.redis, id);
    if (room.worker !== null && (await this.hasWorker(room.worker))) {
      const result = await this.tell(room.worker, { kind: 'stop', room: id });
      if (result.done) await this.until(id, async () => (await this.redis.rooms.getJob(id)) === undefined);
    }
    const job = await this.redis.rooms.getJob(id);
    if (job !== undefined)
      await job.remove().catch(() => {
        throw new EngineError('E_FLEET', {
          where: `room ${id}`,
          expected: 'a worker that ends it',
          found: 'a lock that somebody holds',
          todo: 'ask again in a few seconds',
        });
      });
    await this.redis.forget(id);
    await this.redis.uncount(room.record.owner, id);
  }

  /** To another worker, at the end of a line; without a name the fleet chooses. */
  async move(id: string, to: string | null): Promise<void> {
    const room = await this.room(id);
    const workers = await this.asked(this.redis.workers());
    if (to !== null && !workers.some(({ name }) => name === to)) throw noWorker(to, workers);
    const placed = { ...placedOf({ ...room.record, pinned: to }), avoid: room.worker === null ? [] : [room.worker] };
    if (place(placed, workers, () => 0).length === 0)
      throw new EngineError('E_FLEET', {
        where: `room ${id}`,
        expected: to === null ? 'another worker that fits' : `worker ${to} to fit`,
        found: whyNowhere(placed, workers),
        todo: 'start a worker, or stop a room',
      });
    const record = { ...room.record, pinned: to };
    await putJson(this.store, recordKey(id), record);
    await (await this.redis.rooms.getJob(id))?.updateData(record);
    if (room.worker !== null) await this.tell(room.worker, { kind: 'give-up', room: id, to });
  }

  async drain(worker: string): Promise<void> {
    if (!(await this.hasWorker(worker))) throw noWorker(worker, await this.redis.workers());
    await this.tell(worker, { kind: 'drain' });
  }

  async logs(id: string, lines: number): Promise<readonly string[]> {
    const room = await this.room(id);
    if (room.worker === null) return [];
    const result = await this.tell(room.worker, { kind: 'logs', room: id, lines });
    if (!result.done) throw new EngineError('E_FLEET', { where: `room ${id}`, found: result.why });
    return result.lines ?? [];
  }

  /** One product of all rooms of a show, at once. Returns how each room took it. */
  async edit(show: string, product: string, patch: SharedProduct): Promise<{ room: string; error: string }[]> {
    const { rooms } = await this.view();
    const own = rooms.filter(({ record, worker }) => record.show === show && worker !== null);
    if (own.length === 0)
      throw new EngineError('E_NOT_FOUND', {
        where: `show ${show}`,
        expected: 'a show with rooms on air',
        found: 'none',
      });
    // Rooms that start just now read it there.
    await this.asked(this.redis.share(show, product, patch));
    return Promise.all(
      own.map(async ({ room, worker }) => {
        const result = await this.tell(worker!, { kind: 'edit', room, product, patch, isShared: true });
        return { room, error: result.done ? '' : result.why };
      }),
    );
  }

  /** Where the rooms of the fleet would go if more came or workers went. */
  async plan(options: { add: number; cost: number; without: readonly string[] }): Promise<Plan> {
    const { workers, rooms } = await this.view();
    return planFleet(
      workers,
      rooms.map(({ record }) => record),
      options,
    );
  }

  private async queue(record: RoomRecord): Promise<void> {
    const job = await this.redis.rooms.getJob(record.id);
    if (job === undefined) {
      await this.redis.rooms.add(record.id, record, roomJob(record));
      const { id: room, show } = record;
      await this.redis.putStatus({ ...WAITING, room, show, about: aboutOf(record), sinceMs: Date.now() });
    } else await job.updateData(record);
  }

  private async hasWorker(name: string): Promise<boolean> {
    return (await this.asked(this.redis.workers())).some((worker) => worker.name === name);
  }

  private async tell(worker: string, command: Command): Promise<CommandResult> {
    const queue: Queue<Command> = this.redis.mailbox(worker);
    const job = await queue.add(command.kind, command, { removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } });
    const limitMs = Date.now() + ANSWER_MS;
    for (;;) {
      const state = await job.getState();
      if (state === 'completed')
        return ((await Job.fromId(queue, job.id!)) as { returnvalue: CommandResult }).returnvalue;
      if (state === 'failed')
        return { done: false, why: (await Job.fromId(queue, job.id!))?.failedReason ?? 'it failed' };
      if (Date.now() > limitMs) {
        const isWithdrawn = await job.remove().then(
          () => true,
          () => false,
        );
        throw new EngineError('E_FLEET', {
          where: `worker ${worker}`,
          expected: 'an answer',
          found: `none within ${ANSWER_MS / 1000} s${isWithdrawn ? '' : '; it may still be carried out'}`,
          todo: 'look whether it runs; its rooms go on elsewhere when it is dead',
        });
      }
      await sleep(20, new AbortController().signal);
    }
  }

  private async until(id: string, done: () => Promise<boolean>): Promise<void> {
    const limitMs = Date.now() + 30_000;
    while (!(await done())) {
      if (Date.now() > limitMs)
        throw new EngineError('E_TIMEOUT', { where: `room ${id}`, expected: 'its end within 30 s', found: 'none' });
      await sleep(50, new AbortController().signal);
    }
  }

  private async asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (cause) {
      throw redisFault(this.redis.url, cause);
    }
  }
}

export interface Plan {
  readonly workers: readonly {
    readonly name: string;
    readonly capacity: number;
    readonly used: number;
    readonly rooms: number;
  }[];
  readonly placed: number;
  readonly left: readonly { readonly room: string; readonly why: string }[];
  /** Reference rooms that still fit. */
  readonly free: number;
  /** What stays free when the largest worker dies. */
  readonly freeWithoutLargest: number;
}

/** Places all rooms again, the dearest first, by the rules of the fleet. */
export function planFleet(
  workers: readonly PlacedWorker[],
  records: readonly RoomRecord[],
  { add, cost, without }: { add: number; cost: number; without: readonly string[] },
): Plan {
  const up = workers
    .filter(({ name, draining }) => !draining && !without.includes(name))
    .map((worker) => ({
      ...worker,
      used: 0,
      owners: {} as Record<string, number>,
      shows: {} as Record<string, number>,
      rooms: 0,
    }));
  const more = Array.from({ length: add }, (_, i) => ({ ...MORE, cost, id: `new-${i + 1}` }));
  const left: { room: string; why: string }[] = [];
  const all = [...records, ...more].sort((a, b) => a.priority - b.priority || b.cost - a.cost);
  for (const record of all) {
    const placed = placedOf(record);
    const [best] = place(placed, up, () => 0);
    if (best === undefined) left.push({ room: record.id, why: whyNowhere(placed, up) });
    else {
      best.used += record.cost;
      best.rooms += 1;
      best.owners[record.owner] = (best.owners[record.owner] ?? 0) + 1;
      if (record.show !== null) best.shows[record.show] = (best.shows[record.show] ?? 0) + 1;
    }
  }
  const free = up.reduce((sum, { capacity, used }) => sum + Math.max(0, capacity - used), 0);
  const largest = Math.max(0, ...up.map(({ capacity }) => capacity));
  return {
    workers: up.map(({ name, capacity, used, rooms }) => ({ name, capacity, used: round(used), rooms })),
    placed: all.length - left.length,
    left,
    free: round(free),
    freeWithoutLargest: round(free - largest),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

const placedOf = ({
  cost,
  owner,
  show,
  labels,
  v,
  pinned,
}: Pick<RoomRecord, 'cost' | 'owner' | 'show' | 'labels' | 'v' | 'pinned'>) => ({
  cost,
  owner,
  show,
  labels,
  version: v,
  pinned,
  last: null,
  avoid: [],
});

const noWorker = (found: string, workers: readonly WorkerBeat[]): EngineError =>
  new EngineError('E_NOT_FOUND', {
    where: 'worker',
    expected:
      workers.length === 0 ? 'a running worker; there is none' : `one of ${workers.map(({ name }) => name).join(', ')}`,
    found: `"${found.slice(0, 100)}"`,
  });

const MORE: RoomRecord = {
  v: SPEAKS,
  id: 'new',
  submission: '',
  name: 'new',
  owner: '',
  show: null,
  language: 'en',
  cost: 1,
  priority: 5,
  labels: {},
  pinned: null,
  schedule: null,
  submittedAt: '',
  withoutOutputs: false,
  origin: null,
};
