const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `30s`, `5m`, `2h` or `7d` in milliseconds; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const parts = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])$/.exec(text.trim());
  return parts === null ? undefined : Number(parts[1]) * UNIT_MS[parts[2]!]!;
}
