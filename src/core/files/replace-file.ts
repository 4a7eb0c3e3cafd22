import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOwnerOnly } from '../owner-only.js';

export interface ReplaceOptions {
  /** Of the new file; default: for its owner only. */
  readonly mode?: number;
  /** Where the new content stands until it is whole; default: beside the file, with this process's number. */
  readonly draft?: string;
}

/**
 * Replaces a file in one step: a crash leaves the old content or the new, never half of one, and nothing else when it
 * fails. The content is synced before the rename and the folder after it, so a power cut does not take it back.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  { mode, draft = `${file}.${process.pid}.tmp` }: ReplaceOptions = {},
): Promise<void> {
  try {
    const handle = await createOwnerOnly(draft, mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Puts the names in a folder on disk: without it a new, renamed or removed file may be as before after a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems have nothing to sync a folder with.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
