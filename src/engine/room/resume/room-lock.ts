import { createHash } from 'node:crypto';
import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Closeable } from '../../../core/closeable.js';
import type { Log } from '../../../core/log.js';
import { makeFolder } from '../../../core/files/make-folder.js';
import { OWNER_ONLY_FOLDER } from '../../../core/owner-only.js';
import { markProcess, stillRuns, type ProcessMark } from './resume-processes.js';

/** Who may have to be waited for: one that takes over from a dead engine does so in a moment. */
const ATTEMPTS = 100;
const PAUSE_MS = 20;

/**
 * One room for one engine: a file beside the ledger that names the process which has it.
 *
 * Problem: two engines that start at once must not both get it, and a file that a killed engine left must not keep the
 * next one out. Making the file is one step (a link, which fails where there is one). Replacing a dead engine's is not,
 * so who does it first gets a lock on just that file, named by its content; what was dead is looked at again
 * under it. A disk that takes no file more keeps no engine from starting.
 */
export class RoomLock implements Closeable {
  private constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** The lock, or the process that has it; undefined where no lock can be kept. */
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

  /** Undefined when it is ours, else its owner. */
  private async acquire(path: string): Promise<ProcessMark | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      if (await this.make(path)) return undefined;
      const there = await readIfThere(path);
      if (there === this.text) return undefined;
      if (there === undefined) continue; // given back in between
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
      if (attempt >= ATTEMPTS) throw new Error(`${heir} is not given back`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** False when there is one. */
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
