/**
 * One room on this worker, from the lease to its end.
 *
 * The lease is renewed by the worker and enforced by the guard; this file lays the room's files, starts the engine,
 * starts it again when it dies or hangs, and carries its state away. It ends when the room is stopped, given up, or has
 * lost its lease.
 * Numbers: a look at the engine a second; one without a new frame for 5 s is killed and started again; pauses of 0.5,
 * 1, 2 … 15 s between starts.
 */
import { createServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootMs } from '../../core/boot-clock.js';
import type { AlarmSnapshot } from '../../config/api/room-handle.js';
import type { Log } from '../../core/log.js';
import { sleep } from '../../core/sleep.js';
import { roomToken, type FleetKey } from '../fleet-key.js';
import type { Guard } from '../lease/lease-guard.js';
import type { LeaseLine } from '../lease/guard-protocol.js';
import type { Lease } from '../lease/lease-rule.js';
import {
  aboutOf,
  type FleetRoomState,
  type RoomAlarm,
  type RoomRecord,
  type RoomStatus,
  type SharedProduct,
} from '../records.js';
import { type AssetCache, type LaidRoom, layRoom, type Live, RoomCourier } from '../rooms/room-courier.js';
import type { ObjectStore } from '../store/object-store.js';
import { askEngine, type EngineApi, type Health, treeCpuSeconds } from './ask-engine.js';
import { ShowSync } from './show-sync.js';
import type { StartGate } from './start-gate.js';

export interface TenureHost {
  readonly name: string;
  /** Address at which engines listen, and at which others reach them. */
  readonly host: string;
  readonly advertised: string;
  readonly folder: string;
  readonly store: ObjectStore;
  readonly cache: AssetCache;
  readonly key: FleetKey;
  readonly guard: Guard;
  readonly gate: StartGate;
  readonly log: Log;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  fence(room: string, known: number): Promise<number>;
  changed(tenure: RoomTenure): void;
  /** Somebody changed a product of a room on air; the other rooms of its show follow. */
  spread(record: RoomRecord, product: string, values: SharedProduct): Promise<void>;
  /** What the rooms of a show have in common. */
  shared(show: string): Promise<Readonly<Record<string, SharedProduct>>>;
  redisFailed(what: string, error: unknown): void;
}

const LOOK_MS = 1000;
const SAVE_EVERY = 2;
const PRESENTER_EVERY = 15;
const HANGS_MS = 5000;
const START_MS = 120_000;
const END_MS = 12_000;
const LINE_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
const STEADY_MS = 60_000;

/** How a tenure ended: what the worker does with the job. */
export type TenureEnd = 'stopped' | 'given-up' | 'lease-over' | 'failed';

export class RoomTenure {
  fence = 0;
  private tokenFence = 0;
  private state: FleetRoomState = 'starting';
  private sinceMs = Date.now();
  private restarts = 0;
  private pid: number | null = null;
  private error = '';
  private line: string | null = null;
  private cores = 0;
  private api: EngineApi | undefined;
  private courier: RoomCourier | undefined;
  private live: Live | undefined;
  private presenter: string | null = null;
  private alarm: RoomAlarm | null = null;
  private readonly show: ShowSync | undefined;
  private wants: 'stopped' | 'given-up' | undefined;
  private readonly stop = new AbortController();
  /** Resolves when the running engine has ended. */
  private engineEnded: Promise<void> = Promise.resolve();
  private tellEnded: (() => void) | undefined;
  private isLeaseOver = false;
  private hasComplained = false;
  readonly ended: Promise<TenureEnd>;
  /** How it has ended; undefined until then. */
  outcome: TenureEnd | undefined;

  constructor(
    private readonly host: TenureHost,
    readonly record: RoomRecord,
    /** Of the job's lock. */
    public token: string,
    public lease: Lease,
  ) {
    const { show } = record;
    if (show !== null)
      this.show = new ShowSync({
        api: () => (this.isOnAir ? this.api : undefined),
        spread: (product, values) => host.spread(record, product, values),
        newest: () => host.shared(show),
        failed: (error) => host.redisFailed(`edits of show ${show}: they are tried again`, error),
        refused: (product, error) =>
          host.log.warn({ room: record.id, product, error: String(error) }, 'a room does not take a value of its show'),
      });
    this.ended = this.run()
      .catch((error: unknown) => {
        this.error = error instanceof Error ? error.message : String(error);
        host.log.error({ room: record.id, error: this.error }, 'a room cannot be taken');
        host.guard.kill(record.id);
        return this.isLeaseOver ? ('lease-over' as const) : ('failed' as const);
      })
      .then((how) => (this.outcome = how));
  }

