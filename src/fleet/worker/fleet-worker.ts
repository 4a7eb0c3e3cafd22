/**
 * A machine that takes rooms of a fleet.
 *
 * Problem: rooms must find a machine that can carry them, go on elsewhere within seconds when it dies, and never be on
 * air twice.
 * Rule: this file ties the parts together and answers what others say to it. `room-placer.ts` decides who takes a room,
 * `lease-keeper.ts` holds the leases, `room-tenure.ts` runs a room, `room-ends.ts` records how it ended,
 * `worker-presence.ts` tells the fleet of this worker.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { bootMs } from '../../core/boot-clock.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { sleep } from '../../core/sleep.js';
import type { FleetKey } from '../fleet-key.js';
import { Guard } from '../lease/lease-guard.js';
import { Lease, type LeaseTimes } from '../lease/lease-rule.js';
import { StoreClaims } from '../lease/store-claims.js';
import {
  type Command,
  type CommandResult,
  roomRecord,
  type RoomRecord,
  type RoomStatus,
  type SharedProduct,
  unfit,
} from '../records.js';
import { FleetRedis, mailbox, PREFIX, roomJob, ROOMS, SCHEDULES } from '../redis.js';
import { AssetCache, RoomCourier } from '../rooms/room-courier.js';
import { recordKey } from '../rooms/room-package.js';
import { schedule, startScheduled } from '../fleet-schedules.js';
import { getJson, putJson, type ObjectStore } from '../store/object-store.js';
import {
  LeaseKeeper,
  RedisFaults,
  serveWorkerPage,
  type WorkerCounters,
  type WorkerPage,
  WorkerPresence,
} from './worker-presence.js';
import { RoomEnds, RoomPlacer } from './room-placer.js';
import { RoomTenure, type TenureEnd, type TenureHost } from './room-tenure.js';
import { StartGate } from './start-gate.js';

export interface FleetWorkerOptions {
  readonly name: string;
  readonly redisUrl: string;
  readonly store: ObjectStore;
  readonly key: FleetKey;
  readonly folder: string;
  /** In reference rooms. */
  readonly capacity: number;
  readonly coresPerRoom: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly host: string;
  readonly advertised: string;
  /** Where a monitor reads metrics. */
  readonly page: { readonly host: string; readonly port: number } | null;
  readonly times: LeaseTimes;
  readonly maxCacheBytes: number;
  readonly log: Log;
  readonly version: string;
  /** The program and its arguments before `start`. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Newest version of room records; for tests, as an older engine. */
  readonly speaks?: number;
}

const BEAT_MS = 1000;
const DRAIN_PARALLEL = 3;

