import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../../core/log.js';

/** The file name of earlier engines, independent of the ledger's name: rooms with ledgers in one folder shared it. */
const OLD_NAME = 'risk.json';

/**
 * The path of a room's risk score: beside its ledger, under its name. A score of an earlier engine is taken over when
 * the folder belongs to one room; with several rooms its owner is unknown, which is logged.
 */
export async function riskFile(ledgerFile: string, log: Log): Promise<string> {
  const folder = dirname(ledgerFile);
  const stem = basename(ledgerFile).replace(/\.jsonl$/, '');
  const file = join(folder, `${stem}.risk.json`);
  const names = await namesIn(folder);
  if (names.includes(basename(file)) || !names.includes(OLD_NAME)) return file;
  const old = join(folder, OLD_NAME);
  const own = (name: string): boolean =>
    name.startsWith(stem) && /^(\.\d{6,})?\.jsonl$|^\.resume\.json$/.test(name.slice(stem.length));
  const others = names.filter((name) => /\.(jsonl|resume\.json)$/.test(name) && !own(name));
  if (others.length === 0) await rename(old, file);
  else
    log.error(
      { file: old, others },
      `the owner of this risk score is unknown; if it belongs to this room, rename it to ${file}`,
    );
  return file;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
