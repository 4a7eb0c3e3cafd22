import type { ReportSession, ReportSpan } from '../core/handles/report-handle.js';
import type { SessionRow } from '../store/store-rows.js';

/** After this time without a sign of life a session is over; the engine gives one every 10 s. */
const SILENT_MS = 35_000;

/** Sessions with their end: a killed engine wrote none, its last sign of life counts. */
export function sessionFigures(rows: readonly SessionRow[], { atMs, untilMs }: ReportSpan): ReportSession[] {
  return rows.map((row) => {
    const alive = row.endedMs === null && untilMs - row.seenMs < SILENT_MS;
    const end = row.endedMs ?? (alive ? untilMs : row.seenMs);
    return {
      atMs: Math.max(atMs, row.startedMs),
      untilMs: Math.max(row.startedMs, atMs, Math.min(untilMs, end)),
      ended: alive ? 'on-air' : row.ended === 'failed' ? 'failed' : row.ended === 'stopped' ? 'stopped' : 'killed',
      version: row.version,
      frames: row.frames,
      replaced: row.replaced,
      muted: row.muted,
      late: row.late,
    };
  });
}
