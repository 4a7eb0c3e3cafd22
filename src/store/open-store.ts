import type { Store } from '../config/room.js';
import type { Database } from './database.js';
import { type loadSqlite, openForWriting } from './open-database.js';
import { RecordWriter } from './record-writer.js';
import { storeFault } from './store-fault.js';
import type { SessionEnd, SessionStart, StoreRecord } from './store-records.js';
import { inTransaction } from './transaction.js';
import { namesAs } from './user-names.js';
import { AGED_TABLES } from './store-schema.js';

/** Rows of one table that are removed at once, so that nobody waits long. */
const MAX_ROWS = 5000;
const KEYED_OTHERWISE: ReadonlySet<string> = new Set(['audience']);

/**
 * Removes rows older than the limit, at most `MAX_ROWS` of each table, and wordings that no line uses any more. Returns
 * true when older rows may remain.
 */
function pruneBefore(db: Database, limitMs: number): boolean {
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
function timeOfShare(db: Database, share: number): number | undefined {
  const { n } = db.prepare(`SELECT count(*) AS n FROM ${DATED}`).get() as { n: number };
  if (n < 2) return undefined;
  const offset = Math.min(n - 1, Math.max(1, Math.floor(n * share)));
  const row = db.prepare(`SELECT at_ms AS at FROM ${DATED} ORDER BY at_ms LIMIT 1 OFFSET ${offset}`).get();
  return (row as { at: number }).at;
}

/** Share of the rows removed when the store has reached its limit. */
const PRUNED_SHARE = 0.1;
/** Maximum number of such shares removed for one batch. */
const MAX_PRUNES = 5;

export interface OpenStoreOptions {
  readonly file: string;
  readonly userNames: Store['userNames'];
  readonly maxBytes: number;
  readonly nowMs: number;
  readonly load: typeof loadSqlite;
}

/** An open store file. Its methods throw the faults of SQLite. */
export class OpenStore {
  private constructor(
    private readonly db: Database,
    private readonly writer: RecordWriter,
  ) {}

  static async open({ file, userNames, maxBytes, nowMs, load }: OpenStoreOptions): Promise<OpenStore> {
    const db = await openForWriting(file, maxBytes, nowMs, load);
    try {
      return new OpenStore(db, new RecordWriter(db, namesAs(userNames, db)));
    } catch (error) {
      closeQuietly(db);
      throw error;
    }
  }

  /** The id of the next session. */
  nextSession(): number {
    const { n } = this.db.prepare('SELECT coalesce(max(id), 0) AS n FROM session').get() as { n: number };
    return n + 1;
  }

  /** When a session was last seen; undefined before the first. */
  newestMs(): number | undefined {
    const { ms } = this.db.prepare('SELECT max(seen_ms) AS ms FROM session').get() as { ms: number | null };
    return ms ?? undefined;
  }

  begin(id: number, start: SessionStart): void {
    inTransaction(this.db, () => this.writer.begin(id, start));
  }

  /** Goes on with a session that may be missing in this file. */
  resume(id: number, start: SessionStart): void {
    const known = this.db.prepare('SELECT 1 AS n FROM session WHERE id = ?').get(id);
    if (known === undefined) this.begin(id, start);
    else this.writer.resume(id);
  }

  /** Writes a batch as a whole. When the store has reached its limit, its oldest records go first. */
  write(batch: readonly StoreRecord[], onPruned: () => void): void {
    for (let tries = 0; !this.fits(batch, tries, onPruned); tries += 1);
  }

  /** Removes a slice of the records from before that time; true when more are left. */
  prune(beforeMs: number): boolean {
    return pruneBefore(this.db, beforeMs);
  }

  /** Ends the session and moves all records into the main file. */
  end(atMs: number, how: SessionEnd | undefined): void {
    if (how !== undefined) inTransaction(this.db, () => this.writer.end(atMs, how));
    this.db.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** Never throws: a damaged database may refuse to close. */
  close(): void {
    closeQuietly(this.db);
  }

  /** False when the batch did not fit and older records were removed for it. */
  private fits(batch: readonly StoreRecord[], tries: number, onPruned: () => void): boolean {
    try {
      inTransaction(this.db, () => {
        for (const record of batch) this.writer.write(record);
      });
      return true;
    } catch (error) {
      if (storeFault(error) !== 'full' || tries >= MAX_PRUNES || !this.makeRoom(onPruned)) throw error;
      return false;
    }
  }

  private makeRoom(onPruned: () => void): boolean {
    try {
      const limitMs = timeOfShare(this.db, PRUNED_SHARE);
      if (limitMs === undefined) return false;
      while (pruneBefore(this.db, limitMs));
      onPruned();
      return true;
    } catch {
      return false;
    }
  }
}

function closeQuietly(db: Database): void {
  try {
    db.close();
  } catch {
    // Nothing is left to do with it.
  }
}
