/**
 * The studio's rooms on the workers of a fleet.
 *
 * A start submits the room's folder; its outputs come from the studio when the engine answers, also after it went on
 * elsewhere. What the fleet says of the rooms is read twice a second; while Redis is away, what was known stands.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadRoom } from '../config/load-room.js';
import type {
  FleetOverview,
  RoomEndpoint,
  RoomHost,
  RoomHostEvents,
  RoomPlan,
  RunState,
  RunStatus,
} from '../core/room-host.js';
import { OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { sleep } from '../core/sleep.js';
import { roomToken, type FleetKey } from './fleet-key.js';
import type { FleetClient } from './fleet-client.js';
import { latestReport, writeReport } from './rooms/room-report.js';
import { storeFile } from '../store/open-database.js';
import type { FleetRoomState, RoomStatus } from './records.js';

export interface FleetRoomHostOptions {
  readonly fleet: FleetClient;
  readonly key: FleetKey;
  readonly log: Log;
  readonly events: RoomHostEvents;
  /** Variables of a room's engine; they are sealed with the room. */
  readonly secrets?: (id: string) => Readonly<Record<string, string>>;
}

const LOOK_MS = 500;
const START_MS = 120_000;
const OWNER = 'studio';
const STATES: Record<FleetRoomState, RunState> = {
  waiting: 'starting',
  starting: 'starting',
  scheduled: 'off',
  'on-air': 'running',
  draining: 'stopping',
  failed: 'failed',
};
const OFF: RunStatus = { state: 'off', sinceMs: 0, restarts: 0, pid: null, error: '' };

export class FleetRoomHost implements RoomHost {
  private readonly rooms = new Map<string, RoomStatus | undefined>();
  private readonly stop_ = new AbortController();
  private readonly looking: Promise<void>;

  constructor(private readonly options: FleetRoomHostOptions) {
    this.looking = this.look();
  }

  async start({ id, folder }: RoomPlan): Promise<void> {
    const { fleet, key, secrets } = this.options;
    if (!this.rooms.has(id) || this.status(id).state === 'failed') {
      await fleet.submit(join(folder, 'room.json'), {
        id: fleetId(id),
        owner: OWNER,
        publicKey: key.publicKey,
        env: { ...process.env, ...secrets?.(id) },
        withoutOutputs: true,
        origin: id,
      });
      this.rooms.set(id, undefined);
    }
    const limitMs = Date.now() + START_MS;
    while (this.status(id).state !== 'running') {
      const { state, error } = this.status(id);
      if (state === 'failed' || Date.now() > limitMs || !this.rooms.has(id))
        throw new EngineError('E_ROOM_OFF', {
          where: `room ${id}`,
          expected: 'a worker that puts it on air',
          found: error === '' ? 'none in time' : error,
          todo: '`engine fleet status` shows workers and rooms',
        });
      await sleep(100, this.stop_.signal);
    }
  }

  async stop(id: string): Promise<void> {
    if (!this.rooms.has(id)) return;
    await this.options.fleet.stop(fleetId(id));
    this.rooms.delete(id);
    this.options.events.onChange(id, this.status(id));
  }

  /** A worker ends a room in order. */
  drain(id: string): Promise<void> {
    return this.stop(id);
  }

  status(id: string): RunStatus {
    if (!this.rooms.has(id)) return OFF;
    const status = this.rooms.get(id);
    if (status === undefined) return { ...OFF, state: 'starting' };
    const { state, sinceMs, restarts, pid, error, worker } = status;
    return {
      state: STATES[state],
      sinceMs,
      restarts,
      pid,
      error: error === '' || worker === null ? error : `${worker}: ${error}`,
    };
  }

  endpoint(id: string): RoomEndpoint | undefined {
    const status = this.rooms.get(id);
    if (status?.state !== 'on-air' || status.url === null) return undefined;
    return { url: status.url, token: roomToken(this.options.key, fleetId(id), status.tokenFence) };
  }

  async logs(id: string, lines: number): Promise<string[]> {
    return this.rooms.has(id) ? [...(await this.options.fleet.logs(fleetId(id), lines))] : [];
  }

  fleet(): Promise<FleetOverview> {
    return this.options.fleet.overview();
  }

  async fetchRecords(id: string, folder: string): Promise<void> {
    const { fleet, key } = this.options;
    const copy = await latestReport(fleet.store, fleetId(id), key);
    if (copy === undefined) return;
    const { ledgerFile } = loadRoom(join(folder, 'room.json'), { withoutKeys: true, cwd: folder });
    await mkdir(dirname(ledgerFile), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await writeReport(storeFile(ledgerFile), copy);
  }

  async adopt(): Promise<string[]> {
    const { fleet } = this.options;
    const own = (await fleet.records()).flatMap(({ id, origin }) =>
      origin !== null && fleetId(origin) === id ? [origin] : [],
    );
    for (const id of own) this.rooms.set(id, undefined);
    return own;
  }

  async close(): Promise<void> {
    this.stop_.abort();
    await this.looking;
    await this.options.fleet.close();
  }

  private async look(): Promise<void> {
    const { signal } = this.stop_;
    while (!signal.aborted) {
      for (const id of this.rooms.keys()) {
        const now = await this.options.fleet.redis.status(fleetId(id)).catch(() => null);
        // Redis is away: the room goes on, as far as anybody knows.
        if (now === null || !this.rooms.has(id)) continue;
        const before = this.rooms.get(id);
        this.rooms.set(id, now);
        if (JSON.stringify(before) === JSON.stringify(now)) continue;
        this.options.events.onChange(id, this.status(id));
        const isNew = now?.state === 'on-air' && (before?.state !== 'on-air' || before.url !== now.url);
        if (isNew) this.options.events.onReady(id);
      }
      await sleep(LOOK_MS, signal);
    }
  }
}

/** The studio's ids may have letters that ids of the fleet do not have. */
export const fleetId = (id: string): string => {
  const plain = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40);
  return `studio-${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 6)}`;
};
