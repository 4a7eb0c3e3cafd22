/**
 * A fleet on a simulated clock: `npm run bench -- fleet-sim --rooms 10000 --workers 1000 --days 30 --seed 1 [--out plot.svg] [--json]`.
 *
 * The placement (`placement.ts`) and the lease rule (`lease-rule.ts`) are the engine's own; machines, networks, Redis and
 * the store are simulated, with failures at the rates below. Each takeover's moments are played out: last renewal,
 * deadline, end of the lock, look for stalled jobs, reads of claims, start. Counts availability, takeovers, times when
 * two workers published a room, and Redis commands a second. Exits with 1 when a key ever had two publishers, or a room
 * was off air for longer than 10 s although Redis was up and a worker had a place for it.
 */
import { writeFileSync } from 'node:fs';
import { seededRandom } from '../../src/core/random.js';
import { ClaimWatch, Lease, LEASE_TIMES, type Claim } from '../../src/fleet/lease/lease-rule.js';
import { place, type PlacedRoom, type PlacedWorker } from '../../src/fleet/records.js';
import { availabilityPlot } from './fleet/availability-plot.js';
import { measureRedisCost } from './fleet/redis-cost.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(
  import.meta.url,
  {
    rooms: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '1000' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    json: { type: 'boolean' },
  },
  ({ rooms, workers, days }) =>
    [rooms, workers, days].every((value) => Number(value) > 0)
      ? undefined
      : `--rooms, --workers, --days: expected numbers above 0, found ${rooms}, ${workers}, ${days}`,
);
const [ROOMS, WORKERS, DAYS] = [Number(values.rooms), Number(values.workers), Number(values.days)];
const random = seededRandom(Number(values.seed));
const exponential = (meanMs: number): number => -Math.log(1 - random()) * meanMs;
const between = (from: number, to: number): number => from + random() * (to - from);

/** Promised after a failure of a machine. */
const MAX_GAP_MS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Failures, each a worker unless said: a commodity cluster, and worse. */
const RATES = {
  /** Dies, back after minutes. */
  death: 30 * DAY_MS,
  /** Frozen for up to 20 s: memory, disk, a hypervisor. */
  freeze: 10 * DAY_MS,
  /** Cut off from Redis, up to 5 minutes. */
  cut: 15 * DAY_MS,
  /** Cut off from Redis and the store. */
  cutFromAll: 60 * DAY_MS,
  /** Drained for an upgrade. */
  drain: 14 * DAY_MS,
  /** An engine ends (a room). */
  engine: 20 * DAY_MS,
  /** Redis restarts or is gone, for the whole fleet. */
  redis: 7 * DAY_MS,
} as const;
/** Of a start: files and engine. Measured starts took 2 to 6 s. */
const startMs = (): number => between(2000, 5000);
const { lockMs, renewMs, claimEveryMs, claimAfterMs, stalledMs } = LEASE_TIMES;

interface Room extends PlacedRoom {
  readonly id: number;
  worker: number;
}
interface Machine extends PlacedWorker {
  readonly index: number;
  used: number;
  up: boolean;
  draining: boolean;
  owners: Record<string, number>;
  shows: Record<string, number>;
  readonly rooms: Set<Room>;
}

const machines: Machine[] = Array.from({ length: WORKERS }, (_, index) => ({
  index,
  name: `w${index}`,
  // Three sizes of machine; a sixth of the whole stays free.
  capacity: [10, 12, 16][index % 3]! * Math.max(1, ROOMS / WORKERS / 10),
  used: 0,
  labels: { region: `r${index % 4}` },
  draining: false,
  speaks: 1,
  owners: {},
  shows: {},
  rooms: new Set<Room>(),
  up: true,
}));
const rooms: Room[] = Array.from({ length: ROOMS }, (_, id) => ({
  id,
  cost: [0.6, 1, 1, 1.3][id % 4]!,
  owner: `o${Math.floor(id / 30)}`,
  show: id % 5 === 0 ? null : `s${Math.floor(id / 3)}`,
  labels: (id % 20 === 0 ? { region: `r${id % 4}` } : {}) as Record<string, string>,
  version: 1,
  pinned: null,
  last: null,
  avoid: [],
  worker: -1,
}));

const total = { takeovers: 0, drains: 0, restarts: 0, stays: 0, doubles: 0, nowhere: 0, commands: 0 };
const gaps: number[] = [];
/** Of rooms whose machine failed while Redis was away. */
const redisGaps: number[] = [];
const offAirByDay = new Float64Array(Math.ceil(DAYS) + 1);
let nowMs = 0;

/** A sample of machines is as good as all of them: the score of the best of 40 is within a hundredth of the best. */
const SAMPLE = 40;

