import type { WordResult } from './check-words.js';
import type { Injection } from './injection.js';
import { heldBack, type Span } from './replaced-share.js';

export interface WayRow {
  way: string;
  injected: number;
  refused: number;
  /** Composed and replaced by the gate. */
  heldBack: number;
  muted: number;
  /** Composed, but neither replaced by the gate nor found at any receiver: unreadable for every detector. */
  unreadable: number;
  admitted: number;
  failed: number;
}

export function rowsOf(injections: readonly Injection[], spans: readonly Span[]): WayRow[] {
  const rows = new Map<string, WayRow>();
  for (const injection of injections) {
    const { way, outcome } = injection;
    const empty = { way, injected: 0, refused: 0, heldBack: 0, muted: 0, unreadable: 0, admitted: 0, failed: 0 };
    const row = rows.get(way) ?? empty;
    rows.set(way, row);
    row.injected += 1;
    if (outcome === 'refused') row.refused += 1;
    else if (outcome === 'admitted') row.admitted += 1;
    else if (outcome === 'failed') row.failed += 1;
    else if (outcome === 'spoken') row.muted += 1;
    else if (heldBack(injection, spans)) row.heldBack += 1;
    else row.unreadable += 1;
  }
  return [...rows.values()].sort((a, b) => a.way.localeCompare(b.way));
}

const COLUMNS = ['injected', 'refused', 'heldBack', 'muted', 'unreadable', 'admitted', 'failed'] as const;
const HEADS = ['injected', 'refused', 'held back', 'spoken', 'unreadable', 'admitted', 'failed'];

/** The table for the terminal. */
export function waysTable(rows: readonly WayRow[]): string {
  const wide = Math.max(...rows.map((r) => r.way.length), 8);
  const head = `${'way in'.padEnd(wide)}  ${HEADS.map((h) => h.padStart(10)).join('')}`;
  const lines = rows.map((r) => `${r.way.padEnd(wide)}  ${COLUMNS.map((c) => String(r[c]).padStart(10)).join('')}`);
  const sum = COLUMNS.map((c) => String(rows.reduce((n, r) => n + r[c], 0)).padStart(10)).join('');
  return [head, ...lines, `${'all'.padEnd(wide)}  ${sum}`].join('\n');
}

/** One line per receiver about the words. */
export function wordsTable(results: readonly WordResult[]): string {
  const db = (v: number | undefined): string => (v === undefined || !Number.isFinite(v) ? '–' : v.toFixed(1));
  const receivers = [...new Set(results.map((r) => r.receiver))];
  return receivers
    .map((receiver) => {
      const mine = results.filter((r) => r.receiver === receiver);
      const loudest = Math.max(...mine.map((r) => r.forbiddenDb ?? -Infinity));
      const neighbour = Math.min(...mine.map((r) => r.neighbourDb ?? Infinity));
      const damaged = mine.filter((r) => !r.intact).length;
      return (
        `${receiver}: ${mine.length} lines heard, loudest forbidden 100 ms ${db(loudest)} dBFS, ` +
        `weakest neighbour ${db(neighbour)} dB, ${damaged} with a damaged neighbour`
      );
    })
    .join('\n');
}