  get status(): RoomStatus {
    return {
      room: this.record.id,
      state: this.state,
      worker: this.host.name,
      fence: this.fence,
      tokenFence: this.tokenFence,
      url: this.api?.url ?? null,
      sinceMs: this.sinceMs,
      restarts: this.restarts,
      pid: this.pid,
      error: this.error,
      line: this.line,
      show: this.record.show,
      cores: this.cores,
      about: aboutOf(this.record),
      presenter: this.presenter,
      alarm: this.alarm,
    };
  }

  get leaseLine(): LeaseLine {
    return { worker: this.host.name, fence: this.fence, untilMs: this.lease.untilMs };
  }

  /** A room that has ended is nobody's; one that was stopped must not come back before that is recorded. */
  get mayBeClaimed(): boolean {
    return this.outcome === undefined || this.outcome === 'stopped';
  }

  private get isOnAir(): boolean {
    return this.state === 'on-air';
  }

  /** Somebody else held the lock for a while, and has handed it back: the room goes on, under a new token. */
  async adopt(token: string, lease: Lease): Promise<void> {
    this.token = token;
    this.lease = lease;
    this.fence = await this.host.fence(this.record.id, this.fence);
    this.courier?.setFence(this.fence);
    this.host.log.info({ room: this.record.id, fence: this.fence }, 'a room has its lease again');
  }

  /** The engine ends in order, and nobody takes the room. */
  end(): void {
    this.wants ??= 'stopped';
    this.change('draining');
    this.stop.abort();
  }

  /** Ends at the end of a line, so that another worker takes it there. */
  async giveUp(): Promise<void> {
    if (this.wants !== undefined) return;
    this.wants = 'given-up';
    this.change('draining');
    if (this.api !== undefined) await this.finishLine(this.api).catch(() => undefined);
    this.stop.abort();
  }

  /** The lock went to somebody else: at once. */
  lost(): void {
    this.isLeaseOver = true;
    this.host.guard.kill(this.record.id);
    this.stop.abort();
  }

  /** An edit from another room of its show, or for all of them. */
  async edit(product: string, values: SharedProduct): Promise<void> {
    if (this.show === undefined) throw new Error('a room without a show');
    await this.show.follow(product, values);
  }

