import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

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
