import { constants } from 'node:fs';
import { chmod, lstat, open, rm, type FileHandle } from 'node:fs/promises';

/** What holds refused texts, and with them numbers of people, is for its owner. */
export const OWNER_ONLY_FILE = 0o600;
export const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/** Takes a file or folder of this user from everybody else. One that is not there, or not ours, stays as it is. */
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

/** A new file in place of one that was left there; never through a link. */
export async function createOwnerOnly(path: string, mode = OWNER_ONLY_FILE): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, 'wx+', mode);
}