  async logs(lines: number): Promise<string[]> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean).slice(-lines);
  }

  /** From the guard. */
  launched(pid: number): void {
    this.pid = pid;
  }

  /** From the guard. */
  engineHasEnded(how: 'by-itself' | 'asked' | 'lease-over', words: string): void {
    this.pid = null;
    this.cores = 0;
    if (how === 'lease-over') {
      this.isLeaseOver = true;
      this.error = 'its lease was over';
      this.stop.abort();
    } else if (this.wants === undefined) this.error = words;
    this.tellEnded?.();
  }

  private async run(): Promise<TenureEnd> {
    const { record, host } = this;
    const { id } = record;
    const leftover = await RoomCourier.leftover({ ...this.courierOptions(), folder: this.folder });
    // The end of earlier records that this machine still has.
    await leftover?.carryRest();
    const laid = await layRoom({
      ...host,
      folder: this.folder,
      room: id,
      submission: record.submission,
    });
    this.fence = await host.fence(id, laid.knownFence);
    this.courier = await RoomCourier.begin(
      { ...this.courierOptions(), room: id, folder: this.folder },
      this.fence,
      laid.ledgerBytes,
    );
    let pauseMs = FIRST_PAUSE_MS;
    let quick = 0;
    let { carried } = laid;
    while (!this.stop.signal.aborted) {
      const begunMs = bootMs();
      await this.onAirOnce(laid, carried);
      if (this.stop.signal.aborted) break;
      carried = this.live;
      const upMs = bootMs() - begunMs;
      const words = await this.lastFault();
      this.error = words === '' ? this.error : words;
      quick = upMs > STEADY_MS ? 0 : quick + 1;
      if (quick >= 5) return 'failed';
      if (upMs > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      this.restarts += 1;
      host.log.warn({ room: id, error: this.error, againMs: pauseMs }, 'an engine ended unasked; it is started again');
      this.change('starting');
      await sleep(pauseMs, this.stop.signal);
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
    if (this.isLeaseOver) {
      host.guard.kill(id);
      // Missing records follow later: the ledger's parts lie under this worker's token.
      await this.courier.carryRest().catch((error: unknown) => this.complain(error));
      return 'lease-over';
    }
    // The line is over: the state says where to go on. After the end it would say that the show is over.
    if (this.wants === 'given-up') await this.courier.carry(this.live).catch((error: unknown) => this.complain(error));
    host.guard.end(id, END_MS);
    await this.engineEnded;
    await this.courier.carryRest().catch((error: unknown) => this.complain(error));
    return this.isLeaseOver ? 'lease-over' : (this.wants ?? 'given-up');
  }

  /** Starts the engine and follows it until it ends, or somebody wants it to. */
  private async onAirOnce(laid: LaidRoom, carried: LaidRoom['carried']): Promise<void> {
    const { host, record } = this;
    const { signal } = this.stop;
    const leave = await host.gate.enter(record.id, signal);
    try {
      if (signal.aborted) return;
      const port = await freePort(host.host);
      this.tokenFence = this.fence;
      const token = roomToken(host.key, record.id, this.fence);
      this.engineEnded = new Promise((resolve) => (this.tellEnded = resolve));
      const [program, ...args] = host.command;
      host.guard.launch({
        room: record.id,
        program: program!,
        args: [
          ...args,
          'start',
          '--lease',
          ...(record.withoutOutputs ? ['--preview'] : []),
          '--room',
          join(this.folder, 'room.json'),
          '--port',
          String(port),
        ],
        folder: this.folder,
        env: { ...host.env, ...laid.env, ENGINE_TOKEN: token },
        logFile: this.logFile,
        lease: this.leaseLine,
      });
      this.api = { url: `http://${host.advertised}:${port}`, token };
      let isEnded = false;
      void this.engineEnded.then(() => (isEnded = true));
      const limitMs = bootMs() + START_MS;
      while (!signal.aborted && !isEnded) {
        if (await this.answers()) break;
        if (bootMs() > limitMs) {
          this.error = 'it did not come on air';
          host.guard.kill(record.id);
        }
        await sleep(100, signal);
      }
      if (signal.aborted || isEnded) return;
      await this.restore(carried).catch((error: unknown) => this.complain(error));
      this.error = '';
      this.change('on-air');
      leave();
      await this.follow(() => isEnded);
    } finally {
      leave();
      if (this.wants !== undefined || this.isLeaseOver || signal.aborted) host.gate.leave(record.id);
    }
  }

  private async follow(isEnded: () => boolean): Promise<void> {
    const stop = this.show?.begin();
    try {
      await this.watch(isEnded);
    } finally {
      stop?.();
    }
  }

  private async watch(isEnded: () => boolean): Promise<void> {
    const { signal } = this.stop;
    let answeredMs = bootMs();
    let frame = -1;
    let cpu = { atMs: bootMs(), seconds: this.pid === null ? 0 : treeCpuSeconds(this.pid) };
    for (let looks = 1; !signal.aborted && !isEnded(); looks += 1) {
      const health = await this.health();
      // A loop that stands still is as dead as a process that does not answer.
      if (health !== undefined && health.frame !== frame) answeredMs = bootMs();
      frame = health?.frame ?? frame;
      if (bootMs() - answeredMs > HANGS_MS) {
        this.error = `no new frame for ${HANGS_MS / 1000} s`;
        this.host.guard.kill(this.record.id);
        await this.engineEnded;
        return;
      }
      if (health !== undefined && this.wants === undefined) {
        const faults: unknown[] = [];
        await this.look(looks).catch((error: unknown) => faults.push(error));
        await this.courier!.carry(this.live).catch((error: unknown) => faults.push(error));
        if (faults.length > 0) this.complain(faults[0]);
        else this.hasComplained = false;
      }
      if (looks % 5 === 0 && this.pid !== null) {
        const now = { atMs: bootMs(), seconds: treeCpuSeconds(this.pid) };
        this.cores = Math.max(0, Math.round(((now.seconds - cpu.seconds) / (now.atMs - cpu.atMs)) * 1e5) / 100);
        cpu = now;
      }
      await Promise.race([sleep(LOOK_MS, signal), this.engineEnded]);
    }
  }

  /** What the next worker has to know beside the files. */
  private async look(looks: number): Promise<void> {
    const api = this.api!;
    const [products, { alarms }, agenda] = await Promise.all([
      askEngine<{ pinned: string | null }>(api, 'GET', '/api/products'),
      askEngine<{ alarms: readonly AlarmSnapshot[] }>(api, 'GET', '/api/room'),
      askEngine<{
        paused: boolean;
        current: { place: { segment: string; line: string } | null } | null;
        scheduled: { kind: string; text: string; role: 'host' | 'assistant' }[];
        waiting: { kind: string; text: string; role: 'host' | 'assistant' }[];
      }>(api, 'GET', '/api/agenda'),
    ]);
    const says = [...agenda.scheduled, ...agenda.waiting]
      .filter(({ kind }) => kind === 'operator')
      .map(({ text, role }) => ({ text, role }));
    const place = agenda.current?.place ?? null;
    if (place !== null) this.line = `${place.segment} ${place.line}`;
    this.live = { pinned: products.pinned, paused: agenda.paused, says: says.slice(0, 50) };
    this.alarm = newestAlarm(this.alarm, alarms);
    if (looks % PRESENTER_EVERY === 1)
      this.presenter = (await askEngine<{ pack: string | null }>(api, 'GET', '/api/presenter')).pack;
    if (looks % SAVE_EVERY === 0) await askEngine(api, 'POST', '/api/room/save', { body: { force: true } });
  }

  private async restore(carried: LaidRoom['carried']): Promise<void> {
    if (carried === undefined) return;
    const api = this.api!;
    if (carried.paused) await askEngine(api, 'POST', '/api/script/pause');
    if (carried.pinned !== null)
      await askEngine(api, 'POST', `/api/products/${encodeURIComponent(carried.pinned)}/pin`);
    for (const { text, role } of carried.says) await askEngine(api, 'POST', '/api/say', { body: { text, role } });
  }

  private async finishLine(api: EngineApi): Promise<void> {
    await this.look(SAVE_EVERY).catch((error: unknown) => this.complain(error));
    const wasPaused = this.live?.paused ?? false;
    await askEngine(api, 'POST', '/api/script/pause');
    const limitMs = bootMs() + LINE_MS;
    while (bootMs() < limitMs && !this.isLeaseOver) {
      const { speaking } = await askEngine<{ speaking: unknown }>(api, 'GET', '/api/room');
      if (speaking === null) break;
      await sleep(200, new AbortController().signal);
    }
    // The state file is compared twice a second.
    await sleep(700, new AbortController().signal);
    if (this.live !== undefined) this.live = { ...this.live, paused: wasPaused };
  }

  private async answers(): Promise<boolean> {
    return (await this.health())?.ok === true;
  }

  private async health(): Promise<Health | undefined> {
    try {
      return await askEngine<Health>(this.api!, 'GET', '/healthz', { limitMs: 2000 });
    } catch {
      return undefined;
    }
  }

  private change(state: FleetRoomState): void {
    if (this.state !== state) this.sinceMs = Date.now();
    this.state = state;
    this.host.changed(this);
  }

  /** Once, until it works again. */
  private complain(error: unknown): void {
    if (!this.hasComplained)
      this.host.log.warn(
        { room: this.record.id, error: String(error) },
        'a room’s state could not be carried; it is tried again every second',
      );
    this.hasComplained = true;
  }

  private async lastFault(): Promise<string> {
    const lines = await this.logs(20);
    return (lines.findLast((line) => /E_[A-Z_]+|engine:/.test(line)) ?? '').slice(0, 600);
  }

  private readonly courierOptions = () => ({
    store: this.host.store,
    publicKey: this.host.key.publicKey,
    worker: this.host.name,
    submission: this.record.submission,
  });
  private get folder(): string {
    return join(this.host.folder, 'rooms', this.record.id);
  }
  private get logFile(): string {
    return join(this.host.folder, 'logs', `${this.record.id}.log`);
  }
}

/** One that goes on is not hidden by a newer one that is over. */
function newestAlarm(before: RoomAlarm | null, now: readonly AlarmSnapshot[]): RoomAlarm | null {
  const newest = now.toSorted((a, b) => (a.since < b.since ? -1 : 1)).at(-1);
  if (newest === undefined) return before === null ? null : { ...before, isOver: true };
  const { severity, text, since } = newest;
  return { severity, text, sinceMs: Date.parse(since), isOver: false };
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0 }, resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
