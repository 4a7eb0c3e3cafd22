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
