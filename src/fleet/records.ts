/** What the machines of a fleet tell each other. Nothing here is secret. */
import { z } from 'zod';

/**
 * Which worker takes a room.
 *
 * Problem: rooms cost very different amounts, workers differ, and a machine that dies must not take all rooms of one
 * seller or one show with it.
 * Rule: of the workers that fit, the one with the lowest score. The score is the load after the room has come; rooms of
 * the same show or owner on it add to it; the worker that had the room before has its files, which takes a little off.
 * Workers that drain, that speak no version as new as the room's, that lack a label or have no room are left out.
 */
export interface PlacedWorker {
  readonly name: string;
  /** In reference rooms (720×1280 at 30 frames a second). */
  readonly capacity: number;
  readonly used: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly draining: boolean;
  /** Newest version of room records that it understands. */
  readonly speaks: number;
  /** Rooms on it by owner and by show. */
  readonly owners: Readonly<Record<string, number>>;
  readonly shows: Readonly<Record<string, number>>;
}

export interface PlacedRoom {
  readonly cost: number;
  readonly owner: string;
  readonly show: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: number;
  /** Only this worker. */
  readonly pinned: string | null;
  /** Had it before. */
  readonly last: string | null;
  /** Do not take it now: draining it, or just failed with it. */
  readonly avoid: readonly string[];
}

type Unfit = 'draining' | 'version' | 'labels' | 'pinned' | 'full' | 'avoided';

const SAME_SHOW = 0.3;
const SAME_OWNER = 0.04;
const HAD_IT = 0.05;

/** Why a worker cannot take a room; undefined where it can. */
export function unfit(room: PlacedRoom, worker: PlacedWorker): Unfit | undefined {
  if (worker.draining) return 'draining';
  if (room.version > worker.speaks) return 'version';
  if (room.pinned !== null && room.pinned !== worker.name) return 'pinned';
  if (room.avoid.includes(worker.name)) return 'avoided';
  if (Object.entries(room.labels).some(([name, value]) => worker.labels[name] !== value)) return 'labels';
  // Sums of many costs are off by a little.
  if (worker.used + room.cost > worker.capacity + 1e-9) return 'full';
  return undefined;
}

function score(room: PlacedRoom, worker: PlacedWorker): number {
  const load = (worker.used + room.cost) / worker.capacity;
  const shows = room.show === null ? 0 : (worker.shows[room.show] ?? 0);
  const owners = worker.owners[room.owner] ?? 0;
  return load + shows * SAME_SHOW + owners * SAME_OWNER - (room.last === worker.name ? HAD_IT : 0);
}

/** The workers that can take a room, best first. Equal ones are shuffled by `random`, so that many rooms do not go to one. */
export function place<T extends PlacedWorker>(room: PlacedRoom, workers: readonly T[], random: () => number): T[] {
  return workers
    .filter((worker) => unfit(room, worker) === undefined)
    .map((worker) => ({ worker, score: score(room, worker) + random() * 0.01 }))
    .sort((a, b) => a.score - b.score)
    .map(({ worker }) => worker);
}

