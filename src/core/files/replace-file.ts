import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOwnerOnly } from './own-folder.js';

export interface ReplaceOptions {
  /** Mode of the new file; default: owner only. */
  readonly mode?: number;
  /** Path of the draft; default: beside the file, with the process id in its name. */
  readonly draft?: string;
}

/**
 * Replaces a file atomically: a crash leaves the old content or the new, and a failure leaves no draft behind. The
 * content is synced before the rename and the folder after it, so a power cut does not undo it.
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

/** Syncs a folder's names to disk; without it a power cut may undo a create, rename or remove. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot sync a folder.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
