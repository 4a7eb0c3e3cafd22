import type { Database } from '../store-schema.js';

export type Repeat = 'once' | 'daily' | 'weekdays' | 'weekly';

export interface Schedule {
  readonly id: string;
  readonly room: string;
  /** Wall time of the first start in its time zone: `2026-12-02T20:00`. */
  readonly start: string;
  /** Length; null: until somebody ends it. */
  readonly minutes: number | null;
  readonly timeZone: string;
  readonly repeat: Repeat;
  /** Monday is 1; for `weekly`. */
  readonly days: readonly number[];
  /** Null: those of the room. */
  readonly destinations: readonly string[] | null;
  readonly enabled: boolean;
  /** The start that ran last, in Unix ms. */
  readonly ranMs: number | null;
  readonly last: ScheduleRun | null;
}

interface ScheduleRun {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly ended: boolean;
  /** Why it did not start; empty when it did. */
  readonly error: string;
}

interface Row {
  id: string;
  room: string;
  start: string;
  minutes: number | null;
  time_zone: string;
  repeat: string;
  days: string;
  destinations: string | null;
  enabled: number;
  ran_ms: number | null;
  last: string | null;
}

export class SchedulesTable {
  constructor(private readonly db: Database) {}

  all(): Schedule[] {
    return (this.db.prepare('SELECT * FROM schedule ORDER BY start, id').all() as Row[]).map(scheduleOf);
  }

  ofRoom(room: string): Schedule[] {
    return (this.db.prepare('SELECT * FROM schedule WHERE room = ? ORDER BY start, id').all(room) as Row[]).map(
      scheduleOf,
    );
  }

  put(one: Schedule): void {
    this.db
      .prepare(
        `INSERT INTO schedule (id, room, start, minutes, time_zone, repeat, days, destinations, enabled, ran_ms, last)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET start = excluded.start,
            minutes = excluded.minutes, time_zone = excluded.time_zone, repeat = excluded.repeat, days = excluded.days,
            destinations = excluded.destinations, enabled = excluded.enabled, ran_ms = excluded.ran_ms,
            last = excluded.last`,
      )
      .run(
        one.id,
        one.room,
        one.start,
        one.minutes,
        one.timeZone,
        one.repeat,
        JSON.stringify(one.days),
        one.destinations === null ? null : JSON.stringify(one.destinations),
        one.enabled ? 1 : 0,
        one.ranMs,
        one.last === null ? null : JSON.stringify(one.last),
      );
  }

  remove(room: string, id: string): boolean {
    return this.db.prepare('DELETE FROM schedule WHERE id = ? AND room = ?').run(id, room).changes === 1;
  }
}

const scheduleOf = (row: Row): Schedule => ({
  id: row.id,
  room: row.room,
  start: row.start,
  minutes: row.minutes,
  timeZone: row.time_zone,
  repeat: row.repeat as Repeat,
  days: JSON.parse(row.days) as number[],
  destinations: row.destinations === null ? null : (JSON.parse(row.destinations) as string[]),
  enabled: row.enabled === 1,
  ranMs: row.ran_ms,
  last: row.last === null ? null : (JSON.parse(row.last) as ScheduleRun),
});
