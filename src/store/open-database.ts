import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { makeFolder } from '../core/files/make-folder.js';
import { createOwnerOnly, makeOwnerOnly, OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import type { Database } from './database.js';
import { MIGRATIONS, STORE_VERSION } from './store-schema.js';
import { inTransaction } from './transaction.js';

/** Wait for another process's lock; readers of a WAL database hold none. */
const BUSY_MS = 250;
const READER_BUSY_MS = 5000;
const PAGE_BYTES = 4096;

/** The database was made by a newer engine; it is left as it is. */
export class NewerStore extends Error {
  constructor(readonly version: number) {
    super(`a store of version ${version}; this engine knows versions up to ${STORE_VERSION}`);
  }
}

/** Loads SQLite. It is native code that may not exist for this system. @throws Error */
export async function loadSqlite(): Promise<typeof Libsql> {
  const { default: load } = await import('libsql');
  return load;
}

/** Opens a store for writing, creates it when it is missing, and brings it to the present version. */
export async function openForWriting(
  file: string,
  maxBytes: number,
  nowMs: number,
  load = loadSqlite,
): Promise<Database> {
  const Sqlite = await load();
  await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) await (await createOwnerOnly(file)).close();
  else await makeOwnerOnly(file);
  const db = new Sqlite(file);
  try {
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    db.pragma('journal_mode = WAL');
    // A power cut may lose the last seconds, never the database.
    db.pragma('synchronous = NORMAL');
    db.pragma('secure_delete = ON');
    db.pragma(`max_page_count = ${Math.max(64, Math.floor(maxBytes / PAGE_BYTES))}`);
    db.pragma('cache_size = -2000');
    migrate(db, nowMs);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens an existing store for reading, also while an engine writes it. */
export async function openForReading(file: string, load = loadSqlite): Promise<Database> {
  const Sqlite = await load();
  const db = new Sqlite(file);
  try {
    db.pragma(`busy_timeout = ${READER_BUSY_MS}`);
    db.pragma('query_only = ON');
    const version = versionOf(db);
    if (version > STORE_VERSION) throw new NewerStore(version);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** 0 for an empty database. */
export function versionOf(db: Database): number {
  const there = db.prepare("SELECT 1 AS n FROM sqlite_master WHERE type = 'table' AND name = 'migration'").get();
  if (there === undefined) return 0;
  return (db.prepare('SELECT max(version) AS n FROM migration').get() as { n: number | null }).n ?? 0;
}

function migrate(db: Database, nowMs: number): void {
  const version = versionOf(db);
  if (version > STORE_VERSION) throw new NewerStore(version);
  if (version === STORE_VERSION) return;
  inTransaction(db, () => {
    db.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)');
    for (const [i, step] of MIGRATIONS.entries()) {
      if (i < version) continue;
      db.exec(step);
      db.prepare('INSERT INTO migration (version, at_ms) VALUES (?, ?)').run(i + 1, Math.round(nowMs));
    }
  });
}