/** Why no worker takes a room, in words. */
export function whyNowhere(room: PlacedRoom, workers: readonly PlacedWorker[]): string {
  if (workers.length === 0) return 'no worker is up';
  const counts = new Map<Unfit, number>();
  for (const worker of workers) {
    const why = unfit(room, worker);
    if (why !== undefined) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const words: Record<Unfit, string> = {
    draining: 'drain',
    version: 'run an older version',
    labels: 'lack a label',
    pinned: 'are not the one it was moved to',
    full: 'have no room for it',
    avoided: 'have just given it up',
  };
  return [...counts].map(([why, count]) => `${count} of ${workers.length} workers ${words[why]}`).join(', ');
}

/** Newest version of room records that this engine understands. A worker leaves newer rooms to newer workers. */
export const SPEAKS = 1;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const labels = z.record(z.string().max(64), z.string().max(64));

/** A room that is wanted, as its submitter left it; also the data of its job. Keys of newer versions are kept. */
export const roomRecord = z.looseObject({
  v: z.int().min(1),
  id: name,
  /** Changes with every submit. */
  submission: z.string().max(64),
  name: z.string().max(200),
  owner: z.string().max(100),
  show: z.string().max(100).nullable(),
  language: z.string().max(35),
  cost: z.number().positive(),
  priority: z.int().min(1).max(10),
  labels,
  /** Only this worker, where it was moved by hand. */
  pinned: z.string().max(100).nullable(),
  /** Goes on air only when its schedule says so. */
  schedule: z
    .looseObject({ pattern: z.string().max(100), zone: z.string().max(64), forMs: z.number().positive() })
    .nullable(),
  submittedAt: z.string(),
  /** Its outputs are added when it is on air. */
  withoutOutputs: z.boolean().default(false),
  /** The studio's own id of the room. */
  origin: z.string().max(100).nullable().default(null),
});
export type RoomRecord = z.infer<typeof roomRecord>;

/** What lies beside a record in the store: the files of the room by the hash of their content. */
export interface RoomFiles {
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

/** What all rooms of a show have in common of a product. */
export interface SharedProduct {
  readonly stock?: string;
  readonly price?: { readonly amount: number };
}

/** The newest trouble that a room reported. */
export interface RoomAlarm {
  readonly severity: 'critical' | 'warning';
  readonly text: { readonly en: string; readonly zh: string };
  /** Unix time in ms. */
  readonly sinceMs: number;
  readonly isOver: boolean;
}

export type FleetRoomState = 'waiting' | 'starting' | 'on-air' | 'draining' | 'scheduled' | 'failed';

/** Of its record, so that a list of all rooms needs no look into the store. */
type RoomAbout = Pick<RoomRecord, 'name' | 'owner' | 'language' | 'origin'>;
export const aboutOf = ({ name: called, owner, language, origin }: RoomRecord): RoomAbout => ({
  name: called,
  owner,
  language,
  origin,
});

/** Written by whoever has the room. */
export interface RoomStatus {
  readonly room: string;
  readonly state: FleetRoomState;
  readonly worker: string | null;
  readonly fence: number;
  /** The engine's own fence at its start: its token is made of it. */
  readonly tokenFence: number;
  /** Where its API is reached. */
  readonly url: string | null;
  readonly sinceMs: number;
  readonly restarts: number;
  readonly pid: number | null;
  readonly error: string;
  readonly line: string | null;
  readonly show: string | null;
  readonly cores: number;
  /** Workers of an older version do not send the fields below. */
  readonly about?: RoomAbout;
  readonly presenter?: string | null;
  readonly alarm?: RoomAlarm | null;
}

export interface WorkerBeat {
  readonly name: string;
  readonly version: string;
  readonly speaks: number;
  readonly capacity: number;
  readonly used: number;
  /** Cores that one reference room takes here, as measured. */
  readonly coresPerRoom: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly draining: boolean;
  readonly rooms: readonly string[];
  readonly owners: Readonly<Record<string, number>>;
  readonly shows: Readonly<Record<string, number>>;
  readonly metrics: string | null;
  readonly sinceMs: number;
  /** Rooms that go on under a claim, because Redis was out of reach. */
  readonly claimed: number;
}

/** Sent to one worker. */
export type Command =
  | {
      readonly kind: 'take';
      readonly record: RoomRecord;
      /** Of the lock. */
      readonly token: string;
      readonly from: string;
      /** Only a worker that has the room on air right now. */
      readonly onlyIfRunning: boolean;
    }
  | { readonly kind: 'stop'; readonly room: string }
  /** Ends at the end of a line; somebody else takes it. */
  | { readonly kind: 'give-up'; readonly room: string; readonly to: string | null }
  | { readonly kind: 'logs'; readonly room: string; readonly lines: number }
  | {
      readonly kind: 'edit';
      readonly room: string;
      readonly product: string;
      readonly patch: SharedProduct;
      /** The newest values are in Redis, too. An older version puts none there. */
      readonly isShared?: boolean;
    }
  | { readonly kind: 'drain' };

export type CommandResult =
  | { readonly done: true; readonly lines?: readonly string[] }
  | { readonly done: false; readonly why: string };

/** A room that nobody has. */
export const WAITING: RoomStatus = {
  room: '',
  state: 'waiting',
  worker: null,
  fence: 0,
  tokenFence: 0,
  url: null,
  sinceMs: 0,
  restarts: 0,
  pid: null,
  error: '',
  line: null,
  show: null,
  cores: 0,
};
