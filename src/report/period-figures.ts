import type { ReportPeriods, ReportSpan } from '../core/handles/report-handle.js';
import type { PeriodRow } from '../store/store-rows.js';
import { clip, joined, totalMs } from './spans.js';

/** Pieces of one period follow each other at once; a new one begins at the next look, a second later. */
const PIECE_GAP_MS = 1500;

/** Times under the slate or in silence; times with two causes count once in the total. */
export function periodFigures(rows: readonly PeriodRow[], kind: string, limits: ReportSpan): ReportPeriods {
  const own = rows.filter((row) => row.kind === kind).flatMap((row) => clip(row, limits) ?? []);
  const causes = [...new Set(own.map(({ cause }) => cause))];
  const spans = causes.flatMap((cause) =>
    joined(
      own.filter((row) => row.cause === cause),
      PIECE_GAP_MS,
    ).map((span) => ({ ...span, cause })),
  );
  return {
    totalMs: totalMs(joined(own, 0)),
    byCause: Object.fromEntries(
      causes
        .map((cause) => [cause, totalMs(spans.filter((span) => span.cause === cause))] as const)
        .toSorted((a, b) => b[1] - a[1]),
    ),
    spans: spans.toSorted((a, b) => a.atMs - b.atMs),
  };
}
