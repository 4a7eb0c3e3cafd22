/**
 * What pages see as it happens: the state of every room that runs, events, jobs, and who else is there.
 *
 * The server has one connection to each engine, however many pages look; engines of rooms that are only listed report
 * once a second, and those that a page shows as a whole four times a second.
 */
import type { WebSocket } from '@fastify/websocket';
import { serveLive, type Presence, type Watched } from './live-connection.js';
import type { LiveJournal, LiveMessage } from './live-journal.js';
import type { AlarmSnapshot } from '../../config/api/room-handle.js';
import type { Closeable } from '../../core/closeable.js';
import type { RoomEndpoint } from '../../core/room-host.js';
import type { RoomSnapshot } from '../../config/api/room-handle.js';
import type { By, RoomRow } from '../../store/studio/rooms-table.js';
import type { Person } from '../accounts/accounts.js';
import { FollowedRoom } from './followed-room.js';
import { type Acknowledged, summaryOf, type RoomSummary } from './room-summary.js';

export interface PersonHere extends Presence {
  readonly user: { readonly id: string; readonly name: string };
}

export interface StudioLiveOptions {
  readonly journal: LiveJournal;
  readonly row: (id: string) => RoomRow | undefined;
  readonly rows: (organisation: string) => readonly RoomRow[];
  readonly process: (row: RoomRow) => unknown;
  readonly onAlarm: (row: RoomRow, alarm: AlarmSnapshot) => void;
}

interface Page {
  readonly person: Person;
  readonly close: (code: number, reason: string) => void;
  watched: Watched | undefined;
  at: Presence | undefined;
}

const SUMMARY_MS = 1000;
const PEOPLE_MS = 200;
const SIGNED_OUT = 4401;

export class StudioLive implements Closeable {
  private readonly followed = new Map<string, FollowedRoom>();
  /** The last number before messages of a room were not kept. */
  private readonly gaps = new Map<string, number>();
  private readonly summaries = new Map<string, string>();
  private readonly pages = new Set<Page>();
  private readonly acknowledged = new Map<string, Acknowledged>();
  private readonly timer: NodeJS.Timeout;
  private people: NodeJS.Timeout | undefined;

  constructor(private readonly options: StudioLiveOptions) {
    this.timer = setInterval(() => this.summarise(), SUMMARY_MS);
    this.timer.unref();
  }

  /** An engine answers. */
  follow(id: string, endpoint: RoomEndpoint): void {
    void this.followed.get(id)?.close();
    this.gaps.set(id, this.options.journal.seq);
    this.followed.set(
      id,
      new FollowedRoom({
        endpoint,
        onMessage: (type, data) => {
          const row = this.options.row(id);
          if (row !== undefined) this.send(row.organisation, { type, room: id, data });
        },
        onSnapshot: (before, now) => {
          const row = this.options.row(id);
          if (row !== undefined) this.compareAlarms(row, before.alarms ?? [], now.alarms ?? []);
        },
      }),
    );
    this.nearAgain();
  }

  /** An engine has ended. */
  forget(id: string): void {
    void this.followed.get(id)?.close();
    this.followed.delete(id);
    this.summaries.delete(id);
    for (const key of this.acknowledged.keys()) if (key.startsWith(`${id}\n`)) this.acknowledged.delete(key);
  }

  /** The newest state of a running room; undefined before the first. */
  snapshot(id: string): Partial<RoomSnapshot> | undefined {
    const snapshot = this.followed.get(id)?.snapshot;
    return snapshot?.state === undefined ? undefined : snapshot;
  }

  summary(row: RoomRow): RoomSummary {
    return summaryOf(this.snapshot(row.id), (alarm) => this.acknowledgement(row.id, alarm));
  }

  /** To the pages of one organisation. */
  send(organisation: string, message: Omit<LiveMessage, 'organisation'>): void {
    this.options.journal.send({ ...message, organisation });
  }

  acknowledge(row: RoomRow, key: string, by: By): boolean {
    const alarm = this.snapshot(row.id)?.alarms?.find((one) => alarmKey(one) === key);
    if (alarm === undefined) return false;
    this.acknowledged.set(`${row.id}\n${key}`, { by, at: new Date().toISOString() });
    this.send(row.organisation, { type: 'alarm', room: row.id, data: { ...alarm, key, state: 'acknowledged', by } });
    return true;
  }

  acknowledgement(id: string, alarm: AlarmSnapshot): Acknowledged | null {
    return this.acknowledged.get(`${id}\n${alarmKey(alarm)}`) ?? null;
  }

