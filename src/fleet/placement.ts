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

export type Unfit = 'draining' | 'version' | 'labels' | 'pinned' | 'full' | 'avoided';

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
