import type { RoomSnapshot } from '../../../src/config/api/room-handle.js';
import { sumOf, type MemoryByRole } from './process-roles.js';

/** The counters of a room at one time. */
type RoomCounters = Pick<RoomSnapshot, 'frames' | 'replacedBy' | 'lateTicks'>;

/** What one room did while the bench looked at it. */
export interface RoomFigures {
  readonly room: number;
  /** From the start of its process until it was on air. */
  readonly startMs: number;
  readonly frames: number;
  readonly releasedUnjudged: number;
  readonly lateTicks: number;
  readonly lateBy: Readonly<Record<string, number>>;
  readonly replaced: number;
  readonly replacedBy: Readonly<Record<string, number>>;
  /** Of these, the ones while a later room started. */
  readonly replacedWhileStarting: number;
  /** Over the time when all rooms were on air. */
  readonly cpuMsPerFrame: number;
  readonly memoryMeanMiB: number;
  readonly memoryPeakMiB: number;
  readonly memoryAtPeak: MemoryByRole;
}

export interface RoomReadings {
  readonly room: number;
  readonly startMs: number;
  /** When all rooms were on air, and at the end. */
  readonly began: RoomCounters;
  readonly ended: RoomCounters;
  /** CPU seconds of the room's processes in between. */
  readonly cpuSeconds: number;
  readonly memory: { readonly peak: MemoryByRole; readonly meanMiB: number };
}

/** Replaced frames and late ticks count from the room's first frame on: also while the next rooms start. */
export function roomFigures({ room, startMs, began, ended, cpuSeconds, memory }: RoomReadings): RoomFigures {
  const { total, ...lateBy } = ended.lateTicks;
  const between = ended.frames.rendered - began.frames.rendered;
  return {
    room,
    startMs: Math.round(startMs),
    frames: ended.frames.rendered,
    releasedUnjudged: ended.frames.releasedUnjudged,
    lateTicks: total,
    lateBy: withoutZeros(lateBy),
    replaced: ended.frames.replaced,
    replacedBy: withoutZeros(ended.replacedBy),
    replacedWhileStarting: began.frames.replaced,
    cpuMsPerFrame: Math.round((cpuSeconds * 100_000) / Math.max(1, between)) / 100,
    memoryMeanMiB: Math.round(memory.meanMiB),
    memoryPeakMiB: Math.round(sumOf(memory.peak)),
    memoryAtPeak: Object.fromEntries(Object.entries(memory.peak).map(([role, mib]) => [role, Math.round(mib)])),
  };
}

/** Every frame in time and as drawn. */
export const isFaultless = (rooms: readonly RoomFigures[]): boolean =>
  rooms.every(({ lateTicks, replaced, releasedUnjudged }) => lateTicks + replaced + releasedUnjudged === 0);

/** The largest number of rooms without a fault, one more at a time; 0 when a single room has some. */
export async function largestFaultless(
  max: number,
  run: (rooms: number) => Promise<readonly RoomFigures[]>,
): Promise<number> {
  for (let rooms = 1; rooms <= max; rooms += 1) if (!isFaultless(await run(rooms))) return rooms - 1;
  return max;
}

const withoutZeros = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