export class FleetWorker implements Closeable {
  private readonly redis: FleetRedis;
  private readonly faults: RedisFaults;
  private readonly guard: Guard;
  private readonly tenures = new Map<string, RoomTenure>();
  private readonly presence: WorkerPresence;
  private readonly leases: LeaseKeeper;
  private readonly placer: RoomPlacer;
  private readonly ends: RoomEnds;
  private readonly tenureHost: TenureHost;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly stop = new AbortController();
  private fetcher: Worker<RoomRecord> | undefined;
  private mail: Worker<Command> | undefined;
  private scheduler: Worker | undefined;
  private readonly counters = { takeovers: 0, restarts: 0, leasesLost: 0 };
  private page: WorkerPage | undefined;
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: FleetWorkerOptions) {
    const { name, redisUrl, store, folder, log, maxCacheBytes, advertised } = options;
    const { tenures } = this;
    const held = new Map<string, string>();
    const redis = (this.redis = new FleetRedis(redisUrl, log, { patient: true }));
    const faults = (this.faults = new RedisFaults(log));
    const claims = new StoreClaims(store, name);
    const guard = (this.guard = new Guard(
      {
        onLaunched: (room, pid) => tenures.get(room)?.launched(pid),
        onEnded: (room, how, words) => tenures.get(room)?.engineHasEnded(how, words),
      },
      log,
    ));
    const common = { ...options, redis, faults, tenures };
    this.presence = new WorkerPresence({
      ...common,
      metrics: () => (this.page === undefined ? null : `${advertised}:${this.page.port}`),
    });
    this.leases = new LeaseKeeper({ ...common, claims, guard, held });
    this.placer = new RoomPlacer({
      ...common,
      claims,
      held,
      signal: this.stop.signal,
      isDraining: () => this.presence.isDraining,
      hasRoom: (room) => tenures.has(room),
      ownBeat: () => this.presence.view(),
      take: (record, token, onlyIfRunning) => this.take(record, token, onlyIfRunning),
    });
    this.ends = new RoomEnds({ ...common, placer: this.placer, signal: this.stop.signal });
    this.tenureHost = {
      ...options,
      cache: new AssetCache(join(folder, 'cache'), store, maxCacheBytes),
      guard,
      gate: new StartGate(bootMs),
      fence: (room, known) => redis.fence(room, known),
      spread: (record, product, values) => this.spread(record, product, values),
      shared: (show) => redis.shared(show),
      redisFailed: (what, error) => faults.failed(what, error),
      changed: (tenure) =>
        void redis
          .putStatus(tenure.status)
          .catch((error: unknown) => faults.failed('states of rooms: written again with the next heartbeat', error)),
    };
  }

  /** Throws E_REDIS, E_IN_USE, E_FLEET_STORE. */
  static async start(options: FleetWorkerOptions): Promise<FleetWorker> {
    const worker = new FleetWorker(options);
    try {
      await worker.begin();
      return worker;
    } catch (error) {
      await worker.close();
      throw error;
    }
  }

  get rooms(): readonly RoomStatus[] {
    return [...this.tenures.values()].map(({ status }) => status);
  }

  get guardPid(): number | undefined {
    return this.guard.pid;
  }

  private async begin(): Promise<void> {
    const { folder, name, store, log, times, page } = this.options;
    for (const part of ['rooms', 'logs', 'cache'])
      await mkdir(join(folder, part), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await this.waitForRedis();
    await this.presence.takeName(this.stop.signal);
    // Also tells whether the store can be read.
    await store.list('claims/');
    await this.sendLeftovers();
    await this.restoreIfEmpty();
    const connection = this.redis.steady;
    this.fetcher = new Worker<RoomRecord>(ROOMS, null, {
      connection,
      prefix: PREFIX,
      autorun: false,
      lockDuration: times.lockMs,
      stalledInterval: times.stalledMs,
      maxStalledCount: 1e9,
      drainDelay: 2,
    });
    this.mail = new Worker<Command, CommandResult>(mailbox(name), (job) => this.obey(job.data), {
      connection,
      prefix: PREFIX,
      concurrency: 16,
      drainDelay: 5,
    }) as Worker<Command>;
    this.scheduler = new Worker(SCHEDULES, (job) => startScheduled(this.redis, store, job, log), {
      connection,
      prefix: PREFIX,
      lockDuration: 10_000,
      stalledInterval: 5000,
      maxStalledCount: 100,
      drainDelay: 5,
    });
    for (const one of [this.fetcher, this.mail, this.scheduler])
      one.on('error', (error) => this.faults.failed(`the queue ${one.name}`, error));
    void this.fetcher.startStalledCheckTimer();
    this.every(times.renewMs, () => this.leases.renew());
    this.every(BEAT_MS, () => this.beat());
    this.every(Math.min(250, times.claimEveryMs / 4), () => this.leases.claim());
    await this.beat();
    if (page !== null) {
      this.page = await serveWorkerPage(
        {
          beat: () => this.presence.view(),
          rooms: () => this.rooms,
          counters: () => this.count(),
          fleet: async () => ({ workers: await this.redis.workers(), rooms: await this.redis.statuses() }),
        },
        page.host,
        page.port,
      );
    }
    void this.placer.run(this.fetcher);
    log.info({ worker: name, capacity: this.options.capacity }, 'ready for rooms');
  }

  /** Rooms go on elsewhere, each at its line, a few at a time; resolves when none is left. */
  async drain(): Promise<void> {
    this.presence.isDraining = true;
    // Others learn of it from the refusals.
    await this.beat().catch((error: unknown) => this.faults.failed('the heartbeat', error));
    const todo = [...this.tenures.values()];
    const one = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        await next.giveUp();
        await next.ended;
      }
    };
    await Promise.all(Array.from({ length: DRAIN_PARALLEL }, one));
    // Their ends are recorded.
    while (this.tenures.size > 0) await sleep(50, new AbortController().signal);
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      this.stop.abort();
      for (const timer of this.timers) clearInterval(timer);
      for (const tenure of this.tenures.values()) tenure.lost();
      const workers = [this.fetcher, this.mail, this.scheduler];
      await Promise.race([
        Promise.allSettled(workers.flatMap((one) => (one === undefined ? [] : [one.close(true)]))),
        sleep(2000, new AbortController().signal),
      ]);
      await this.page?.close();
      await this.presence
        .leave()
        .catch((error: unknown) => this.faults.failed('the leave of this worker: it ends by itself in 5 s', error));
      await this.redis.close();
      await this.guard.close();
    })();
    return this.closing;
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(
      setInterval(() => void work().catch((error: unknown) => this.faults.failed('the heartbeat', error)), ms),
    );
  }

  private async waitForRedis(): Promise<void> {
    const limitMs = bootMs() + 10_000;
    for (;;) {
      try {
        return await this.redis.ready();
      } catch (error) {
        if (bootMs() > limitMs) throw error;
        await sleep(200, this.stop.signal);
      }
    }
  }

  /** Parts of ledgers that an earlier run of this machine could not send. */
  private async sendLeftovers(): Promise<void> {
    const { folder, store, key, name, log } = this.options;
    for (const room of await readdir(join(folder, 'rooms'))) {
      const place = join(folder, 'rooms', room);
      try {
        const courier = await RoomCourier.leftover({
          store,
          folder: place,
          publicKey: key.publicKey,
          worker: name,
          submission: '',
        });
        await courier?.carryRest();
      } catch (error) {
        log.warn({ room, error: String(error) }, 'the end of an earlier ledger could not be sent; it stays on disk');
      }
    }
  }

  /** A Redis without data: the rooms that are wanted are in the store. */
  private async restoreIfEmpty(): Promise<void> {
    if (!(await this.redis.isEmpty())) return;
    const { store, log } = this.options;
    const keys = (await store.list('rooms/')).filter((one) => one.endsWith('/record.json'));
    for (const one of keys) {
      const record = await getJson<RoomRecord>(store, one);
      if (record === undefined) continue;
      if (record.schedule !== null) {
        await schedule(this.redis, record);
        continue;
      }
      await this.redis.countFor(record.owner, record.id);
      await this.redis.rooms.add(record.id, record, roomJob(record));
    }
    if (keys.length > 0)
      log.warn({ rooms: keys.length }, 'Redis had lost its data: rooms are queued again from the store');
  }

  private async beat(): Promise<void> {
    await this.restoreIfEmpty();
    await this.presence.beat();
  }

  private count(): WorkerCounters {
    return {
      ...this.counters,
      ...this.leases.counters,
      redisFailures: this.faults.count,
      endsWaiting: this.ends.waiting,
    };
  }

  private async take(data: RoomRecord, token: string, onlyIfRunning: boolean): Promise<CommandResult> {
    const own = this.tenures.get(data.id);
    if (own !== undefined) return this.adopt(own, token);
    if (onlyIfRunning) return { done: false, why: 'not on air here' };
    const parsed = roomRecord.safeParse(data);
    if (!parsed.success) return { done: false, why: 'a record that this version does not understand' };
    const record = parsed.data;
    const why = unfit(this.placer.placedRoom(record, undefined), this.presence.view());
    if (why !== undefined || this.stop.signal.aborted) return { done: false, why: why ?? 'it ends' };
    const lease = await this.confirm(record.id, token);
    if (lease === undefined) return { done: false, why: 'the offer is over' };
    if (this.tenures.has(record.id)) return { done: false, why: 'taken meanwhile' };
    const tenure = new RoomTenure(this.tenureHost, record, token, lease);
    this.tenures.set(record.id, tenure);
    this.counters.takeovers += 1;
    if (record.pinned !== null) await this.unpin(record);
    void tenure.ended.then((how) => this.tenureEnded(tenure, how));
    return { done: true };
  }

  /** A move is over once its worker has the room; from then on it goes wherever it must. */
  private async unpin(record: RoomRecord): Promise<void> {
    const free: RoomRecord = { ...record, pinned: null };
    await (await this.redis.rooms.getJob(record.id))?.updateData(free);
    await putJson(this.options.store, recordKey(record.id), free);
  }

  /** Our own room, under a new token. */
  private async adopt(tenure: RoomTenure, token: string): Promise<CommandResult> {
    const lease = await this.confirm(tenure.record.id, token);
    if (tenure.outcome === 'stopped' && lease !== undefined) {
      // It ends for good as soon as that is recorded, under this lock.
      tenure.token = token;
      return { done: true };
    }
    // Past its deadline the guard has ended it, or is about to.
    if (tenure.outcome !== undefined || lease === undefined || bootMs() >= tenure.lease.untilMs)
      return { done: false, why: 'too late' };
    await tenure.adopt(token, lease);
    this.leases.tellGuard();
    return { done: true };
  }

  private async confirm(room: string, token: string): Promise<Lease | undefined> {
    const sentMs = bootMs();
    const lost = await this.redis.renew(new Map([[room, token]]), this.options.times.lockMs);
    return lost.length > 0 ? undefined : new Lease(this.options.times, sentMs);
  }

  private async tenureEnded(tenure: RoomTenure, how: TenureEnd): Promise<void> {
    const { record } = tenure;
    this.options.log.info({ room: record.id, how }, 'a room has ended here');
    if (how === 'lease-over') this.counters.leasesLost += 1;
    this.counters.restarts += tenure.status.restarts;
    try {
      await this.ends.record(tenure, how);
    } finally {
      this.tenures.delete(record.id);
    }
  }

  /** The other rooms of a show get an edit that somebody made in one of them. */
  private async spread({ id, show }: RoomRecord, product: string, values: SharedProduct): Promise<void> {
    await this.redis.share(show!, product, values);
    const others = (await this.redis.statuses()).filter((one) => one.show === show && one.room !== id);
    await Promise.all(
      others.map(async ({ room, worker }) => {
        // A room without a worker reads the newest values when it comes on air.
        if (worker === null) return;
        const command: Command = { kind: 'edit', room, product, patch: values, isShared: true };
        // A room of this worker needs no mail.
        if (worker === this.options.name) await this.obey(command);
        else
          await this.redis.mailbox(worker).add('edit', command, { removeOnComplete: true, removeOnFail: { age: 60 } });
      }),
    );
  }

  private async obey(command: Command): Promise<CommandResult> {
    if (command.kind === 'take') return this.take(command.record, command.token, command.onlyIfRunning);
    if (command.kind === 'drain') {
      void this.drain();
      return { done: true };
    }
    const tenure = this.tenures.get(command.room);
    if (tenure === undefined) return { done: false, why: `room ${command.room} is not on this worker` };
    if (command.kind === 'logs') return { done: true, lines: await tenure.logs(command.lines) };
    if (command.kind === 'edit') {
      try {
        const { product, patch, isShared } = command;
        const { show } = tenure.record;
        if (isShared !== true && show !== null) await this.redis.share(show, product, patch);
        await tenure.edit(product, patch);
        return { done: true };
      } catch (error) {
        return { done: false, why: error instanceof Error ? error.message : String(error) };
      }
    }
    if (command.kind === 'stop') tenure.end();
    else if (command.kind === 'give-up') void tenure.giveUp();
    // From a newer version.
    else return { done: false, why: 'a command that this version does not understand' };
    return { done: true };
  }
}
