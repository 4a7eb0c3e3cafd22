import { InvalidArgumentError } from 'commander';

const MAX_PER_MINUTE = 12_000;

/** "20/min", "2/s" or "90/h" as a number a minute. */
export function perMinute(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(?:\/\s*(s|sec|second|m|min|minute|h|hour))?$/.exec(text.trim()) ?? [];
  const factor = unit === undefined || unit.startsWith('m') ? 1 : unit.startsWith('s') ? 60 : 1 / 60;
  const rate = Number(count) * factor;
  if (!(rate > 0 && rate <= MAX_PER_MINUTE)) throw new InvalidArgumentError('expected a rate such as 20/min or 2/s');
  return rate;
}
