import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** For commander: a duration such as `30s`, `5m`, `2h` or `7d`, in milliseconds. */
export function durationMs(text: string): number {
  const parts = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(text.trim());
  if (parts === null) throw new InvalidArgumentError(`expected a time such as 30s, 5m, 2h or 7d, found "${text}".`);
  return Number(parts[1]) * UNIT_MS[parts[2]!]!;
}
