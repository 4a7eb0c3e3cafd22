import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** Name of the n-th full file of a ledger: `ledger.jsonl` → `ledger.000001.jsonl`. */
export function fullFileName(file: string, n: number): string {
  const ext = extname(file);
  return join(dirname(file), `${basename(file, ext)}.${String(n).padStart(6, '0')}${ext}`);
}

/** The n in a full file's name. */
export const fullFileNumber = (file: string): number =>
  Number(/\.(\d{6,})(?:\.[^.]*)?$/.exec(basename(file))?.[1] ?? 0);

/** The full files of a ledger, oldest first, without the file that is being written. */
export async function fullFiles(file: string): Promise<string[]> {
  const ext = extname(file);
  const stem = basename(file, ext);
  let names: string[];
  try {
    names = await readdir(dirname(file));
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw e;
  }
  return names
    .filter((name) => {
      const middle = name.slice(stem.length, name.length - ext.length);
      return name.startsWith(stem) && name.endsWith(ext) && /^\.\d{6,}$/.test(middle);
    })
    .sort()
    .map((name) => join(dirname(file), name));
}
