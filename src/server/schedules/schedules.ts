/**
 * Starts and ends shows by the clock of their own time zone.
 *
 * Problem: a server that was down at the start must not skip an evening's show, and one that comes back an hour after its
 * end must not begin it.
 * Rule: a start is due from its moment until its end, at most for 15 minutes without an end; it runs once. An end belongs
 * to the start that ran, and ends nothing that a person has started.
 */
import { randomBytes } from 'node:crypto';
import type { Closeable } from '../../core/closeable.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Repeat, Schedule, SchedulesTable } from '../../store/studio/schedules-table.js';
import { addDays, isTimeZone, momentOf, readWallTime, wallTimeAt, weekdayOf } from './wall-time.js';

export interface ScheduleBody {
  readonly start?: string | undefined;
  readonly minutes?: number | null | undefined;
  readonly timeZone?: string | undefined;
  readonly repeat?: Repeat | undefined;
  readonly days?: readonly number[] | undefined;
  readonly destinations?: readonly string[] | null | undefined;
  readonly enabled?: boolean | undefined;
}

export interface ScheduleView extends Omit<Schedule, 'ranMs' | 'last'> {
  readonly next: { readonly startsAt: string; readonly endsAt: string | null } | null;
  readonly last: { readonly startedAt: string; readonly endsAt: string | null; readonly error: string } | null;
}

export interface SchedulesOptions {
  readonly table: SchedulesTable;
  readonly start: (room: string, destinations: readonly string[] | null) => Promise<void>;
  readonly end: (room: string) => Promise<void>;
  readonly onChange: (room: string) => void;
  readonly log: Log;
  readonly nowMs?: () => number;
}

const LOOK_MS = 2000;
const LATE_MS = 15 * 60_000;
/** Two weeks hold every weekly repeat. */
const DAYS_AHEAD = 15;

export class Schedules implements Closeable {
  private timer: NodeJS.Timeout | undefined;
  private readonly nowMs: () => number;
  private isLooking = false;

  constructor(private readonly options: SchedulesOptions) {
    this.nowMs = options.nowMs ?? Date.now;
  }

  begin(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
  }

  list(room: string): ScheduleView[] {
    return this.options.table.ofRoom(room).map((one) => this.view(one));
  }

  /** Throws E_BAD_REQUEST. */
  add(room: string, body: ScheduleBody): ScheduleView {
    const one = checked({
      id: randomBytes(6).toString('hex'),
      room,
      start: body.start ?? '',
      minutes: body.minutes ?? null,
      timeZone: body.timeZone ?? 'UTC',
      repeat: body.repeat ?? 'once',
      days: body.days ?? [],
      destinations: body.destinations ?? null,
      enabled: body.enabled ?? true,
      ranMs: null,
      last: null,
    });
    this.options.table.put(one);
    return this.view(one);
  }

  change(room: string, id: string, body: ScheduleBody): ScheduleView {
    const before = this.get(room, id);
    const given = Object.fromEntries(
      Object.entries(body).filter(([, value]) => value !== undefined),
    ) as Partial<Schedule>;
    // A new time is a new start.
    const ranMs = body.start === undefined ? before.ranMs : null;
    const one = checked({ ...before, ...given, ranMs });
    this.options.table.put(one);
    return this.view(one);
  }

  remove(room: string, id: string): ScheduleView {
    const one = this.get(room, id);
    this.options.table.remove(room, id);
    return this.view(one);
  }

