/**
 * Rooms that run: preview, on air and the way between them.
 *
 * A preview is the engine without outputs; going on air adds them to the same engine, so that the picture goes on. What a
 * person wants of a room is kept, so that a room that died or a server that came back ends up where it was.
 */
import { EngineError } from '../../core/errors.js';
import type { Closeable } from '../../core/closeable.js';
import type { RoomEndpoint, RoomHost, RunStatus } from '../../core/room-host.js';
import type { Log } from '../../core/log.js';
import type { By, RoomRow, RoomsTable } from '../../store/studio/rooms-table.js';
import type { Destinations } from '../destinations/destinations.js';
import { callEngine } from '../engine-call.js';
import type { StudioLive } from '../live/studio-live.js';
import { applyLive } from './apply-live.js';
import type { Rooms, Saved } from './rooms.js';

type ProcessState = 'off' | 'starting' | 'preview' | 'on-air' | 'stopping' | 'failed';

export interface ProcessView {
  readonly state: ProcessState;
  /** What a person wants it to be: a preview that is starting is no show. */
  readonly wanted: RoomRow['wanted'];
  readonly since: string | null;
  readonly startedBy: string;
  readonly restarts: number;
  readonly pid: number | null;
  /** Why the engine ended last; empty while all is well. */
  readonly error: string;
  /** Destinations that are to be on air now. */
  readonly live: readonly string[];
}

export interface RoomRunsOptions {
  readonly table: RoomsTable;
  readonly rooms: Rooms;
  readonly host: RoomHost;
  readonly destinations: Destinations;
  readonly live: () => StudioLive;
  readonly log: Log;
}

/** A preview that nobody looks at costs a core. */
const UNWATCHED_MS = 20 * 60_000;