function seat(room: Room): boolean {
  const some = Array.from({ length: SAMPLE }, () => machines[Math.floor(random() * WORKERS)]!).filter(({ up }) => up);
  const [best] = place(room, some, random);
  const chosen =
    best ??
    place(
      room,
      machines.filter(({ up }) => up),
      random,
    )[0];
  if (chosen === undefined) {
    total.nowhere += 1;
    return false;
  }
  room.worker = chosen.index;
  chosen.used += room.cost;
  chosen.rooms.add(room);
  chosen.owners[room.owner] = (chosen.owners[room.owner] ?? 0) + 1;
  if (room.show !== null) chosen.shows[room.show] = (chosen.shows[room.show] ?? 0) + 1;
  return true;
}

function unseat(room: Room): void {
  const machine = machines[room.worker]!;
  machine.used -= room.cost;
  machine.rooms.delete(room);
  machine.owners[room.owner]! -= 1;
  if (room.show !== null) machine.shows[room.show]! -= 1;
}

function offAir(ms: number, list: number[] | undefined = gaps): void {
  offAirByDay[Math.min(offAirByDay.length - 1, Math.floor(nowMs / DAY_MS))]! += ms;
  list?.push(ms);
}

type Failure = 'death' | 'freeze' | 'cut' | 'cutFromAll';

/**
 * What happens to one room when something happens to its worker, by the rule itself: when its holder stops publishing,
 * and when the next one begins. Both hold nothing but their own clocks.
 */
function play(failure: Failure, lengthMs: number): { readonly stopMs: number; readonly beginMs: number } | 'stays' {
  // The last renewal was sent somewhere within the last period; Redis set the lock on the way.
  const sentMs = -random() * renewMs;
  const setMs = sentMs + between(0.2, 40);
  const lease = new Lease(LEASE_TIMES, sentMs);
  const lockEndMs = setMs + lockMs;
  const claims: { atMs: number; count: number; goneMs: number }[] = [];
  let stopMs: number;
  if (failure === 'death') stopMs = 0;
  else if (failure === 'freeze') {
    // The guard has its own clock; a freeze that ends before the deadline is followed by a renewal.
    if (lengthMs + 40 < lease.untilMs) return 'stays';
    stopMs = lease.untilMs + between(0, 80);
  } else {
    let atMs = sentMs + claimAfterMs;
    for (let count = 1; failure === 'cut' && atMs < lengthMs; count += 1) {
      // The store takes from milliseconds to more than a claim may wait.
      const doneMs = atMs + (random() < 0.002 ? between(1000, 4000) : between(5, 200));
      // The object is there before its answer is.
      claims.push({ atMs: between(atMs, doneMs), count, goneMs: Infinity });
      if (!lease.claimed(atMs, doneMs)) break;
      atMs = Math.max(doneMs, atMs + claimEveryMs);
    }
    // Back before the claim ends: it takes its lease again.
    if (failure === 'cut' && lease.untilMs > lengthMs) return 'stays';
    if (lengthMs < lease.untilMs && lengthMs < lockEndMs) return 'stays';
    stopMs = lease.untilMs + between(0, 80);
    // The worker takes a claim back once its rooms have ended; one that arrives late, too.
    for (const claim of claims)
      claim.goneMs =
        Math.max(stopMs, claim.atMs) + between(0, 250) + (random() < 0.002 ? between(1000, 4000) : between(5, 200));
  }
  // Looks come at their own pace; a look marks, the next one after the lock's end takes.
  let lookMs = -random() * stalledMs;
  while (lookMs < lockEndMs) lookMs += stalledMs + between(0, 30);
  let takenMs = lookMs + between(2, 60);
  const watch = new ClaimWatch(LEASE_TIMES);
  for (;;) {
    const latest = claims.filter(({ atMs, goneMs }) => atMs <= takenMs && takenMs < goneMs).at(-1);
    const seen: Claim[] = latest === undefined ? [] : [{ worker: 'holder', count: latest.count, rooms: ['room'] }];
    if (watch.holder('room', seen, takenMs) === undefined) break;
    takenMs += 300;
  }
  return { stopMs, beginMs: takenMs + startMs() };
}

function fail(machine: Machine, failure: Failure, lengthMs: number): void {
  const hit = [...machine.rooms];
  const moved: Room[] = [];
  for (const room of hit) {
    const played = play(failure, lengthMs);
    if (played === 'stays') {
      total.stays += 1;
      continue;
    }
    if (played.beginMs < played.stopMs) total.doubles += 1;
    moved.push(room);
    total.takeovers += 1;
    total.commands += 60;
    // Nobody can take a lease while Redis is away, nor for the length of a lock after its start.
    const waitMs = nowMs < redisUntilMs ? redisUntilMs - nowMs + lockMs + 1000 : 0;
    offAir(Math.max(0, played.beginMs - played.stopMs) + waitMs, waitMs > 0 ? redisGaps : gaps);
  }
  machine.up = failure !== 'death';
  for (const room of moved) {
    unseat(room);
    const avoiding = { ...room, avoid: [machine.name] };
    Object.assign(room, avoiding);
    if (!seat(room)) offAir(60_000, undefined);
    Object.assign(room, { avoid: [], last: machines[room.worker]!.name });
  }
}

