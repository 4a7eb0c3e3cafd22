import { constants } from 'node:fs';
import { chmod, lstat, open, rm, type FileHandle } from 'node:fs/promises';

/** Files with refused texts may contain people's numbers, so only their owner may read them. */
export const OWNER_ONLY_FILE = 0o600;
export const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

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
