import { createHash } from 'node:crypto';
import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { makeFolder } from '../../core/files/paths.js';
import { makeOwnerOnly, OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { LastingQueue } from '../../core/serial-queue.js';
import type { EvidenceFile } from '../../core/verdict.js';

export interface EvidenceStoreOptions {
  readonly log: Log;
  /** Maximum bytes of all evidence. */
  readonly maxBytes: number;
  /** Called for a piece that the ledger names and the disk refused. */
  readonly onUnwritten?: (file: EvidenceFile, error: string) => void;
}

interface Piece {
  readonly bytes: number;
  /** Wall time in ms of its last use, as stored by the file system. */
  atMs: number;
  /** Whether it was written. */
  readonly written: Promise<boolean>;
}

/** Maximum files waiting to be written; further ones are not kept. */
const MAX_WAITING = 32;
/** Minimum time between two touches of a repeated piece. */
const TOUCH_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The folder of a ledger's evidence: `ledger.jsonl` → `ledger-evidence`. */
export const evidenceFolder = (ledgerFile: string): string =>
  join(dirname(ledgerFile), `${basename(ledgerFile, extname(ledgerFile))}-evidence`);

/**
 * Pictures and sound of withheld content beside the ledger, each file named by its own hash.
 *
 * Problem: withheld content must be available when a platform or a seller asks. But a room that withholds a code for
 * hours must not fill the disk or the memory, and files that may show people must not be kept forever.
 * Rule: files are removed within a budget in bytes, oldest first, and after the retention period. Equal content is
 * stored once. The queue to the disk is bounded; pieces that do not fit or cannot be written are counted and dropped.
 * The ledger's line stays in any case. A failing disk never fails the room.
 */
export class EvidenceStore implements Closeable {
  /** Pieces dropped from the full queue. */
  dropped = 0;
  /** Pieces named in the ledger that the disk refused. */
  unwritten = 0;
  private readonly folder: string;
  private readonly kept = new Map<string, Piece>();
  private readonly tasks = new LastingQueue();
  private bytes = 0;
  private waiting = 0;

  private constructor(
    ledgerFile: string,
    private readonly options: EvidenceStoreOptions,
  ) {
    this.folder = evidenceFolder(ledgerFile);
  }

  /** Takes over the files in the folder, oldest first, and enforces the budget. */
  static async open(ledgerFile: string, options: EvidenceStoreOptions): Promise<EvidenceStore> {
    const store = new EvidenceStore(ledgerFile, options);
    try {
      await store.takeOver();
    } catch (e) {
      options.log.warn({ folder: store.folder, error: String(e) }, 'the evidence folder could not be read');
    }
    return store;
  }

  /** Queues one piece and returns its name at once; undefined when it is not kept. `ext` without the dot. */
  keep(content: Uint8Array, ext: string): EvidenceFile | undefined {
    if (content.length === 0 || content.length > this.options.maxBytes) return undefined;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const name = `${sha256}.${ext}`;
    const file: EvidenceFile = { name: `${basename(this.folder)}/${name}`, sha256, bytes: content.length };
    const known = this.kept.get(name);
    if (known !== undefined) {
      this.seenAgain(name, known);
      return file;
    }
    if (this.waiting >= MAX_WAITING) {
      this.dropped += 1;
      return undefined;
    }
    this.waiting += 1;
    const written = this.tasks.take(async () => {
      try {
        await this.write(name, content);
        return true;
      } catch (error) {
        if (this.kept.get(name) === piece) this.forget(name);
        this.unwritten += 1;
        this.options.log.error({ name, error: String(error) }, 'evidence could not be written');
        this.options.onUnwritten?.(file, String(error));
        return false;
      } finally {
        this.waiting -= 1;
      }
    });
    const piece: Piece = { bytes: content.length, atMs: Date.now(), written };
    this.kept.set(name, piece);
    this.bytes += content.length;
    this.makeRoom();
    return file;
  }

  /** Resolves with whether a piece was written, even if budget or retention have removed it since. */
  async isWritten({ name }: EvidenceFile): Promise<boolean> {
    return (await this.kept.get(basename(name))?.written) ?? true;
  }

  /** Removes pieces last used more than `days` days ago. */
  async retire(days: number, nowMs: number): Promise<void> {
    const past = [...this.kept].filter(([, { atMs }]) => atMs < nowMs - days * DAY_MS);
    for (const [name] of past) this.remove(name);
    if (past.length > 0) this.options.log.info({ days, pieces: past.length }, 'expired evidence was removed');
    await this.tasks.take(async () => undefined);
  }

  /** Resolves when all queued pieces are on disk, or could not be written. */
  close(): Promise<void> {
    return this.tasks.take(async () => undefined);
  }

  private async write(name: string, content: Uint8Array): Promise<void> {
    await makeFolder(this.folder, OWNER_ONLY_FOLDER);
    await replaceFile(join(this.folder, name), content, { draft: join(this.folder, `.${name}.part`) });
  }

  /** Renews the age of a repeated piece. */
  private seenAgain(name: string, known: Piece): void {
    this.kept.delete(name);
    this.kept.set(name, known);
    const now = new Date();
    if (now.getTime() - known.atMs < TOUCH_MS) return;
    known.atMs = now.getTime();
    this.later(name, () => utimes(join(this.folder, name), now, now));
  }

  /** Removes the oldest pieces until the budget holds. */
  private makeRoom(): void {
    for (const [name] of this.kept) {
      if (this.bytes <= this.options.maxBytes) return;
      this.remove(name);
    }
  }

  /** Removes a piece's file once it is written; a piece kept again after that stays. */
  private remove(name: string): void {
    this.forget(name);
    this.later(name, () => unlink(join(this.folder, name)));
  }

  private later(name: string, work: () => Promise<void>): void {
    void this.tasks.take(() =>
      work().catch((e: unknown) => {
        if ((e as NodeJS.ErrnoException).code === 'ENOENT') return;
        this.options.log.error({ name, error: String(e) }, 'evidence could not be removed');
      }),
    );
  }

  private forget(name: string): void {
    this.bytes -= this.kept.get(name)?.bytes ?? 0;
    this.kept.delete(name);
  }

  private async takeOver(): Promise<void> {
    let names: string[];
    await makeOwnerOnly(this.folder);
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
    for (const { name, bytes, atMs } of found) {
      this.kept.set(name, { bytes, atMs, written: Promise.resolve(true) });
      this.bytes += bytes;
    }
    this.makeRoom();
    await this.close();
  }
}
