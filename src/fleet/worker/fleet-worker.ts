/**
 * A machine that takes rooms of a fleet.
 *
 * Problem: rooms must find a machine that can carry them, go on elsewhere within seconds when it dies, and never be on
 * air twice.
 * Rule: whoever gets a room's job from BullMQ has its lock, and decides by `placement.ts` who takes the room: itself, or
 * another worker, which gets the lock's token in its mailbox. An offer that was not answered is withdrawn, or dropped
 * together with its lock. Leases follow `lease-rule.ts`; the guard enforces them. A room that goes on under its worker's
 * claim while somebody else has the lock is offered to that worker until it takes it, or its claim ends. A Redis that has
 * just started may have lost locks that workers count on: for the length of a lock, rooms go to nobody but those that
 * have them on air.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Job, Worker } from 'bullmq';
import { bootMs } from '../../core/boot-clock.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { packageRoot } from '../../core/files/paths.js';
import type { Log } from '../../core/log.js';
import { OWNER_ONLY_FOLDER } from '../../core/owner-only.js';
import { sleep } from '../../core/sleep.js';
import type { FleetKey } from '../fleet-key.js';
import { Guard } from '../lease/guard.js';
import { ClaimWatch, Lease, type LeaseTimes } from '../lease/lease-rule.js';
import { StoreClaims } from '../lease/store-claims.js';
import { place, unfit, whyNowhere, type PlacedRoom } from '../placement.js';
import {
  roomRecord,
  SPEAKS,
  WAITING,
  type Command,
  type CommandResult,
  type RoomRecord,
  type RoomStatus,
  type WorkerBeat,
} from '../records.js';
import { BEAT_LIVES_MS, FleetRedis, mailbox, PREFIX, roomJob, ROOMS, SCHEDULES } from '../redis.js';
import { AssetCache } from '../rooms/asset-cache.js';
import { RoomCourier } from '../rooms/room-courier.js';
import { recordKey } from '../rooms/room-package.js';
import { schedule, startScheduled } from '../schedules.js';
import { getJson, putJson, type ObjectStore } from '../store/object-store.js';
import { RoomTenure, type ProductPatch, type TenureHost } from './room-tenure.js';
import { StartGate } from './start-gate.js';
import { serveWorkerPage, type WorkerPage } from './worker-page.js';

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
  /** For tests: as an older engine. */
  readonly speaks?: number;
}

const BEAT_MS = 1000;
const OFFER_MS = 2500;
const AGAIN_MS = 1500;
const MAX_OFFERS = 4;
/** Less free disk takes no rooms: their ledgers and recordings would have no place. */
const MIN_FREE_BYTES = 300 * 1024 * 1024;

export class FleetWorker implements Closeable {
  private readonly redis: FleetRedis;
  private readonly claims: StoreClaims;
  private readonly claimWatch: ClaimWatch;
  private readonly guard: Guard;
  private readonly gate = new StartGate(bootMs);
  private readonly tenures = new Map<string, RoomTenure>();
  /** Rooms whose lock we have while we look for a place for them, by token. */
  private readonly held = new Map<string, string>();
  /** Rooms that have just failed here. */
  private readonly failed = new Map<string, number>();
  private readonly instance = randomUUID();
  private readonly tenureHost: TenureHost;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly stop = new AbortController();
  private fetcher: Worker<RoomRecord> | undefined;
  private mail: Worker<Command> | undefined;
  private scheduler: Worker | undefined;
  private isDraining = false;
  private claimedMs = Number.NEGATIVE_INFINITY;
  private claiming: Promise<void> | undefined;
  private renewing = false;
  private hasDisk = true;
  private readonly sinceMs = Date.now();
  private readonly counters = { takeovers: 0, restarts: 0, renewals: 0, renewalsFailed: 0, claims: 0, leasesLost: 0 };
  private page: WorkerPage | undefined;
  private closing: Promise<void> | undefined;

