import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../core/files/paths.js';
import { createOwnerOnly, makeOwnerOnly, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { type Database, inTransaction } from '../store-schema.js';
import { loadSqlite, NewerStore } from '../open-database.js';

/** The server is the only writer, apart from a backup that reads. */
const BUSY_MS = 2000;

/** Opens the studio's database, creates it when it is missing, and brings it to the present version. */
export async function openStudioDatabase(file: string): Promise<Database> {
  const Sqlite = await loadSqlite();
  await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) await (await createOwnerOnly(file)).close();
  else await makeOwnerOnly(file);
  const db = new Sqlite(file);
  try {
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('secure_delete = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -4000');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Tables of the studio beside those of its accounts, which their library makes. One text a version; never changed later. */
const STUDIO_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE room (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL,
  title TEXT NOT NULL,
  template TEXT,
  language TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  products INTEGER NOT NULL,
  position INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  -- off, preview or on-air: what a person asked for last.
  wanted TEXT NOT NULL DEFAULT 'off',
  wanted_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX room_of ON room (organisation, position);
CREATE TABLE room_version (
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL,
  changed TEXT NOT NULL,
  etag TEXT NOT NULL,
  file BLOB NOT NULL,
  PRIMARY KEY (room, version)
);
CREATE TABLE destination (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL,
  name TEXT NOT NULL,
  preset TEXT NOT NULL,
  kind TEXT NOT NULL,
  server TEXT NOT NULL,
  backup_server TEXT,
  sealed BLOB,
  key_end TEXT,
  latency_ms INTEGER,
  required INTEGER NOT NULL,
  last_test TEXT,
  created_ms INTEGER NOT NULL
);
CREATE INDEX destination_of ON destination (organisation);
CREATE TABLE room_destination (
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  destination TEXT NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
  -- 1 while it is to be on air with the room.
  live INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (room, destination)
);
CREATE TABLE schedule (
  id TEXT PRIMARY KEY,
  room TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  start TEXT NOT NULL,
  minutes INTEGER,
  time_zone TEXT NOT NULL,
  repeat TEXT NOT NULL,
  days TEXT NOT NULL,
  destinations TEXT,
  enabled INTEGER NOT NULL,
  -- The start that ran last, as a time; it never runs twice.
  ran_ms INTEGER,
  last TEXT
);
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  organisation TEXT NOT NULL,
  room TEXT,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  action TEXT NOT NULL,
  what TEXT NOT NULL,
  before TEXT,
  after TEXT
);
CREATE INDEX audit_of ON audit (organisation, id);
CREATE TABLE link (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  organisation TEXT NOT NULL,
  payload TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
);
CREATE TABLE push (
  endpoint TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  organisation TEXT NOT NULL,
  subscription TEXT NOT NULL
);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`,
];

function migrate(db: Database): void {
  db.exec('CREATE TABLE IF NOT EXISTS studio_migration (version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)');
  const { n } = db.prepare('SELECT coalesce(max(version), 0) AS n FROM studio_migration').get() as { n: number };
  if (n > STUDIO_MIGRATIONS.length) throw new NewerStore(n);
  inTransaction(db, () => {
    for (const [i, step] of STUDIO_MIGRATIONS.entries()) {
      if (i < n) continue;
      db.exec(step);
      db.prepare('INSERT INTO studio_migration (version, at_ms) VALUES (?, ?)').run(i + 1, Date.now());
    }
  });
}
