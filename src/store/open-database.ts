import { lstatSync, existsSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import type Libsql from 'libsql';
import { makeFolder } from '../core/files/paths.js';
import { createOwnerOnly, makeOwnerOnly, OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import { type Database, inTransaction, MIGRATIONS, STORE_VERSION } from './store-schema.js';
import { readdir, rename, rm } from 'node:fs/promises';

/** Damaged databases kept beside a store; older ones are removed. */
const MAX_ASIDE = 2;
/** The database and the files that SQLite keeps beside it. */
const PARTS = ['', '-wal', '-shm'] as const;

/** The path of a room's store: beside its ledger, under its name. */
export const storeFile = (ledgerFile: string): string =>
  join(dirname(ledgerFile), `${basename(ledgerFile).replace(/\.jsonl$/, '')}.store.sqlite`);

/** Moves a damaged store out of the way; returns its new path. */
export async function moveAside(file: string, nowMs: number): Promise<string> {
  const folder = dirname(file);
  const prefix = `${basename(file)}.damaged-`;
  const aside = join(folder, `${prefix}${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`);
  // The log first: a new database must never meet the old one's log.
  for (const part of PARTS.toReversed()) {
    if (existsSync(file + part)) await rename(file + part, aside + part);
  }
  const older = (await readdir(folder)).filter((name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name)).sort();
  for (const name of older.slice(0, -MAX_ASIDE)) {
    for (const part of PARTS) await rm(join(folder, name + part), { force: true });
  }
  return aside;
}

/** `damaged`: the file is no usable database. `full`: the disk, or the store's limit. `other`: everything else. */
type StoreFault = 'damaged' | 'full' | 'other';

/** Classifies an error of SQLite by its code. */
export function storeFault(error: unknown): StoreFault {
  const code = String((error as { code?: unknown }).code ?? '');
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code)) return 'damaged';
  // A table that is missing in a database of the present version was removed by something else.
  if (code === 'SQLITE_ERROR' && /no such (table|column)|already exists/.test((error as Error).message))
    return 'damaged';
  return /^SQLITE_(FULL|IOERR)/.test(code) || (error as { code?: unknown }).code === 'ENOSPC' ? 'full' : 'other';
}

export const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
