/** `damaged`: the file is no usable database. `full`: the disk, or the store's limit. `other`: everything else. */
export type StoreFault = 'damaged' | 'full' | 'other';

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