for (const room of rooms) if (!seat(room)) throw new Error(`room ${room.id} has no place at the start`);
interface Event {
  readonly atMs: number;
  readonly what: keyof typeof RATES | 'back';
  readonly machine?: Machine;
}
// Each kind of failure is one Poisson stream over all machines.
const meanOf = (what: keyof typeof RATES): number =>
  RATES[what] / (what === 'redis' ? 1 : what === 'engine' ? ROOMS : WORKERS);
let events: Event[] = (Object.keys(RATES) as (keyof typeof RATES)[]).map((what) => ({
  atMs: exponential(meanOf(what)),
  what,
}));
const endMs = DAYS * DAY_MS;
const begun = performance.now();
let redisDown = 0;
let redisUntilMs = 0;
while (events.length > 0) {
  let first = 0;
  for (let i = 1; i < events.length; i += 1) if (events[i]!.atMs < events[first]!.atMs) first = i;
  const event = events[first]!;
  events = events.filter((_, i) => i !== first);
  if (event.atMs > endMs) continue;
  nowMs = event.atMs;
  const { what } = event;
  if (what === 'back') {
    event.machine!.up = true;
    event.machine!.draining = false;
    continue;
  }
  events.push({ atMs: nowMs + exponential(meanOf(what)), what });
  const machine = machines[Math.floor(random() * WORKERS)]!;
  if (!machine.up || machine.draining) continue;
  if (what === 'redis') {
    // All rooms go on under claims, or by their locks when it is quick; a machine that dies meanwhile waits for it.
    const lengthMs = between(1000, 120_000);
    redisDown += lengthMs;
    redisUntilMs = nowMs + lengthMs;
  } else if (what === 'engine') {
    total.restarts += 1;
    offAir(between(100, 600) + startMs());
  } else if (what === 'drain') {
    machine.draining = true;
    for (const room of [...machine.rooms]) {
      total.drains += 1;
      total.commands += 60;
      offAir(between(100, 400) + startMs());
      unseat(room);
      if (!seat(room)) offAir(60_000, undefined);
    }
    events.push({ atMs: nowMs + 5 * 60_000, what: 'back', machine });
  } else {
    const lengthMs = what === 'freeze' ? between(200, 20_000) : between(1000, 300_000);
    fail(machine, what, lengthMs);
    if (what === 'death') events.push({ atMs: nowMs + between(60_000, HOUR_MS), what: 'back', machine });
  }
}

gaps.sort((a, b) => a - b);
const quantile = (share: number): number =>
  Math.round(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))] ?? 0);
const offAirMs = offAirByDay.reduce((sum, ms) => sum + ms, 0);
/** Renewals (one script a worker), heartbeats (5 commands), looks for stalled jobs, blocking fetches and mailboxes. */
const steady = WORKERS * (1000 / renewMs + 5 + 1000 / stalledMs + 1 / 2 + 2 / 5);
/** Keys that one second's scripts touch: a renewal three a room, a look one a room. */
const keys = ROOMS * (3 * (1000 / renewMs) + 2 * (1000 / stalledMs));
const result = {
  rooms: ROOMS,
  workers: WORKERS,
  days: DAYS,
  seed: Number(values.seed),
  availability: 1 - offAirMs / (ROOMS * endMs),
  ...total,
  gapMs: { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) },
  redisAway: { rooms: redisGaps.length, maxMs: Math.round(Math.max(0, ...redisGaps)) },
  redisCommandsPerSecond: Math.round(steady + total.commands / (endMs / 1000)),
  redisKeysPerSecond: Math.round(keys),
  redisDownSeconds: Math.round(redisDown / 1000),
  load: machines.reduce((sum, { used }) => sum + used, 0) / machines.reduce((sum, { capacity }) => sum + capacity, 0),
  fullest: Math.max(...machines.map(({ used, capacity }) => used / capacity)),
  redis: (await measureRedisCost(ROOMS, WORKERS)) ?? null,
  tookMs: Math.round(performance.now() - begun),
};
if (values.out !== undefined) {
  const shares = [...offAirByDay].slice(0, Math.ceil(DAYS)).map((ms) => 1 - ms / (ROOMS * DAY_MS));
  writeFileSync(values.out, availabilityPlot(shares, gaps, result));
}
if (values.json === true) console.log(JSON.stringify(result, null, 2));
else {
  console.table({
    ...result,
    ...result.redis,
    redis: result.redis === null ? 'not installed' : 'measured',
    gapMs: `${result.gapMs.p50} / ${result.gapMs.p99} / ${result.gapMs.max}`,
    redisAway: `${result.redisAway.rooms} rooms, at most ${result.redisAway.maxMs} ms`,
  });
  console.log(`${total.doubles} times two publishers of a room`);
}
process.exitCode = total.doubles > 0 || result.gapMs.max > MAX_GAP_MS ? 1 : 0;