  /** A page's WebSocket. `isStill` is asked once a minute whether its session still counts. */
  serve(socket: WebSocket, person: Person, isStill: () => Promise<boolean>): void {
    const page: Page = {
      person,
      watched: undefined,
      at: undefined,
      close: (code, reason) => socket.close(code, reason),
    };
    this.pages.add(page);
    const check = setInterval(() => {
      isStill().then(
        (still) => {
          if (!still) page.close(SIGNED_OUT, 'signed out');
        },
        () => undefined,
      );
    }, 60_000);
    check.unref();
    serveLive({
      socket,
      journal: this.options.journal,
      mayHave: ({ organisation, room }) =>
        (organisation ?? (room === undefined ? undefined : this.options.row(room)?.organisation)) ===
        person.organisation,
      snapshots: (watched) => this.snapshots(person, watched),
      canResume: (watched, seq) => [...watched.detail].every((id) => (this.gaps.get(id) ?? 0) <= seq),
      onWatch: (watched) => {
        const isOwn = (id: string): boolean => this.options.row(id)?.organisation === person.organisation;
        page.watched = { ...watched, detail: new Set([...watched.detail].filter(isOwn)) };
        this.nearAgain();
      },
      onPresence: (presence) => {
        page.at = presence;
        this.tellPeople();
      },
      onEnd: () => {
        clearInterval(check);
        this.pages.delete(page);
        this.nearAgain();
        this.tellPeople();
      },
    });
  }

  /** Closes the pages of a person whose session has ended, or whose role in one organisation has. */
  signedOut(userId: string, organisation?: string): void {
    for (const { person, close } of this.pages)
      if (person.id === userId && (organisation === undefined || person.organisation === organisation))
        close(SIGNED_OUT, 'signed out');
  }

  peopleOf(organisation: string): PersonHere[] {
    return [...this.pages].flatMap(({ person, at }) =>
      person.organisation !== organisation || at === undefined
        ? []
        : [{ user: { id: person.id, name: person.name }, ...at }],
    );
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.people);
    await Promise.all([...this.followed.values()].map((one) => one.close()));
  }

  private compareAlarms(row: RoomRow, before: readonly AlarmSnapshot[], now: readonly AlarmSnapshot[]): void {
    const keys = (list: readonly AlarmSnapshot[]): Set<string> => new Set(list.map(alarmKey));
    const [had, has] = [keys(before), keys(now)];
    for (const alarm of now) {
      const key = alarmKey(alarm);
      if (had.has(key)) continue;
      this.send(row.organisation, { type: 'alarm', room: row.id, data: { ...alarm, key, state: 'raised' } });
      this.options.onAlarm(row, alarm);
    }
    for (const alarm of before) {
      const key = alarmKey(alarm);
      if (has.has(key)) continue;
      this.acknowledged.delete(`${row.id}\n${key}`);
      this.send(row.organisation, { type: 'alarm', room: row.id, data: { ...alarm, key, state: 'cleared' } });
    }
  }

  private snapshots(person: Person, watched: Watched): LiveMessage[] {
    const { organisation } = person;
    if (organisation === null) return [];
    const messages: LiveMessage[] = [{ type: 'people', data: this.peopleOf(organisation), organisation }];
    for (const row of this.options.rows(organisation)) {
      const isDetailed = watched.detail.has(row.id);
      if (!isDetailed && watched.rooms !== '*' && !watched.rooms.has(row.id)) continue;
      const of = (type: string, data: unknown): LiveMessage => ({ type, room: row.id, data });
      messages.push(of('process', this.options.process(row)));
      messages.push(of('summary', this.summary(row)));
      const everything = this.followed.get(row.id)?.everything ?? [];
      for (const { type, data } of isDetailed ? everything : everything.slice(0, 1)) messages.push(of(type, data));
    }
    return messages;
  }

  private summarise(): void {
    for (const id of this.followed.keys()) {
      const row = this.options.row(id);
      if (row === undefined) continue;
      const summary = this.summary(row);
      const text = JSON.stringify(summary);
      if (text === this.summaries.get(id)) continue;
      this.summaries.set(id, text);
      this.send(row.organisation, { type: 'summary', room: id, data: summary });
    }
  }

  private nearAgain(): void {
    for (const [id, room] of this.followed) {
      if ([...this.pages].some(({ watched }) => watched?.detail.has(id) === true)) {
        if (!room.isNear) this.gaps.set(id, this.options.journal.seq);
        room.near();
      } else room.far(() => this.gaps.set(id, this.options.journal.seq));
    }
  }

  private tellPeople(): void {
    this.people ??= setTimeout(() => {
      this.people = undefined;
      for (const organisation of new Set([...this.pages].map(({ person }) => person.organisation)))
        if (organisation !== null) this.send(organisation, { type: 'people', data: this.peopleOf(organisation) });
    }, PEOPLE_MS).unref();
  }
}

/** Names an alarm while it lasts. */
const alarmKey = ({ kind, subject }: Pick<AlarmSnapshot, 'kind' | 'subject'>): string => `${kind}:${subject}`;
