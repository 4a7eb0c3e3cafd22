import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { EvidenceFile } from '../../core/verdict.js';

export interface EvidenceStoreOptions {
  readonly log: Log;
  /** Bytes that all evidence may take together. */
  readonly maxBytes: number;
}

/** Files that wait to be written; what comes on top of them is not kept. */
const MAX_WAITING = 32;

/** The folder of a ledger's evidence: `ledger.jsonl` → `ledger-evidence`. */
export const evidenceFolder = (ledgerFile: string): string =>
  join(dirname(ledgerFile), `${basename(ledgerFile, extname(ledgerFile))}-evidence`);

/**
 * Pictures and sound of what was held back, each named by its own hash, beside the ledger.
 *
 * Conflicting demands: what was withheld must be there when a platform or a seller asks, and a room that
 * holds back a code for hours must not fill the disk or the memory. So files go within a budget in bytes, the
 * oldest first; the same content is kept once; the queue to the disk is bounded, and what does not fit is
 * counted and not kept. The ledger's line stays in any case. A disk that fails never fails the room.
 */
export class EvidenceStore implements Closeable {
  /** Pieces that were not kept because too many waited. */
  dropped = 0;
  private readonly folder: string;
  private readonly kept = new Map<string, number>();
  private bytes = 0;
  private waiting = 0;
  private last: Promise<void>;

  private constructor(
    ledgerFile: string,
    private readonly options: EvidenceStoreOptions,
  ) {
    this.folder = evidenceFolder(ledgerFile);
    this.last = Promise.resolve();
  }

  /** Takes over what is in the folder, oldest first, and makes the budget hold. */
  static async open(ledgerFile: string, options: EvidenceStoreOptions): Promise<EvidenceStore> {
    const store = new EvidenceStore(ledgerFile, options);
    try {
      await store.takeOver();
    } catch (e) {
      options.log.warn({ folder: store.folder, error: String(e) }, 'evidence could not be looked through');
    }
    return store;
  }

  /** Queues one piece; its name stands at once. Undefined when it is not kept. `ext` without the dot. */
  keep(content: Uint8Array, ext: string): EvidenceFile | undefined {
    if (content.length === 0 || content.length > this.options.maxBytes) return undefined;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const name = `${sha256}.${ext}`;
    const file: EvidenceFile = { name: `${basename(this.folder)}/${name}`, sha256, bytes: content.length };
    const known = this.kept.get(name);
    if (known !== undefined) {
      // What is seen again is as young as now.
      this.kept.delete(name);
      this.kept.set(name, known);
      return file;
    }
    if (this.waiting >= MAX_WAITING) {
      this.dropped += 1;
      return undefined;
    }
    this.waiting += 1;
    this.kept.set(name, content.length);
    this.bytes += content.length;
    this.queue(name, async () => {
      try {
        await this.write(name, content);
      } catch (e) {
        this.forget(name);
        throw e;
      } finally {
        this.waiting -= 1;
      }
    });
    this.makeRoom();
    return file;
  }

  /** Resolves when what was queued is on disk, or could not be. */
  close(): Promise<void> {
    return this.last;
  }

  private async write(name: string, content: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const draft = join(this.folder, `.${name}.part`);
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, join(this.folder, name));
  }

  /** Lets the oldest go; its file is removed in its turn, after it was written. */
  private makeRoom(): void {
    for (const [name] of this.kept) {
      if (this.bytes <= this.options.maxBytes) return;
      this.forget(name);
      this.queue(name, () =>
        unlink(join(this.folder, name)).catch((e: unknown) => {
          if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
        }),
      );
    }
  }

  /** Work on files is done one after another, so that what is kept again after it went stays. */
  private queue(name: string, work: () => Promise<void>): void {
    this.last = this.last.then(work).catch((e: unknown) => {
      this.options.log.error({ name, error: String(e) }, 'evidence could not be written or removed');
    });
  }

  private forget(name: string): void {
    this.bytes -= this.kept.get(name) ?? 0;
    this.kept.delete(name);
  }

  private async takeOver(): Promise<void> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw e;
    }
    const found: { name: string; bytes: number; atMs: number }[] = [];
    for (const name of names) {
      const path = join(this.folder, name);
      if (name.endsWith('.part')) await unlink(path);
      else if (/^[0-9a-f]{64}\.[a-z0-9]+$/.test(name)) {
        const { size, mtimeMs } = await stat(path);
        found.push({ name, bytes: size, atMs: mtimeMs });
      }
    }
    found.sort((a, b) => a.atMs - b.atMs);
    for (const { name, bytes } of found) {
      this.kept.set(name, bytes);
      this.bytes += bytes;
    }
    this.makeRoom();
    await this.last;
  }
}
