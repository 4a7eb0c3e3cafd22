/**
 * Disk caches that nobody else can fill.
 *
 * Problem: below a temporary folder anybody may create the engine's folder first and put an unjudged picture into it,
 * or a link to a file that the engine would overwrite.
 * Rule: the folder and each file in it belong to this user, and nobody else may write to them; links are refused. The
 * open file is checked, so nothing can change in between. Windows has no owners of this kind; there the folder is the user's.
 */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOwnerOnly, OWNER_ONLY_FOLDER } from '../owner-only.js';

const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;
/** Does not block on a pipe without a writer. */
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

/** Creates a cache folder that this user alone can open. @throws Error when it belongs to somebody else */
export async function makeOwnFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const stat = lstatSync(dir);
  // One of an earlier version, or made by hand.
  if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & OTHERS) !== 0)
    chmodSync(dir, OWNER_ONLY_FOLDER);
  if (!isOwnFolder(dir)) throw new Error('the folder belongs to somebody else');
}

/** Opens a file for reading; undefined when it is missing or not ours. */
export async function openOwnFile(path: string): Promise<FileHandle | undefined> {
  if (!isOwnFolder(dirname(path))) return undefined;
  const file = await open(path, READ_NO_LINK).catch(() => undefined);
  if (file === undefined) return undefined;
  const stat = await file.stat();
  if (stat.isFile() && isOwn(stat)) return file;
  await file.close();
  return undefined;
}

/** As `openOwnFile`, for a thread that must not wait. @throws Error when it is missing or not ours */
export function openOwnFileSync(path: string): number {
  const fd = openSync(path, READ_NO_LINK);
  const stat = fstatSync(fd);
  if (stat.isFile() && isOwn(stat)) return fd;
  closeSync(fd);
  throw new Error('the file belongs to somebody else');
}

/**
 * Writes to a draft and renames it, so that readers never see half a file. @throws Error when the folder is not ours
 */
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
