/**
 * Caches on disk that nobody else can fill.
 *
 * Problem: below a temporary folder anybody may make the folder first that the engine will look into, and put a picture
 * there that no one has judged, or a link to a file that would be written over.
 * Rule: the folder and each file in it belong to this user, and nobody else may write to them; a link is neither. Asked
 * of the open file, so that nothing can change in between. Windows has no such owners; there the folder is the user's.
 */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOwnerOnly, OWNER_ONLY_FOLDER } from '../owner-only.js';

const OTHERS_WRITE = 0o022;
/** Not to wait for a writer where a pipe stands. */
const READ_NO_LINK = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export function isOwn(stat: Pick<Stats, 'uid' | 'mode'>): boolean {
  const uid = process.getuid?.();
  return uid === undefined || (stat.uid === uid && (stat.mode & OTHERS_WRITE) === 0);
}

export function isOwnFolder(dir: string): boolean {
  try {
    const stat = lstatSync(dir);
    return stat.isDirectory() && isOwn(stat);
  } catch {
    return false;
  }
}

/** Makes a cache folder where there is none. @throws Error when it is somebody else's */
export async function makeOwnFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const stat = lstatSync(dir);
  if (stat.isDirectory() && stat.uid === process.getuid?.() && !isOwn(stat)) chmodSync(dir, OWNER_ONLY_FOLDER);
  if (!isOwnFolder(dir)) throw new Error('the folder belongs to somebody else');
}

/** For reading; undefined when it is not there or not ours. */
export async function openOwnFile(path: string): Promise<FileHandle | undefined> {
  if (!isOwnFolder(dirname(path))) return undefined;
  const file = await open(path, READ_NO_LINK).catch(() => undefined);
  if (file === undefined) return undefined;
  const stat = await file.stat();
  if (stat.isFile() && isOwn(stat)) return file;
  await file.close();
  return undefined;
}

/** The same for a thread that must not wait. @throws Error when it is not there or not ours */
export function openOwnFileSync(path: string): number {
  const fd = openSync(path, READ_NO_LINK);
  const stat = fstatSync(fd);
  if (stat.isFile() && isOwn(stat)) return fd;
  closeSync(fd);
  throw new Error('the file belongs to somebody else');
}

/** Written beside and renamed, so that readers see a whole file or none. @throws Error when the folder is not ours */
export async function writeOwnFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await makeOwnFolder(dirname(path));
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await createOwnerOnly(beside);
    try {
      for (const part of parts) await file.writeFile(part);
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
