import type { ReportOutput, ReportSession, ReportSpan } from '../core/handles/report-handle.js';
import type { OutputRow } from '../store/store-rows.js';
import { clip, totalMs } from './spans.js';

const DELIVERING: ReadonlySet<string> = new Set(['live', 'degraded']);
type StateSpan = ReportSpan & { readonly state: string };

/** State and uptime of each output over the time that its sessions were on air. */
export function outputFigures(
  rows: readonly OutputRow[],
  sessions: ReadonlyMap<number, ReportSession>,
  limits: ReportSpan,
): ReportOutput[] {
  return [...new Set(rows.map(({ output }) => output))].map((output) => {
    const own = rows.filter((row) => row.output === output);
    const spans = [...sessions].flatMap(([id, session]) =>
      statesIn(
        own.filter((row) => row.session === id),
        session,
      ),
    );
    const clipped = spans.flatMap((span) => clip(span, limits) ?? []);
    const liveMs = totalMs(clipped.filter(({ state }) => DELIVERING.has(state)));
    const { kind, target } = own.at(-1)!;
    return {
      output,
      kind,
      target,
      uptime: clipped.length === 0 ? 0 : liveMs / totalMs(clipped),
      liveMs,
      interruptions: interruptions(clipped),
      lastError: own.findLast(({ error }) => error !== '')?.error ?? '',
      spans: mergeStates(clipped),
    };
  });
}

/** From the session's begin to its end without a gap: before its first change an output is connecting. */
function statesIn(rows: readonly OutputRow[], session: ReportSession): StateSpan[] {
  if (rows.length === 0) return [];
  // The stop at the session's end is no state of the show.
  const changes = rows.filter(({ atMs, state }) => state !== 'stopped' || atMs < session.untilMs - 5000);
  const first: StateSpan = {
    state: 'connecting',
    atMs: session.atMs,
    untilMs: Math.min(session.untilMs, Math.max(session.atMs, changes[0]?.atMs ?? session.untilMs)),
  };
  const rest = changes.map(({ state, atMs }, i) => ({
    state,
    atMs: Math.max(session.atMs, atMs),
    untilMs: Math.min(session.untilMs, Math.max(session.atMs, changes[i + 1]?.atMs ?? session.untilMs)),
  }));
  return [first, ...rest].filter((span) => span.untilMs > span.atMs);
}

const interruptions = (spans: readonly StateSpan[]): number =>
  spans.filter(({ state, atMs }, i) => {
    const before = spans[i - 1];
    return before !== undefined && before.untilMs === atMs && DELIVERING.has(before.state) && !DELIVERING.has(state);
  }).length;

/** Neighbours of one state become one span; connecting and waiting to connect look alike. */
function mergeStates(spans: readonly StateSpan[]): StateSpan[] {
  const merged: StateSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last?.state === span.state && last.untilMs === span.atMs)
      merged[merged.length - 1] = { ...last, untilMs: span.untilMs };
    else merged.push(span);
  }
  return merged;
}
