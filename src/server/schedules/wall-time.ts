/** Wall times of time zones, by the system's own tables. */

interface WallTime {
  readonly year: number;
  /** January is 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Undefined for a text of another form, or a day that no calendar has. */
export function readWallTime(text: string): WallTime | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute] = parts as [number, number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  return isReal ? { year, month, day, hour, minute } : undefined;
}

/**
 * The moment of a wall time. In the hour that a change of clocks skips, the moment after it; in the hour that comes twice,
 * the first.
 */
export function momentOf({ year, month, day, hour, minute }: WallTime, timeZone: string): number {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const [before, after] = [offsetAt(wanted - 86_400_000, timeZone), offsetAt(wanted + 86_400_000, timeZone)];
  for (const offset of [Math.max(before, after), Math.min(before, after)])
    if (offsetAt(wanted - offset, timeZone) === offset) return wanted - offset;
  return wanted - Math.min(before, after);
}

/** Making one costs more than all that it formats. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** What a clock in the zone is ahead of UTC, in ms. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(ms);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(ms / 1000) * 1000;
}

/** The wall time that many days later. */
export function addDays(time: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(time.year, time.month - 1, time.day + days));
  return { ...time, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Monday is 1. */
export const weekdayOf = ({ year, month, day }: WallTime): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;

export function wallTimeAt(ms: number, timeZone: string): WallTime {
  const date = new Date(ms + offsetAt(ms, timeZone));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}
