import type Libsql from 'libsql';

export type Database = Libsql.Database;
export type Statement = Libsql.Statement;

/** Runs the work in one write transaction. The first error is thrown, also where SQLite has already rolled back. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      if (db.inTransaction) db.exec('ROLLBACK');
    } catch {
      // SQLite ends the transaction of a full or damaged database by itself.
    }
    throw error;
  }
}

/**
 * The tables of a room's store, as steps from one version to the next. A released step never changes; a new one is
 * added at the end. All times are Unix milliseconds.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    version TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    ended TEXT,
    frames INTEGER NOT NULL DEFAULT 0,
    replaced INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX session_seen ON session (seen_ms);
  CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    product TEXT,
    title TEXT NOT NULL
  );
  CREATE INDEX product_at ON product (at_ms);
  CREATE TABLE wording (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE line (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    line TEXT NOT NULL,
    wording TEXT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    product TEXT,
    position TEXT,
    variant INTEGER
  );
  CREATE INDEX line_at ON line (at_ms);
  CREATE INDEX line_wording ON line (wording);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    platform TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    user TEXT,
    text TEXT,
    amount INTEGER NOT NULL,
    intent TEXT,
    product TEXT,
    outcome TEXT NOT NULL,
    path TEXT,
    reply_ms INTEGER,
    UNIQUE (platform, event)
  );
  CREATE INDEX event_at ON event (at_ms);
  CREATE TABLE audience (
    minute_ms INTEGER NOT NULL,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (minute_ms, platform, kind)
  ) WITHOUT ROWID;
  CREATE TABLE violation (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    rule TEXT NOT NULL,
    surface TEXT NOT NULL,
    action TEXT NOT NULL
  );
  CREATE INDEX violation_at ON violation (at_ms);
  CREATE TABLE output (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    output TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT NOT NULL
  );
  CREATE INDEX output_at ON output (at_ms);
  CREATE TABLE period (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cause TEXT NOT NULL
  );
  CREATE INDEX period_at ON period (at_ms);
  CREATE TABLE viewers (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    output TEXT NOT NULL,
    viewers INTEGER NOT NULL
  );
  CREATE INDEX viewers_at ON viewers (at_ms);
  `,
  `CREATE INDEX line_session ON line (session, line);`,
  `ALTER TABLE event ADD COLUMN reason TEXT;`,
];

/** The version of a database with all steps. */
export const STORE_VERSION = MIGRATIONS.length;

/** Tables whose rows are removed by age, with the column that dates a row. */
export const AGED_TABLES: readonly (readonly [table: string, column: string])[] = [
  ['product', 'at_ms'],
  ['line', 'at_ms'],
  ['event', 'at_ms'],
  ['audience', 'minute_ms'],
  ['violation', 'at_ms'],
  ['output', 'at_ms'],
  ['period', 'at_ms'],
  ['viewers', 'at_ms'],
  ['session', 'seen_ms'],
];
