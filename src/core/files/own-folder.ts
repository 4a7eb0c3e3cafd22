/**
 * Disk caches that nobody else can fill.
 *
 * Problem: below a temporary folder anybody may create the engine's folder first and put an unjudged picture into it,
 * or a link to a file that the engine would overwrite.
 * Rule: the folder and each file in it belong to this user, and nobody else may write to them; links are refused. The
 * open file is checked, so nothing can change in between. Windows has no owners of this kind; there the folder is the user's.
 */
import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, type Stats, accessSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle, chmod, lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';

const OTHERS_WRITE = 0o022;

/** Files with refused texts may contain people's numbers, so only their owner may read them. */
export const OWNER_ONLY_FILE = 0o600;
export const OWNER_ONLY_FOLDER = 0o700;

/** Removes all access of others to a file or folder. A missing or foreign one is left as it is. */
export async function makeOwnerOnly(path: string): Promise<void> {
  try {
    const { mode, uid } = await lstat(path);
    const kind = mode & constants.S_IFMT;
    if ((kind !== constants.S_IFREG && kind !== constants.S_IFDIR) || uid !== process.getuid?.()) return;
    if ((mode & OTHERS) !== 0) await chmod(path, mode & ~OTHERS & 0o777);
  } catch {
    return;
  }
}

/** Creates a new file in place of an existing one; never follows a link. */
export async function createOwnerOnly(path: string, mode = OWNER_ONLY_FILE): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, 'wx+', mode);
}

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

/** Removes all but the most recently changed files of a cache. */
export async function keepNewest(dir: string, ending: string, count: number): Promise<void> {
  const paths = (await readdir(dir)).filter((name) => name.endsWith(ending)).map((name) => join(dir, name));
  const dated = await Promise.all(paths.map(async (path) => ({ path, usedMs: (await stat(path)).mtimeMs })));
  const old = dated.toSorted((a, b) => b.usedMs - a.usedMs).slice(count);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}

/** Survives a restart and lies on disk; the temporary folder is in memory on many systems. */
const LASTING = '/var/tmp';

/**
 * The folder for files that can be made again: `showroom` under XDG_CACHE_HOME, else a folder of this user on disk. A
 * folder of that name owned by somebody else, or a link, is skipped for the next place; users of the folder check its
 * owner again.
 */
export function cacheFolder(kind: string, env: NodeJS.ProcessEnv = process.env, lasting = LASTING): string {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && base !== '' && isFree(join(base, 'showroom'), kind)) return join(base, 'showroom', kind);
  const name = `showroom-${process.getuid?.() ?? 'user'}`;
  const places = [lasting, tmpdir()].filter(canWrite).map((place) => join(place, name));
  const home = env['HOME'];
  if (home !== undefined && home !== '') places.push(join(home, '.cache', 'showroom'));
  return join(places.find((place) => isFree(place, kind)) ?? join(tmpdir(), name), kind);
}

function canWrite(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const isFree = (place: string, kind: string): boolean => isFreeOrOwn(place) && isFreeOrOwn(join(place, kind));

const isFreeOrOwn = (dir: string): boolean =>
  lstatSync(dir, { throwIfNoEntry: false }) === undefined || isOwnFolder(dir);
