import { InvalidArgumentError } from 'commander';
import { durationOf } from '../core/duration.js';

/** For commander: a duration such as `30s`, `5m`, `2h` or `7d`, in milliseconds. */
export function durationMs(text: string): number {
  const ms = durationOf(text);
  if (ms === undefined) throw new InvalidArgumentError(`expected a time such as 30s, 5m, 2h or 7d, found "${text}".`);
  return ms;
}
