import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all but the most recently changed files of a cache. */
export async function keepNewest(dir: string, ending: string, count: number): Promise<void> {
  const paths = (await readdir(dir)).filter((name) => name.endsWith(ending)).map((name) => join(dir, name));
  const dated = await Promise.all(paths.map(async (path) => ({ path, usedMs: (await stat(path)).mtimeMs })));
  const old = dated.toSorted((a, b) => b.usedMs - a.usedMs).slice(count);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
