import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents; resolves with the topmost folder created, undefined when all existed. Node's
 * `recursive` never returns where a parent cannot be created, such as below /proc.
 */
export async function makeFolder(dir: string, mode?: number): Promise<string | undefined> {
  try {
    await mkdir(dir, { mode });
    return dir;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(dir)).isDirectory()) return undefined;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
  }
  const above = await makeFolder(dirname(dir), mode);
  try {
    await mkdir(dir, { mode });
  } catch (error) {
    // Another process may have created it since the check.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(dir)).isDirectory()) throw error;
  }
  return above ?? dir;
}