  private constructor(private readonly options: FleetWorkerOptions) {
    const { name, redisUrl, store, folder, log, maxCacheBytes, times } = options;
    this.redis = new FleetRedis(redisUrl, log, { patient: true });
    this.claims = new StoreClaims(store, name);
    this.claimWatch = new ClaimWatch(times);
    this.guard = new Guard(
      {
        onLaunched: (room, pid) => this.tenures.get(room)?.launched(pid),
        onEnded: (room, how, words) => this.tenures.get(room)?.engineHasEnded(how, words),
      },
      log,
    );
    this.tenureHost = {
      ...options,
      cache: new AssetCache(join(folder, 'cache'), store, maxCacheBytes),
      guard: this.guard,
      gate: this.gate,
      fence: (room, known) => this.redis.fence(room, known),
      edited: (tenure, product, patch) =>
        void this.spread(tenure, product, patch).catch((error: unknown) =>
          log.warn(
            { room: tenure.record.id, product, error: String(error) },
            'an edit did not reach the rest of the show',
          ),
        ),
      changed: (tenure) => void this.redis.putStatus(tenure.status).catch(() => undefined),
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
    const { folder, name, store, log, times } = this.options;
    for (const part of ['rooms', 'logs', 'cache'])
      await mkdir(join(folder, part), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await this.waitForRedis();
    await this.takeName();
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
    this.scheduler = new Worker(SCHEDULES, (job) => startScheduled(this.redis, store, job), {
      connection,
      prefix: PREFIX,
      lockDuration: 10_000,
      stalledInterval: 5000,
      maxStalledCount: 100,
      drainDelay: 5,
    });
    for (const one of [this.fetcher, this.mail, this.scheduler]) one.on('error', () => undefined);
    void this.fetcher.startStalledCheckTimer();
    this.every(times.renewMs, () => this.renew());
    this.every(BEAT_MS, () => this.beat());
    this.every(Math.min(250, times.claimEveryMs / 4), async () => this.claimIfNeeded());
    await this.beat();
    const { page } = this.options;
    if (page !== null) {
      this.page = await serveWorkerPage(
        {
          beat: () => this.ownBeat(),
          rooms: () => this.rooms,
          counters: () => this.counters,
          fleet: async () => ({ workers: await this.redis.workers(), rooms: await this.redis.statuses() }),
        },
        page.host,
        page.port,
      );
    }
    void this.takeJobs();
    log.info({ worker: name, capacity: this.options.capacity }, 'ready for rooms');
  }

  /** Rooms go on elsewhere, each at its line, a few at a time; resolves when none is left. */
  async drain(): Promise<void> {
    this.isDraining = true;
    await this.beat();
    const todo = [...this.tenures.values()];
    const one = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        await next.giveUp();
        await next.ended;
      }
    };
    await Promise.all([one(), one(), one()]);
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
      await this.redis.leave(this.options.name).catch(() => undefined);
      await this.redis.close();
      await this.guard.close();
    })();
    return this.closing;
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(
      setInterval(
        () => void work().catch((error: unknown) => this.options.log.debug({ error: String(error) }, 'later')),
        ms,
      ),
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

  /** Two workers of one name would answer each other's mail and overwrite each other's claims. */
  private async takeName(): Promise<void> {
    const { name } = this.options;
    const key = `${PREFIX}:name:${name}`;
    const limitMs = bootMs() + BEAT_LIVES_MS + 2000;
    while ((await this.redis.quick.set(key, this.instance, 'PX', BEAT_LIVES_MS, 'NX')) !== 'OK') {
      if (bootMs() > limitMs)
        throw new EngineError('E_IN_USE', {
          where: `worker ${name}`,
          expected: 'a name of its own for each worker of the fleet',
          found: 'a running worker with this name',
          todo: 'give another --name',
        });
      await sleep(300, this.stop.signal);
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
        await courier?.carryLedger();
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

  // Leases

  private async renew(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    try {
      const locks = new Map(this.held);
      for (const [room, tenure] of this.tenures) locks.set(room, tenure.token);
      if (locks.size === 0) return;
      const sentMs = bootMs();
      const lost = new Set(await this.redis.renew(locks, this.options.times.lockMs));
      for (const [room, token] of locks) {
        const tenure = this.tenures.get(room);
        if (tenure === undefined || tenure.token !== token) continue;
        if (lost.has(room)) await this.lockIsGone(tenure);
        else tenure.lease.renewed(sentMs);
      }
      this.counters.renewals += 1;
    } catch {
      this.counters.renewalsFailed += 1;
      // The deadline stands where it is; a claim moves it.
    } finally {
      this.renewing = false;
      this.tellGuard();
    }
  }

  /** Redis says that the lock is not ours. */
  private async lockIsGone(tenure: RoomTenure): Promise<void> {
    const { id } = tenure.record;
    const owner = await this.redis.quick.get(`${PREFIX}:${ROOMS}:${id}:lock`);
    if (owner === tenure.token) return;
    if (owner !== null) {
      // Whoever has it reads our claim first; without one it goes on air.
      if (tenure.lease.isClaimed(bootMs())) return;
      if (await this.redis.isYoung(this.options.times.lockMs)) return tenure.lease.forgetRenewal();
      this.options.log.error({ room: id }, 'another worker has the lease: the room ends here at once');
      tenure.lost();
      return;
    }
    // The lock ended, or Redis lost it. The job may be gone, too.
    tenure.lease.forgetRenewal();
    await this.redis.rooms.add(id, tenure.record, roomJob(tenure.record));
  }

  private async claimIfNeeded(): Promise<void> {
    const nowMs = bootMs();
    const needed = [...this.tenures.values()].filter(({ lease }) => lease.needsClaim(nowMs));
    const { times, log } = this.options;
    if (this.claiming !== undefined) return;
    if (needed.length > 0 && nowMs - this.claimedMs < times.claimEveryMs) return;
    const sentMs = nowMs;
    if (needed.length > 0 && this.claimedMs === Number.NEGATIVE_INFINITY)
      log.warn({ rooms: needed.length }, 'leases cannot be renewed: the rooms go on under a claim in the store');
    this.claimedMs = needed.length > 0 ? sentMs : Number.NEGATIVE_INFINITY;
    this.claiming = (async () => {
      await this.claims.claim(
        needed.map(({ record }) => record.id),
        AbortSignal.timeout(times.claimMs),
      );
      if (needed.length > 0) this.counters.claims += 1;
      for (const { lease } of needed) lease.claimed(sentMs, bootMs());
      this.tellGuard();
    })()
      .catch((error: unknown) => log.error({ error: String(error) }, 'the store takes no claim'))
      .finally(() => (this.claiming = undefined));
    await this.claiming;
  }

  private tellGuard(): void {
    this.guard.renew(Object.fromEntries([...this.tenures].map(([room, tenure]) => [room, tenure.leaseLine])));
  }

  // Placement

  private async takeJobs(): Promise<void> {
    while (!this.stop.signal.aborted) {
      if (this.isDraining) {
        await sleep(500, this.stop.signal);
        continue;
      }
      const token = `${this.options.name}:${randomUUID()}`;
      try {
        const job = await this.fetcher!.getNextJob(token);
        if (job === undefined) await sleep(20, this.stop.signal);
        else void this.assign(job, token);
      } catch {
        await sleep(500, this.stop.signal);
      }
    }
  }

  private async assign(job: Job<RoomRecord>, token: string): Promise<void> {
    const room = job.id!;
    const { log } = this.options;
    this.held.set(room, token);
    try {
      const own = this.tenures.get(room);
      if (own !== undefined) {
        await this.adopt(own, token);
        return;
      }
      if ((await this.waitForClaims(room, job.data, token)) === 'handed') return;
      const status = await this.redis.status(room);
      const placed = this.placedRoom(job.data, status);
      const workers = await this.redis.workers();
      const all = workers.map((one) => (one.name === this.options.name ? this.ownBeat() : one));
      for (const { name } of place(placed, all, Math.random).slice(0, MAX_OFFERS)) {
        const answer =
          name === this.options.name ? await this.takeOwn(job.data, token) : await this.offer(name, job.data, token);
        // Unclear: whoever has it now renews it, and if nobody does, the lock ends.
        if (answer !== 'refused') return;
      }
      await this.putBack(job, token, whyNowhere(placed, all));
    } catch (error) {
      log.warn({ room, error: String(error) }, 'a room could not be placed; it is tried again');
      await this.putBack(job, token, String(error)).catch(() => undefined);
    } finally {
      this.held.delete(room);
    }
  }

  /** Waits while another worker keeps the room on air under its claim; offers it the lease meanwhile. */
  private async waitForClaims(room: string, record: RoomRecord, token: string): Promise<'free' | 'handed'> {
    for (;;) {
      const claimed = this.claimWatch.holder(room, await this.claims.others(), bootMs());
      const isYoung = await this.redis.isYoung(this.options.times.lockMs);
      if (claimed === undefined && !isYoung) return 'free';
      const holder = claimed ?? (await this.redis.status(room))?.worker ?? null;
      if (holder !== null && holder !== this.options.name) {
        const answer = await this.offer(holder, record, token, { waitMs: 1000, onlyIfRunning: true });
        if (answer !== 'refused') return 'handed';
      }
      await sleep(300, this.stop.signal);
      if (this.stop.signal.aborted) throw new Error('this worker ends');
    }
  }

  /** Gives a lock's token to another worker. */
  private async offer(
    to: string,
    record: RoomRecord,
    token: string,
    { waitMs = OFFER_MS, onlyIfRunning = false }: { waitMs?: number; onlyIfRunning?: boolean } = {},
  ): Promise<'taken' | 'refused' | 'unclear'> {
    const queue = this.redis.mailbox(to);
    const command: Command = { kind: 'take', record, token, from: this.options.name, onlyIfRunning };
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
      await sleep(25, this.stop.signal);
    }
  }

  private async putBack(job: Job<RoomRecord>, token: string, why: string): Promise<void> {
    await job.moveToDelayed(Date.now() + AGAIN_MS, token);
    const before = await this.redis.status(job.id!);
    await this.redis.putStatus({
      ...(before ?? WAITING),
      room: job.id!,
      state: 'waiting',
      worker: null,
      url: null,
      pid: null,
      error: why,
    });
  }

  private placedRoom(record: RoomRecord, status: RoomStatus | undefined): PlacedRoom {
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

  private async takeOwn(record: RoomRecord, token: string): Promise<'taken' | 'refused'> {
    return (await this.take(record, token, false)).done ? 'taken' : 'refused';
  }

  private async take(data: RoomRecord, token: string, onlyIfRunning: boolean): Promise<CommandResult> {
    const own = this.tenures.get(data.id);
    if (own !== undefined) return this.adopt(own, token);
    if (onlyIfRunning) return { done: false, why: 'not on air here' };
    const parsed = roomRecord.safeParse(data);
    if (!parsed.success) return { done: false, why: 'a record that this version does not understand' };
    const record = parsed.data;
    const why = unfit(this.placedRoom(record, undefined), this.ownBeat());
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
    // Past its deadline the guard has ended it, or is about to.
    if (lease === undefined || bootMs() >= tenure.lease.untilMs) return { done: false, why: 'too late' };
    await tenure.adopt(token, lease);
    this.tellGuard();
    return { done: true };
  }

  private async confirm(room: string, token: string): Promise<Lease | undefined> {
    const sentMs = bootMs();
    const lost = await this.redis.renew(new Map([[room, token]]), this.options.times.lockMs);
    return lost.length > 0 ? undefined : new Lease(this.options.times, sentMs);
  }

  private async tenureEnded(tenure: RoomTenure, how: 'stopped' | 'given-up' | 'lease-over' | 'failed'): Promise<void> {
    const { record, token } = tenure;
    const { log, name } = this.options;
    log.info({ room: record.id, how }, 'a room has ended here');
    if (how === 'lease-over') this.counters.leasesLost += 1;
    this.counters.restarts += tenure.status.restarts;
    try {
      if (how === 'lease-over') return;
      const job = await Job.fromId<RoomRecord>(this.redis.rooms, record.id);
      if (job === undefined) return;
      if (how === 'stopped') {
        await job.moveToCompleted('stopped', token, false);
        await this.redis.forget(record.id);
        await this.redis.uncount(record.owner, record.id);
        return;
      }
      if (how === 'failed') {
        this.failed.set(record.id, bootMs() + 60_000);
        await this.redis.putStatus({ ...tenure.status, state: 'failed', url: null, pid: null });
        await job.moveToDelayed(Date.now() + 15_000, token);
        return;
      }
      // The new record may name another worker.
      await this.handOver(job, tenure.token, name);
    } catch (error) {
      // The lock ends by itself, and somebody takes the room.
      log.warn({ room: record.id, error: String(error) }, 'the end of a room could not be recorded');
    } finally {
      this.tenures.delete(record.id);
    }
  }

  private async spread({ record }: RoomTenure, product: string, patch: ProductPatch): Promise<void> {
    const rooms = await this.redis.statuses();
    for (const { room, show, worker } of rooms) {
      if (show === null || show !== record.show || room === record.id || worker === null) continue;
      const command: Command = { kind: 'edit', room, product, patch };
      await this.redis.mailbox(worker).add('edit', command, { removeOnComplete: true, removeOnFail: { age: 60 } });
    }
  }

  private async handOver(job: Job<RoomRecord>, token: string, name: string): Promise<void> {
    const status = await this.redis.status(job.id!);
    const placed = { ...this.placedRoom(job.data, status), avoid: [name], last: null };
    for (const worker of place(placed, await this.redis.workers(), Math.random).slice(0, MAX_OFFERS)) {
      const answer = await this.offer(worker.name, job.data, token);
      if (answer !== 'refused') return;
    }
    await job.moveToDelayed(Date.now() + 200, token);
  }

  // What others see, and say

  private ownBeat(): WorkerBeat {
    const { name, version, capacity, coresPerRoom, labels, advertised, speaks = SPEAKS } = this.options;
    const records = [...this.tenures.values()].map(({ record }) => record);
    const count = (of: (record: RoomRecord) => string | null): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const record of records) {
        const value = of(record);
        if (value !== null) counts[value] = (counts[value] ?? 0) + 1;
      }
      return counts;
    };
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
      owners: count(({ owner }) => owner),
      shows: count(({ show }) => show),
      metrics: this.page === undefined ? null : `${advertised}:${this.page.port}`,
      sinceMs: this.sinceMs,
      claimed: [...this.tenures.values()].filter(({ lease }) => lease.isClaimed(nowMs)).length,
    };
  }

  private async beat(): Promise<void> {
    const { folder, name, log } = this.options;
    const disk = await statfs(folder).catch(() => undefined);
    const hasDisk = disk === undefined || disk.bavail * disk.bsize > MIN_FREE_BYTES;
    if (hasDisk !== this.hasDisk)
      log.warn({ hasDisk }, hasDisk ? 'the disk has room again' : 'the disk is nearly full: no new rooms');
    this.hasDisk = hasDisk;
    await this.restoreIfEmpty();
    await this.redis.quick.set(`${PREFIX}:name:${name}`, this.instance, 'PX', BEAT_LIVES_MS);
    await this.redis.beat(this.ownBeat(), this.rooms);
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
        await tenure.edit(command.product, command.patch);
        return { done: true };
      } catch (error) {
        return { done: false, why: error instanceof Error ? error.message : String(error) };
      }
    }
    if (command.kind === 'stop') tenure.end();
    else void tenure.giveUp();
    return { done: true };
  }
}

/** The version of this package. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
