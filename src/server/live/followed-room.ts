/**
 * What the server knows of one running room.
 *
 * Problem: an engine that is watched looks at everything five times a second and keeps its last half minute for clips, which
 * a room that stands in a list does not need.
 * Rule: a room that a page shows as a whole has a live connection, which stays for two minutes after the last such page;
 * any other is asked for its state once a second.
 */
import type { Closeable } from '../../core/closeable.js';
import type { RoomEndpoint } from '../../core/room-host.js';
import type { RoomSnapshot } from '../../config/api/room-handle.js';
import { callEngine } from '../engine-call.js';
import { RoomLink, type EngineMessage } from './room-link.js';

export interface FollowedRoomOptions {
  readonly endpoint: RoomEndpoint;
  /** For the pages. */
  readonly onMessage: (type: string, data: unknown) => void;
  readonly onSnapshot: (before: Partial<RoomSnapshot>, now: Partial<RoomSnapshot>) => void;
}

interface Numbered {
  readonly seq: number;
}

const ASK_MS = 1000;
const LINGER_MS = 120_000;
/** Lists that begin with the newest, and what adds to them. */
const LISTS: Readonly<Record<string, { readonly list: string; readonly most: number }>> = {
  viewer: { list: 'viewers', most: 300 },
  verdict: { list: 'verdicts', most: 200 },
  output: { list: 'output-events', most: 50 },
};
const LIST_NAMES: ReadonlySet<string> = new Set(Object.values(LISTS).map(({ list }) => list));

export class FollowedRoom implements Closeable {
  snapshot: Partial<RoomSnapshot> = {};
  private readonly topics = new Map<string, unknown>();
  private readonly lists = new Map<string, readonly Numbered[]>();
  private link: RoomLink | undefined;
  private linger: NodeJS.Timeout | undefined;
  private readonly timer: NodeJS.Timeout;
  private isAsking = false;
  private isClosed = false;

  constructor(private readonly options: FollowedRoomOptions) {
    this.timer = setInterval(() => void this.ask(), ASK_MS);
    this.timer.unref();
    void this.ask();
  }

  /** Whether every message of the room comes in now. */
  get isNear(): boolean {
    return this.link !== undefined;
  }

  /** A page shows the room as a whole. Returns false when messages were missed until now. */
  near(): void {
    clearTimeout(this.linger);
    this.linger = undefined;
    this.link ??= new RoomLink(this.options.endpoint, (message) => this.receive(message));
  }

  /** No page does any more; `onFar` runs when the connection has ended. */
  far(onFar: () => void): void {
    if (this.link === undefined || this.linger !== undefined) return;
    this.linger = setTimeout(() => {
      void this.link?.close();
      this.link = undefined;
      this.linger = undefined;
      this.topics.clear();
      this.lists.clear();
      onFar();
    }, LINGER_MS).unref();
  }

  /** The state as a whole, for a page that comes; empty before the engine has sent it. */
  get everything(): { type: string; data: unknown }[] {
    if (this.snapshot.state === undefined) return [];
    return [
      { type: 'snapshot', data: this.snapshot },
      ...[...this.topics, ...this.lists].map(([type, data]) => ({ type, data })),
    ];
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    clearTimeout(this.linger);
    await this.link?.close();
  }

  private receive({ type, data }: EngineMessage): void {
    if (type === 'snapshot') this.take(data as Partial<RoomSnapshot>);
    else if (type === 'status') this.take({ ...this.snapshot, ...(data as Partial<RoomSnapshot>) });
    else if (LIST_NAMES.has(type)) this.lists.set(type, data as readonly Numbered[]);
    else if (type in LISTS) this.add(LISTS[type]!, data as Numbered);
    else this.topics.set(type, data);
    this.options.onMessage(type, data);
  }

  private add({ list, most }: { list: string; most: number }, one: Numbered): void {
    const before = this.lists.get(list) ?? [];
    // A viewer's event comes again when its outcome is known.
    this.lists.set(
      list,
      [one, ...before.filter(({ seq }) => seq !== one.seq)].toSorted((a, b) => b.seq - a.seq).slice(0, most),
    );
  }

  private take(now: Partial<RoomSnapshot>): void {
    const before = this.snapshot;
    this.snapshot = now;
    this.options.onSnapshot(before, now);
  }

  /** Without a connection: the state, once a second. */
  private async ask(): Promise<void> {
    if (this.link !== undefined || this.isAsking) return;
    this.isAsking = true;
    try {
      const now = (await callEngine(this.options.endpoint, 'GET', '/api/room')) as RoomSnapshot;
      if (this.link !== undefined || this.isClosed) return;
      const before = this.snapshot as Readonly<Record<string, unknown>>;
      const isFirst = this.snapshot.state === undefined;
      const changed = Object.entries(now).filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]),
      );
      this.take(now);
      if (isFirst) this.options.onMessage('snapshot', now);
      else if (changed.length > 0) this.options.onMessage('status', Object.fromEntries(changed));
    } catch {
      // The host finds out whether it still runs.
    } finally {
      this.isAsking = false;
    }
  }
}