export class RoomRuns implements Closeable {
  private readonly seenMs = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: RoomRunsOptions) {
    this.timer = setInterval(() => this.endUnwatched(), 60_000);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
  }

  /** Finds rooms that went on without the server, and starts those that should be on air. */
  async begin(): Promise<void> {
    const { table, host, log } = this.options;
    const adopted = new Set(await host.adopt());
    for (const row of table.all()) {
      if (adopted.has(row.id)) continue;
      if (row.wanted === 'preview') table.want(row.id, 'off', row.wanted_by);
      if (row.wanted !== 'on-air') continue;
      log.info({ room: row.id }, 'a room that was on air is started again');
      this.host(row).catch((error: unknown) =>
        log.error({ room: row.id, error: String(error) }, 'it could not be started'),
      );
    }
  }

  view(row: RoomRow): ProcessView {
    const status = this.options.host.status(row.id);
    return {
      state: stateOf(status, row.wanted === 'on-air'),
      wanted: row.wanted,
      since: status.sinceMs === 0 ? null : new Date(status.sinceMs).toISOString(),
      startedBy: row.wanted_by,
      restarts: status.restarts,
      pid: status.pid,
      error: status.error,
      live: this.options.destinations.ofRoom(row.id).flatMap(({ id, live }) => (live ? [id] : [])),
    };
  }

  isRunning(row: RoomRow): boolean {
    return this.options.host.endpoint(row.id) !== undefined;
  }

  /** Throws E_ROOM_OFF. */
  endpoint(row: RoomRow): RoomEndpoint {
    const endpoint = this.options.host.endpoint(row.id);
    if (endpoint !== undefined) return endpoint;
    throw new EngineError('E_ROOM_OFF', {
      where: `room ${row.id}`,
      expected: 'a room that runs',
      found: this.view(row).state,
      todo: 'open its preview, or start it',
    });
  }

  /** A page looks at the room. */
  seen(id: string): void {
    this.seenMs.set(id, Date.now());
  }

  async preview(row: RoomRow, by: By): Promise<ProcessView> {
    this.seen(row.id);
    if (row.wanted !== 'on-air') this.options.table.want(row.id, 'preview', by.name);
    await this.host(row);
    return this.changed(row);
  }

  /** Goes on air; a preview becomes the show without a restart. Default: all destinations of the room. */
  async start(row: RoomRow, ids: readonly string[] | null, by: By): Promise<ProcessView> {
    const { table, destinations } = this.options;
    const own = destinations.ofRoom(row.id).map(({ id }) => id);
    const wanted = ids ?? own;
    for (const id of wanted)
      if (!own.includes(id))
        throw new EngineError('E_BAD_REQUEST', {
          where: 'destinations',
          expected: own.length === 0 ? 'none, for the room has no destinations yet' : `some of ${own.join(', ')}`,
          found: id.slice(0, 64),
        });
    table.want(row.id, 'on-air', by.name);
    destinations.nothingLive(row.id);
    for (const id of wanted) destinations.setLive(row.organisation, row.id, id, true);
    const isRunning = this.isRunning(row);
    await this.host(row);
    // A new engine gets its outputs when it is ready.
    if (isRunning) await this.putOutputs(row);
    return this.changed(row);
  }

  /** Ends the outputs; the preview goes on. */
  async offAir(row: RoomRow, by: By): Promise<ProcessView> {
    const { table, destinations } = this.options;
    const live = destinations.ofRoom(row.id).filter((one) => one.live);
    table.want(row.id, 'preview', by.name);
    destinations.nothingLive(row.id);
    const endpoint = this.options.host.endpoint(row.id);
    if (endpoint !== undefined) for (const { id } of live) await removeOutput(endpoint, id);
    return this.changed(row);
  }

  async stop(row: RoomRow, drain: boolean, by: By): Promise<ProcessView> {
    const { table, destinations, host } = this.options;
    table.want(row.id, 'off', by.name);
    await (drain ? host.drain(row.id) : host.stop(row.id));
    destinations.nothingLive(row.id);
    return this.changed(row);
  }

  async restart(row: RoomRow): Promise<ProcessView> {
    await this.options.host.stop(row.id);
    await this.host(row);
    return this.changed(row);
  }

  /** A destination joins or leaves a show that is on air. */
  async setLive(row: RoomRow, id: string, isLive: boolean): Promise<ProcessView> {
    const { destinations } = this.options;
    const endpoint = this.endpoint(row);
    if (isLive) {
      const output = destinations.output(row.organisation, id, this.options.rooms.folder(row.id));
      if (output !== undefined) await callEngine(endpoint, 'PUT', `/api/outputs/${id}`, output);
    } else await removeOutput(endpoint, id);
    destinations.setLive(row.organisation, row.id, id, isLive);
    return this.changed(row);
  }

  /** Makes what was saved also true of the running room. Returns the sections that need a restart. */
  async apply(row: RoomRow, saved: Saved): Promise<string[]> {
    const endpoint = this.options.host.endpoint(row.id);
    if (endpoint === undefined || saved.changed.length === 0) return [];
    return applyLive(endpoint, saved, this.options.log);
  }

  /** The live state of a running room becomes its file. */
  async save(row: RoomRow, by: By): Promise<Saved | undefined> {
    await callEngine(this.endpoint(row), 'POST', '/api/room/save', { force: true });
    return this.options.rooms.takeFromDisk(row, by);
  }

  /** For the host: an engine answers. */
  ready(id: string): void {
    const row = this.options.table.get(id);
    const endpoint = this.options.host.endpoint(id);
    if (row === undefined || endpoint === undefined) return;
    this.options.live().follow(id, endpoint);
    if (row.wanted !== 'on-air') return;
    this.putOutputs(row).catch((error: unknown) =>
      this.options.log.error({ room: id, error: String(error) }, 'outputs could not be added'),
    );
  }

  /** For the host: its state has changed. */
  processChanged(id: string, { state }: RunStatus): void {
    if (state !== 'running') this.options.live().forget(id);
    const row = this.options.table.get(id);
    if (row !== undefined) this.tell(row);
  }

  private async host(row: RoomRow): Promise<void> {
    await this.options.host.start({ id: row.id, folder: this.options.rooms.folder(row.id) });
  }

  private async putOutputs(row: RoomRow): Promise<void> {
    const { destinations, rooms, log } = this.options;
    const endpoint = this.endpoint(row);
    const reply = (await callEngine(endpoint, 'GET', '/api/outputs')) as { outputs: { id: string }[] };
    const present = new Set(reply.outputs.map(({ id }) => id));
    for (const { id, live } of destinations.ofRoom(row.id)) {
      if (!live || present.has(id)) continue;
      const output = destinations.output(row.organisation, id, rooms.folder(row.id));
      if (output === undefined) continue;
      // One that cannot be added keeps the others from nothing.
      await callEngine(endpoint, 'PUT', `/api/outputs/${id}`, output).catch((error: unknown) =>
        log.error({ room: row.id, output: id, error: String(error) }, 'an output could not be added'),
      );
    }
  }

  private changed(row: RoomRow): ProcessView {
    const now = this.options.table.get(row.id) ?? row;
    this.tell(now);
    return this.view(now);
  }

  private tell(row: RoomRow): void {
    this.options.live().send(row.organisation, { type: 'process', room: row.id, data: this.view(row) });
  }

  private endUnwatched(): void {
    const nowMs = Date.now();
    for (const row of this.options.table.all()) {
      if (row.wanted !== 'preview' || !this.isRunning(row)) continue;
      const isOpen = this.options
        .live()
        .peopleOf(row.organisation)
        .some(({ room }) => room === row.id);
      if (isOpen) this.seen(row.id);
      else if (nowMs - (this.seenMs.get(row.id) ?? this.seenMs.set(row.id, nowMs).get(row.id)!) > UNWATCHED_MS)
        void this.stop(row, false, { id: 'studio', name: 'Showroom' });
    }
  }
}

async function removeOutput(endpoint: RoomEndpoint, id: string): Promise<void> {
  await callEngine(endpoint, 'DELETE', `/api/outputs/${id}`).catch((error: unknown) => {
    // It has never been added.
    if (!(error instanceof EngineError && error.code === 'E_NOT_FOUND')) throw error;
  });
}

function stateOf({ state }: RunStatus, isOnAir: boolean): ProcessState {
  if (state === 'running') return isOnAir ? 'on-air' : 'preview';
  return state;
}
