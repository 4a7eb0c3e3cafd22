import { open } from 'node:fs/promises';
import type { Test } from 'tap';

interface Writes {
  write: (...args: unknown[]) => Promise<unknown>;
  writeFile: (...args: unknown[]) => Promise<unknown>;
}

/** A disk that accepts no byte while `full` is true. */
export async function fullDisk(t: Test): Promise<{ full: boolean }> {
  const disk = { full: false };
  const handle = await open(import.meta.filename, 'r');
  const kind = Object.getPrototypeOf(handle) as Writes;
  await handle.close();
  const { write, writeFile } = kind;
  const refuse = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  kind.write = async function (...args) {
    return disk.full ? refuse() : write.apply(this, args);
  };
  kind.writeFile = async function (...args) {
    return disk.full ? refuse() : writeFile.apply(this, args);
  };
  t.teardown(() => Object.assign(kind, { write, writeFile }));
  return disk;
}
