import { CronExpressionParser } from 'cron-parser';
import { EngineError } from '../core/errors.js';

/** Throws E_BAD_REQUEST for a pattern or a zone that BullMQ's scheduler would not understand. */
export function checkPattern(pattern: string, zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (cause) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--zone',
      expected: 'a time zone such as Asia/Shanghai or Europe/Paris',
      found: `"${zone.slice(0, 80)}"`,
      cause,
    });
  }
  try {
    CronExpressionParser.parse(pattern, { tz: zone });
  } catch (cause) {
    throw new EngineError('E_BAD_REQUEST', {
      where: '--schedule',
      expected: 'minute, hour, day, month and weekday: "0 20 * * 1-5" is 20:00 from Monday to Friday',
      found: `"${pattern.slice(0, 80)}"`,
      cause,
    });
  }
}
