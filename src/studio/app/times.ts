import { currentLanguage, t } from '../messages/index.svelte';

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const tag = (): string => (currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB');

/** "New York" of `America/New_York`. */
export const placeOf = (zone: string): string => (zone.split('/').pop() ?? zone).replaceAll('_', ' ');

/** The page's zone at a time: "China Standard Time" and "GMT+8". */
export function zoneNameOf(at: Date): { name: string; offset: string } {
  const of = (timeZoneName: 'long' | 'shortOffset'): string =>
    new Intl.DateTimeFormat(tag(), { timeZoneName }).formatToParts(at).find(({ type }) => type === 'timeZoneName')
      ?.value ?? '';
  return { name: of('long'), offset: of('shortOffset') };
}

/** The day and the time in a zone: "today 20:00", "Tue 09:00". */
export function dayAndTime(iso: string, zone: string, now = new Date()): string {
  const at = new Date(iso);
  const day = (date: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(date);
  const time = new Intl.DateTimeFormat(tag(), {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  if (day(at) === day(now)) return t('when.today', { time });
  if (day(at) === day(new Date(now.getTime() + 86_400_000))) return t('when.tomorrow', { time });
  return `${new Intl.DateTimeFormat(tag(), { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(at)} ${time}`;
}

/** "10 h 52 min" until then. */
export function timeUntil(iso: string, now = new Date()): string {
  const minutes = Math.max(0, Math.round((new Date(iso).getTime() - now.getTime()) / 60_000));
  if (minutes < 60) return t('when.minutes', { n: minutes });
  if (minutes < 48 * 60) return t('when.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
  return t('when.days', { n: Math.round(minutes / 1440) });
}

/** Minutes from one time of day to the next; the same time is a whole day. */
export function minutesBetween(start: string, end: string): number {
  const of = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return (of(end) - of(start) + 1440) % 1440 || 1440;
}
/** `20:00` and 720 minutes later: `08:00`. */
export function endOf(start: string, minutes: number): string {
  const at = (Number(start.slice(0, 2)) * 60 + Number(start.slice(3, 5)) + minutes) % 1440;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}
