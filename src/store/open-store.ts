import type { Store } from '../config/room.js';
import { AGED_TABLES, type Database, inTransaction, type Statement } from './store-schema.js';
import { type loadSqlite, openForWriting, storeFault } from './open-database.js';
import type { SessionEnd, SessionStart, StoreRecord, EventSeen } from './store-records.js';
import { createHash, randomBytes } from 'node:crypto';

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

/** Counted by minute instead of stored one by one: there may be thousands in a minute. */
const COUNTED: ReadonlySet<string> = new Set(['enter', 'follow', 'like', 'cart']);
const MINUTE_MS = 60_000;
const MAX_TEXT = 2000;

const INSERTS = {
  session: 'INSERT INTO session (id, room, version, started_ms, seen_ms) VALUES (?, ?, ?, ?, ?)',
  seen: 'UPDATE session SET seen_ms = max(seen_ms, ?), frames = ?, replaced = ?, muted = ?, late = ? WHERE id = ?',
  ended: 'UPDATE session SET seen_ms = max(seen_ms, ?), ended_ms = ?, ended = ? WHERE id = ?',
  leave: 'UPDATE product SET until_ms = max(at_ms, ?) WHERE session = ? AND until_ms IS NULL',
  product: 'INSERT INTO product (session, at_ms, product, title) VALUES (?, ?, ?, ?)',
  wording: 'INSERT OR IGNORE INTO wording (hash, text) VALUES (?, ?)',
  line: `INSERT INTO line (session, at_ms, until_ms, line, wording, kind, role, language, product, position, variant)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  'taken-back': 'DELETE FROM line WHERE session = ? AND line = ?',
  cut: 'UPDATE line SET until_ms = max(at_ms, min(until_ms, ?)) WHERE session = ? AND line = ?',
  event: `INSERT OR IGNORE INTO event (session, at_ms, platform, event, kind, user, text, amount, intent, product, outcome)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  result: `UPDATE event SET outcome = ?, path = coalesce(?, path), intent = coalesce(?, intent),
    product = coalesce(?, product), reply_ms = coalesce(?, reply_ms), reason = ?,
    text = CASE WHEN ? = 'hostile' THEN NULL ELSE text END WHERE platform = ? AND event = ?`,
  audience: `INSERT INTO audience (minute_ms, platform, kind, amount) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`,
  violation: 'INSERT INTO violation (session, at_ms, rule, surface, action) VALUES (?, ?, ?, ?, ?)',
  output: 'INSERT INTO output (session, at_ms, output, kind, target, state, error) VALUES (?, ?, ?, ?, ?, ?, ?)',
  period: 'INSERT INTO period (session, at_ms, until_ms, kind, cause) VALUES (?, ?, ?, ?, ?)',
  viewers: 'INSERT INTO viewers (session, at_ms, output, viewers) VALUES (?, ?, ?, ?)',
} as const;
type Name = keyof typeof INSERTS;

const wordingHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** How a viewer's name is stored. The salt is this store's own, so hashes of two rooms cannot be compared. */
type NameOf = (platform: string, user: string) => string | null;

function namesAs(mode: Store['userNames'], db: Database): NameOf {
  if (mode === 'none') return () => null;
  if (mode === 'plain') return (_platform, user) => (user === '' ? null : user);
  const salt = saltOf(db);
  return (platform, user) =>
    user === '' ? null : createHash('sha256').update(`${salt}\n${platform}\n${user}`).digest('base64url').slice(0, 22);
}

function saltOf(db: Database): string {
  db.prepare("INSERT OR IGNORE INTO setting (name, value) VALUES ('salt', ?)").run(randomBytes(16).toString('base64'));
  return (db.prepare("SELECT value FROM setting WHERE name = 'salt'").get() as { value: string }).value;
}

/** Writes records through prepared statements; the caller opens the transaction. */
class RecordWriter {
  private readonly statements: Record<Name, Statement>;
  private session: number | undefined;

  constructor(
    db: Database,
    private readonly nameOf: NameOf,
  ) {
    this.statements = Object.fromEntries(
      Object.entries(INSERTS).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as Record<Name, Statement>;
  }

  begin(id: number, { room, version, atMs }: SessionStart): void {
    this.session = id;
    this.run('session', id, room, version, ms(atMs), ms(atMs));
  }

  /** Goes on with a session that the file knows already. */
  resume(id: number): void {
    this.session = id;
  }

  end(atMs: number, how: SessionEnd): void {
    this.run('leave', ms(atMs), this.session);
    this.run('ended', ms(atMs), ms(atMs), how, this.session);
  }

  write(record: StoreRecord): void {
    const { session } = this;
    switch (record.table) {
      case 'product':
        this.run('leave', ms(record.atMs), session);
        this.run('product', session, ms(record.atMs), record.product, record.title);
        return;
      case 'line': {
        const { atMs, untilMs, line, kind, role, language, product = null, position = null, variant = null } = record;
        const text = record.text.slice(0, MAX_TEXT);
        const hash = wordingHash(text);
        this.run('wording', hash, text);
        this.run('line', session, ms(atMs), ms(untilMs), line, hash, kind, role, language, product, position, variant);
        return;
      }
      case 'taken-back':
        this.run('taken-back', session, record.line);
        return;
      case 'cut':
        this.run('cut', ms(record.untilMs), session, record.line);
        return;
      case 'event':
        this.event(record);
        return;
      case 'result': {
        const { outcome, path = null, intent = null, product = null, reason = null, replyMs, platform, id } = record;
        this.run(
          'result',
          outcome,
          path,
          intent,
          product,
          replyMs === undefined ? null : ms(replyMs),
          reason,
          outcome,
          platform,
          id,
        );
        return;
      }
      case 'violation':
        this.run('violation', session, ms(record.atMs), record.rule, record.surface, record.action);
        return;
      case 'output': {
        const { atMs, output, kind, target, state, error } = record;
        this.run('output', session, ms(atMs), output, kind, target, state, error.slice(0, 200));
        return;
      }
      case 'period':
        this.run('period', session, ms(record.atMs), ms(record.untilMs), record.kind, record.cause);
        return;
      case 'viewers':
        this.run('viewers', session, ms(record.atMs), record.output, record.viewers);
        return;
      case 'figures': {
        const { atMs, frames, replaced, muted, late } = record;
        this.run('seen', ms(atMs), frames, replaced, muted, late, session);
      }
    }
  }

  private event(event: EventSeen): void {
    const { id, platform, kind, user, count = 1, atMs, intent = null, product = null, outcome = 'open' } = event;
    if (COUNTED.has(kind)) {
      this.run('audience', Math.floor(atMs / MINUTE_MS) * MINUTE_MS, platform, kind, count);
      return;
    }
    const text = outcome === 'hostile' || event.text === undefined ? null : event.text.slice(0, MAX_TEXT);
    const name = this.nameOf(platform, user);
    this.run('event', this.session, ms(atMs), platform, id, kind, name, text, count, intent, product, outcome);
  }

  private run(name: Name, ...values: unknown[]): void {
    this.statements[name].run(...values);
  }
}

const ms = (value: number): number => Math.round(value);

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
