import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../core/files/make-folder.js';
import { createOwnerOnly, makeOwnerOnly, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import type { Database } from '../database.js';
import { loadSqlite, NewerStore } from '../open-database.js';
import { inTransaction } from '../transaction.js';
import { STUDIO_MIGRATIONS } from './studio-schema.js';

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
