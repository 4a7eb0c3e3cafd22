import type { ReportInterval, ReportSpan } from '../core/handles/report-handle.js';
import type { EventRow, LineRow, ViewersRow, ViolationRow } from '../store/store-rows.js';
import { isAnswered } from './comment-figures.js';

const MINUTE_MS = 60_000;
/** Lengths of a bar; the shortest that gives at most `MAX_BARS` is taken. */
const LENGTHS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((min) => min * MINUTE_MS);
const MAX_BARS = 60;
const VIEWERS_LOOK_MS = MINUTE_MS;

export interface DatedRows {
  readonly lines: readonly LineRow[];
  readonly comments: readonly EventRow[];
  readonly violations: readonly ViolationRow[];
  readonly viewers: readonly ViewersRow[];
}

/** Figures over time, in at most 60 bars of one length. */
export function intervalFigures(rows: DatedRows, { atMs, untilMs }: ReportSpan): ReportInterval[] {
  const lengthMs = LENGTHS_MS.find((ms) => (untilMs - atMs) / ms <= MAX_BARS - 1) ?? LENGTHS_MS.at(-1)!;
  const first = Math.floor(atMs / lengthMs);
  const count = Math.max(1, Math.ceil(untilMs / lengthMs) - first);
  const bars = Array.from({ length: count }, (_, i) => ({
    atMs: (first + i) * lengthMs,
    untilMs: (first + i + 1) * lengthMs,
    lines: 0,
    comments: 0,
    answered: 0,
    violations: 0,
    viewers: null as number | null,
  }));
  const barAt = (ms: number): (typeof bars)[number] | undefined => bars[Math.floor(ms / lengthMs) - first];
  for (const { atMs: at } of rows.lines) add(barAt(at), 'lines');
  for (const { atMs: at } of rows.violations) add(barAt(at), 'violations');
  for (const comment of rows.comments) {
    add(barAt(comment.atMs), 'comments');
    if (isAnswered(comment)) add(barAt(comment.atMs), 'answered');
  }
  for (const { atMs: at, viewers } of viewersTogether(rows.viewers)) {
    const bar = barAt(at);
    if (bar !== undefined) bar.viewers = Math.max(bar.viewers ?? 0, viewers);
  }
  return bars;
}

const add = (
  bar: Record<'lines' | 'comments' | 'answered' | 'violations', number> | undefined,
  key: 'lines' | 'comments' | 'answered' | 'violations',
): void => {
  if (bar !== undefined) bar[key] += 1;
};

/** Viewers of all outputs at each look. */
export function viewersTogether(rows: readonly ViewersRow[]): { atMs: number; viewers: number }[] {
  const looks = new Map<number, Map<string, number>>();
  for (const { atMs, output, viewers } of rows) {
    const minute = Math.floor(atMs / VIEWERS_LOOK_MS) * VIEWERS_LOOK_MS;
    const look = looks.get(minute) ?? new Map<string, number>();
    look.set(output, Math.max(viewers, look.get(output) ?? 0));
    looks.set(minute, look);
  }
  return [...looks].map(([atMs, look]) => ({ atMs, viewers: [...look.values()].reduce((sum, n) => sum + n, 0) }));
}
