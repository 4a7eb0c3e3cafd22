import type { Database } from './database.js';
import { AGED_TABLES } from './store-schema.js';
import { inTransaction } from './transaction.js';

/** Rows of one table that are removed at once, so that nobody waits long. */
const MAX_ROWS = 5000;
const KEYED_OTHERWISE: ReadonlySet<string> = new Set(['audience']);

/**
 * Removes rows older than the limit, at most `MAX_ROWS` of each table, and wordings that no line uses any more. Returns
 * true when older rows may remain.
 */
export function pruneBefore(db: Database, limitMs: number): boolean {
  return inTransaction(db, () => {
    let more = false;
    for (const [table, column] of AGED_TABLES) {
      const old = `${column} < ${Math.round(limitMs)}`;
      const rows = KEYED_OTHERWISE.has(table) ? old : `id IN (SELECT id FROM ${table} WHERE ${old} LIMIT ${MAX_ROWS})`;
      const { changes } = db.prepare(`DELETE FROM ${table} WHERE ${rows}`).run();
      if (changes >= MAX_ROWS && !KEYED_OTHERWISE.has(table)) more = true;
    }
    db.prepare('DELETE FROM wording WHERE NOT EXISTS (SELECT 1 FROM line WHERE line.wording = wording.hash)').run();
    return more;
  });
}

const DATED = '(SELECT at_ms FROM line UNION ALL SELECT at_ms FROM event UNION ALL SELECT at_ms FROM viewers)';

/** A time before which a share of the store's rows lies; undefined for an empty store. */
export function timeOfShare(db: Database, share: number): number | undefined {
  const { n } = db.prepare(`SELECT count(*) AS n FROM ${DATED}`).get() as { n: number };
  if (n < 2) return undefined;
  const offset = Math.min(n - 1, Math.max(1, Math.floor(n * share)));
  const row = db.prepare(`SELECT at_ms AS at FROM ${DATED} ORDER BY at_ms LIMIT 1 OFFSET ${offset}`).get();
  return (row as { at: number }).at;
}
