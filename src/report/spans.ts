import type { ReportSpan } from '../config/api/report-handle.js';

export const lengthOf = ({ atMs, untilMs }: ReportSpan): number => Math.max(0, untilMs - atMs);

export const totalMs = (spans: readonly ReportSpan[]): number => spans.reduce((sum, span) => sum + lengthOf(span), 0);

/** The part within the limits; undefined outside of them. */
export function clip<T extends ReportSpan>(span: T, { atMs, untilMs }: ReportSpan): T | undefined {
  const clipped = { ...span, atMs: Math.max(span.atMs, atMs), untilMs: Math.min(span.untilMs, untilMs) };
  return clipped.untilMs > clipped.atMs ? clipped : undefined;
}

/** Joins spans that overlap or follow each other within the gap. Sorted by begin. */
export function joined(spans: readonly ReportSpan[], gapMs: number): ReportSpan[] {
  const result: ReportSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.atMs - b.atMs)) {
    const last = result.at(-1);
    if (last !== undefined && span.atMs <= last.untilMs + gapMs)
      result[result.length - 1] = { atMs: last.atMs, untilMs: Math.max(last.untilMs, span.untilMs) };
    else result.push({ atMs: span.atMs, untilMs: span.untilMs });
  }
  return result;
}

/** Counts by key, largest first. */
export function countBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => number = () => 1,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + amount(item));
  return Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1]));
}

/** The value below which a share of the sorted values lies. */
export const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];
