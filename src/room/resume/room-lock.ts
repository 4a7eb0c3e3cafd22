import { createHash } from 'node:crypto';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { makeFolder } from '../../core/files/make-folder.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { markProcess, stillRuns, type ProcessMark } from '../../core/processes/process-mark.js';

/** Other engines hold the lock of a dead engine for a moment only. */
const MAX_ATTEMPTS = 100;
const PAUSE_MS = 20;

/**
 * One engine per room: a file beside the ledger names the process that owns the room.
 *
 * Problem: two engines that start at once must not both get the room, and the file of a killed engine must not keep
 * the next one out. Creating the file is atomic (a link, which fails where one exists). Replacing a dead engine's file
 * is not, so the successor first locks exactly that file, named by its content, and reads it again under the lock. A
 * disk that refuses new files does not keep an engine from starting.
 */
export class RoomLock implements Closeable {
  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** The lock, or the process that owns it; undefined where no lock can be kept. */
  static async take(file: string, log: Log): Promise<RoomLock | ProcessMark | undefined> {
    const own = markProcess(process.pid);
    if (own === undefined) return undefined;
    const lock = new RoomLock(file, `${JSON.stringify(own)}\n`);
    try {
      await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
      const owner = await lock.acquire(file);
      return owner ?? lock;
    } catch (error) {
      log.error({ file, error: String(error) }, 'the room could not be locked against a second engine');
      return undefined;
    }
  }

  async close(): Promise<void> {
    if ((await readIfThere(this.file)) === this.text) await rm(this.file, { force: true });
  }

  /** Undefined when the lock is ours, else its owner. */
  private async acquire(path: string): Promise<ProcessMark | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      if (await this.make(path)) return undefined;
      const there = await readIfThere(path);
      if (there === this.text) return undefined;
      if (there === undefined) continue; // released in between
      const owner = ownerOf(there);
      if (owner !== undefined && stillRuns(owner)) return owner;
      const heir = `${path}.${createHash('sha256').update(there).digest('hex').slice(0, 12)}`;
      if ((await this.acquire(heir)) === undefined) {
        try {
          if ((await readIfThere(path)) === there) {
            await this.replace(path);
            return undefined;
          }
        } finally {
          await rm(heir, { force: true });
        }
      }
      if (attempt >= MAX_ATTEMPTS) throw new Error(`${heir} was not released`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** False when the file exists. */
  private async make(path: string): Promise<boolean> {
    const draft = await this.draft(path);
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await unlink(draft);
    }
  }

  private async replace(path: string): Promise<void> {
    await rename(await this.draft(path), path);
  }

  private async draft(path: string): Promise<string> {
    const draft = `${path}.${process.pid}.tmp`;
    await writeFile(draft, this.text, { mode: 0o600 });
    return draft;
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(text: string): ProcessMark | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<ProcessMark>;
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}
