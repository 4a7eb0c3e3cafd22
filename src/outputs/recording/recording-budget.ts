import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `main-20261124-190205.mp4`, or `main-20261124-190205-2.mp4`; sorted by name they are sorted by time. */
export const recordingName = (id: string, at: Date, n: number): string =>
  `${id}-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}${n > 1 ? `-${n}` : ''}.mp4`;

/**
 * Removes the oldest recordings of an output until the rest take at most `maxBytes`; the one being written stays. Other
 * files in the folder are not touched.
 *
 * @returns the names of the removed files
 */
export async function keepWithinBudget(dir: string, id: string, maxBytes: number, current: string): Promise<string[]> {
  const own = new RegExp(`^${id}-\\d{8}-\\d{6}(-\\d+)?\\.mp4$`);
  const names = (await readdir(dir)).filter((name) => own.test(name)).sort();
  // A file removed since takes no space.
  const sizeOf = (name: string): Promise<number> =>
    stat(join(dir, name)).then(
      ({ size }) => size,
      () => 0,
    );
  const sizes = await Promise.all(names.map(sizeOf));
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const removed: string[] = [];
  for (const [i, name] of names.entries()) {
    if (total <= maxBytes) break;
    if (join(dir, name) === current) continue;
    await rm(join(dir, name), { force: true });
    total -= sizes[i]!;
    removed.push(name);
  }
  return removed;
}