  /** Starts and ends what is due. */
  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const one of this.options.table.all()) await this.run(one);
    } finally {
      this.isLooking = false;
    }
  }

  private async run(one: Schedule): Promise<void> {
    const { table, start, end, onChange, log } = this.options;
    const nowMs = this.nowMs();
    const { last } = one;
    if (last !== null && !last.ended && last.error === '' && last.endMs !== null && nowMs >= last.endMs) {
      table.put({ ...one, last: { ...last, ended: true } });
      log.info({ room: one.room, schedule: one.id }, 'a show ends by its schedule');
      await end(one.room).catch((error: unknown) =>
        log.error({ room: one.room, error: String(error) }, 'a show could not be ended by its schedule'),
      );
      onChange(one.room);
      return;
    }
    if (!one.enabled) return;
    const startMs = dueStart(one, nowMs);
    if (startMs === undefined || startMs === one.ranMs) return;
    const endMs = one.minutes === null ? null : startMs + one.minutes * 60_000;
    const begun = { ...one, ranMs: startMs, last: { startMs, endMs, ended: false, error: '' } };
    // Kept first: a server that dies while it starts does not start twice.
    table.put(begun);
    log.info({ room: one.room, schedule: one.id }, 'a show starts by its schedule');
    try {
      await start(one.room, one.destinations);
    } catch (error) {
      const { message } = toEngineError(error, one.room);
      log.error({ room: one.room, error: message }, 'a show could not be started by its schedule');
      table.put({ ...begun, last: { ...begun.last, ended: true, error: message } });
    }
    onChange(one.room);
  }

  private get(room: string, id: string): Schedule {
    const found = this.options.table.ofRoom(room).find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new EngineError('E_NOT_FOUND', { where: `schedule ${id.slice(0, 40)}`, found: 'no such schedule' });
  }

  private view({ ranMs, last, ...one }: Schedule): ScheduleView {
    const time = (ms: number): string => new Date(ms).toISOString();
    const nextMs = one.enabled ? nextStart({ ...one, ranMs, last }, this.nowMs()) : undefined;
    return {
      ...one,
      next:
        nextMs === undefined
          ? null
          : { startsAt: time(nextMs), endsAt: one.minutes === null ? null : time(nextMs + one.minutes * 60_000) },
      last:
        last === null
          ? null
          : { startedAt: time(last.startMs), endsAt: last.endMs === null ? null : time(last.endMs), error: last.error },
    };
  }
}

/** The first start after now that has not run. */
function nextStart(one: Schedule, nowMs: number): number | undefined {
  return startsAround(one, nowMs).find((ms) => ms > nowMs && ms !== one.ranMs);
}

/** A start whose show should be on air now. */
function dueStart(one: Schedule, nowMs: number): number | undefined {
  const lateMs = one.minutes === null ? LATE_MS : one.minutes * 60_000;
  return startsAround(one, nowMs).findLast((ms) => ms <= nowMs && nowMs < ms + lateMs);
}

function startsAround({ start, timeZone, repeat, days }: Schedule, nowMs: number): number[] {
  const first = readWallTime(start);
  if (first === undefined) return [];
  const firstMs = momentOf(first, timeZone);
  if (repeat === 'once') return [firstMs];
  const today = wallTimeAt(Math.max(nowMs, firstMs), timeZone);
  const wanted =
    repeat === 'daily'
      ? [1, 2, 3, 4, 5, 6, 7]
      : repeat === 'weekdays'
        ? [1, 2, 3, 4, 5]
        : days.length > 0
          ? days
          : [weekdayOf(first)];
  const found: number[] = [];
  for (let i = -1; i <= DAYS_AHEAD; i += 1) {
    const day = { ...addDays(today, i), hour: first.hour, minute: first.minute };
    const ms = momentOf(day, timeZone);
    if (ms >= firstMs && wanted.includes(weekdayOf(day))) found.push(ms);
  }
  return found;
}

function checked(one: Schedule): Schedule {
  if (readWallTime(one.start) === undefined)
    throw wrong('start', 'a date and a time such as 2026-12-02T20:00', one.start.slice(0, 40));
  if (!isTimeZone(one.timeZone))
    throw wrong('timeZone', 'a time zone such as Asia/Shanghai', one.timeZone.slice(0, 60));
  return one;
}

const wrong = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where, expected, found: found === '' ? 'nothing' : found });
