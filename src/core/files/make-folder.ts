import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; resolves with the topmost that it made, undefined when all were there. Node's own
 * way, `recursive`, never ends where a folder above cannot be made, such as below /proc.
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
    // Another may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(dir)).isDirectory()) throw error;
  }
  return above ?? dir;
}
