import { createHash } from 'node:crypto';
import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { makeFolder } from '../../core/files/make-folder.js';
import { makeOwnerOnly, OWNER_ONLY_FOLDER } from '../../core/owner-only.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { SerialQueue } from '../../core/serial-queue.js';
import type { EvidenceFile } from '../../core/verdict.js';

export interface EvidenceStoreOptions {
  readonly log: Log;
  /** Bytes that all evidence may take together. */
  readonly maxBytes: number;
  /** Told of a piece that was named and then could not be written. */
  readonly onUnwritten?: (file: EvidenceFile, error: string) => void;
}

interface Piece {
  readonly bytes: number;
  /** Wall time in ms of when it was last seen, as the file system has it. */
  atMs: number;
  /** Whether it got to the disk. */
  readonly written: Promise<boolean>;
}

/** Files that wait to be written; what comes on top of them is not kept. */
const MAX_WAITING = 32;
/** What is seen again gets a new time not more often than that. */
const TOUCH_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The folder of a ledger's evidence: `ledger.jsonl` → `ledger-evidence`. */
export const evidenceFolder = (ledgerFile: string): string =>
  join(dirname(ledgerFile), `${basename(ledgerFile, extname(ledgerFile))}-evidence`);

/**
 * Pictures and sound of what was held back, each named by its own hash, beside the ledger.
 *
 * Conflicting demands: what was withheld must be there when a platform or a seller asks, and a room that
 * holds back a code for hours must not fill the disk or the memory, nor keep what shows people for ever. So files go
 * within a budget in bytes, the oldest first, and after their days; the same content is kept once; the queue to
 * the disk is bounded, and what does not fit or cannot be written is counted and not kept. The ledger's line stays
 * in any case. A disk that fails never fails the room.
 */
export class EvidenceStore implements Closeable {
  /** Pieces that were not kept because too many waited. */
  dropped = 0;
  /** Pieces that were named and that the disk refused. */
  unwritten = 0;
  private readonly folder: string;
  private readonly kept = new Map<string, Piece>();
  private readonly turns = new SerialQueue();
  private bytes = 0;
  private waiting = 0;

  private constructor(
    ledgerFile: string,
    private readonly options: EvidenceStoreOptions,
  ) {
    this.folder = evidenceFolder(ledgerFile);
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
      this.seenAgain(name, known);
      return file;
    }
    if (this.waiting >= MAX_WAITING) {
      this.dropped += 1;
      return undefined;
    }
    this.waiting += 1;
    const written = this.turns.take(async () => {
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

  /** Resolves with whether a piece got to the disk; what its budget or its days removed since did. */
  async isWritten({ name }: EvidenceFile): Promise<boolean> {
    return (await this.kept.get(basename(name))?.written) ?? true;
  }

  /** Lets go of what was last seen more than so many days before. */
  async retire(days: number, nowMs: number): Promise<void> {
    const past = [...this.kept].filter(([, { atMs }]) => atMs < nowMs - days * DAY_MS);
    for (const [name] of past) this.remove(name);
    if (past.length > 0) this.options.log.info({ days, pieces: past.length }, 'evidence past its days was removed');
    await this.turns.take(async () => undefined);
  }

  /** Resolves when what was queued is on disk, or could not be. */
  close(): Promise<void> {
    return this.turns.take(async () => undefined);
  }

  private async write(name: string, content: Uint8Array): Promise<void> {
    await makeFolder(this.folder, OWNER_ONLY_FOLDER);
    await replaceFile(join(this.folder, name), content, { draft: join(this.folder, `.${name}.part`) });
  }

  /** What is seen again is as young as now. */
  private seenAgain(name: string, known: Piece): void {
    this.kept.delete(name);
    this.kept.set(name, known);
    const now = new Date();
    if (now.getTime() - known.atMs < TOUCH_MS) return;
    known.atMs = now.getTime();
    this.later(name, () => utimes(join(this.folder, name), now, now));
  }

  /** Lets the oldest go until the budget holds. */
  private makeRoom(): void {
    for (const [name] of this.kept) {
      if (this.bytes <= this.options.maxBytes) return;
      this.remove(name);
    }
  }

  /** Its file is removed in its turn, after it was written; what is kept again after that stays. */
  private remove(name: string): void {
    this.forget(name);
    this.later(name, () => unlink(join(this.folder, name)));
  }

  private later(name: string, work: () => Promise<void>): void {
    void this.turns.take(() =>
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
