import { existsSync, readFileSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

let root: string | undefined;

/** The folder of this package (with package.json), from sources and from the build alike. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json')) || !existsSync(join(dir, 'templates'))) {
    const up = dirname(dir);
    if (up === dir) throw new Error('the package folder is incomplete: no package.json beside templates/');
    dir = up;
  }
  root = dir;
  return dir;
}

/** Absolute path of a file under this package's `templates` folder. */
export const templatePath = (...parts: string[]): string => join(packageRoot(), 'templates', ...parts);

/** A JSON file of the package's templates. Their tests check its content, not each start. */
export const templateJson = <T>(...parts: string[]): T => JSON.parse(readFileSync(templatePath(...parts), 'utf8')) as T;

let version: string | undefined;

/** The version of this package. */
export const packageVersion = (): string =>
  (version ??= (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version);

/** Absolute path of a file of the browser camera, as `npm run build` leaves it, from sources and from the build alike. */
export const cameraPath = (...parts: string[]): string => join(packageRoot(), 'dist', 'camera', ...parts);

/** The built pages of the studio. */
export const studioPath = (...parts: string[]): string => join(packageRoot(), 'dist', 'studio', ...parts);

/** The reference page of the room's API. */
export const referencePath = (...parts: string[]): string => join(packageRoot(), 'dist', 'reference', ...parts);
