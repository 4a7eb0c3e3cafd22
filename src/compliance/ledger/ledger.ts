import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { VerdictRecord } from '../../core/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { fullFileName, fullFiles } from './ledger-files.js';
import { cleanEntry, GENESIS, hashLine, type LedgerLine, parseLine } from './ledger-line.js';

export interface LedgerOptions {
  log: Log;
  /** A file larger than this is closed and the next one begun. Default 16 MiB. */
  maxBytes?: number;
  /** Longest time a line waits for its fsync to begin. Default 50 ms. */
  flushMs?: number;
  /** Clock for `at`; for tests. */
  now?: () => Date;
}

const MAX_WAITING = 10_000;
const MAX_RECENT = 500;
const RETRY_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * What was judged, and what was done about it: append-only JSON lines, each with the hash of the one
 * before, so that a line that was changed, removed or slipped in shows.
 *
 * Conflicting demands: a line must survive a crash, and an fsync takes from under one to a hundred milliseconds.
 * So `append` only queues, and all lines of 50 ms are written and synced together, away from the
 * event loop. A crash loses at most these. A line cut off by one is kept as it is, and the next line
 * names it. Writes go to a known position: one that failed half way is written over, not appended to.
 */
export class Ledger implements Closeable {
  private readonly waiting: VerdictRecord[] = [];
  private readonly latest: VerdictRecord[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private torn: LedgerLine['torn'];
  private continues: string | undefined;
  private failing = false;
  private keepDays: number | undefined;
  private seq = 0;
  private last = GENESIS;
  private size = 0;
  private full = 0;

  private constructor(
    private readonly file: string,
    private handle: FileHandle,
    private readonly options: LedgerOptions,
  ) {}

  /** Opens the ledger, or begins one; its folder is made. */
  static async open(file: string, options: LedgerOptions): Promise<Ledger> {
    try {
      await mkdir(dirname(file), { recursive: true });
      const handle = await openForWriting(file);
      const ledger = new Ledger(file, handle, options);
      await ledger.resume();
      return ledger;
    } catch (cause) {
      if (cause instanceof EngineError) throw cause;
      const found = cause instanceof Error ? cause.message : String(cause);
      const todo = 'choose another `compliance.ledger` or make its folder writable';
      throw new EngineError('E_LEDGER', { where: file, expected: 'a file that can be written', found, todo, cause });
    }
  }

  /** Queues one entry; it is on disk within about `flushMs` and an fsync. */
  append(entry: LedgerEntry): VerdictRecord {
    if (this.closing !== undefined) throw new EngineError('E_CLOSED', { where: this.file, found: 'a closed ledger' });
    if (this.waiting.length >= MAX_WAITING) {
      const todo = 'free the disk; see the log for the cause';
      const found = `${MAX_WAITING} lines that could not be written`;
      throw new EngineError('E_LEDGER', { where: this.file, found, todo });
    }
    const at = (this.options.now?.() ?? new Date()).toISOString();
    const record: VerdictRecord = { seq: this.seq, at, ...cleanEntry(entry) };
    this.seq += 1;
    this.waiting.push(record);
    this.remember(record);
    this.schedule(this.options.flushMs ?? 50);
    return record;
  }

  /** The latest records, newest first, those of earlier runs included; at most 500 are kept at hand. */
  recent(limit: number): readonly VerdictRecord[] {
    return limit <= 0 ? [] : this.latest.slice(-limit).reverse();
  }

  /**
   * Removes full files whose newest line is older than so many days, now and whenever a file is full. The chain
   * goes on: the first line that is left says what it goes on from.
   */
  async retire(days: number): Promise<void> {
    this.keepDays = days;
    const limitMs = (this.options.now?.() ?? new Date()).getTime() - days * DAY_MS;
    try {
      for (const path of await fullFiles(this.file)) {
        if ((await stat(path)).mtimeMs >= limitMs) return;
        await unlink(path);
        this.options.log.info({ file: path, days }, 'a ledger file past its retention was removed');
      }
    } catch (e) {
      this.options.log.warn({ file: this.file, error: String(e) }, 'old ledger files could not be removed');
    }
  }

  /** Resolves when everything appended so far is synced, or could not be. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.waiting.length > 0) await this.write();
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    clearTimeout(this.timer);
    await this.flush();
    await this.handle.close();
    if (this.waiting.length === 0) return;
    const found = `${this.waiting.length} lines that could not be written`;
    throw new EngineError('E_LEDGER', { where: this.file, found, todo: 'see the log for the cause' });
  }

  private remember(record: VerdictRecord): void {
    this.latest.push(record);
    if (this.latest.length > MAX_RECENT * 2) this.latest.splice(0, this.latest.length - MAX_RECENT);
  }

  private schedule(delayMs: number): void {
    if (this.timer !== undefined || this.writing !== undefined || this.closing !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.write().catch((e: unknown) => this.options.log.error({ error: String(e) }, 'ledger'));
    }, delayMs);
    this.timer.unref();
  }

  private write(): Promise<void> {
    this.writing ??= this.writeWaiting().finally(() => {
      this.writing = undefined;
      if (this.waiting.length > 0) this.schedule(this.failing ? RETRY_MS : (this.options.flushMs ?? 50));
    });
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    const count = this.waiting.length;
    let last = this.last;
    let text = '';
    for (let i = 0; i < count; i += 1) {
      const { seq, at, ...entry } = this.waiting[i]!;
      const mark: { torn?: LedgerLine['torn']; continues?: string } = {};
      if (i === 0 && this.torn !== undefined) mark.torn = this.torn;
      if (i === 0 && this.continues !== undefined) mark.continues = this.continues;
      const line = JSON.stringify({ seq, at, prev: last, ...mark, ...entry });
      last = hashLine(line);
      text += `${line}\n`;
    }
    const bytes = Buffer.from(text, 'utf8');
    try {
      let done = 0;
      while (done < bytes.length) {
        done += (await this.handle.write(bytes, done, bytes.length - done, this.size + done)).bytesWritten;
      }
      await this.handle.datasync();
    } catch (e) {
      // The lines stay queued, with the same chain, for the next attempt at the same place.
      this.failing = true;
      this.options.log.error({ file: this.file, error: String(e), waiting: count }, 'ledger could not be written');
      return;
    }
    this.failing = false;
    this.waiting.splice(0, count);
    this.last = last;
    this.size += bytes.length;
    this.torn = undefined;
    this.continues = undefined;
    if (this.size >= (this.options.maxBytes ?? 16 * 1024 * 1024)) await this.rotate();
  }

  private async rotate(): Promise<void> {
    const to = fullFileName(this.file, this.full + 1);
    try {
      await rename(this.file, to);
      const handle = await openForWriting(this.file);
      const before = this.handle;
      this.handle = handle;
      this.full += 1;
      this.size = 0;
      this.continues = basename(to);
      await before.close();
      if (this.keepDays !== undefined) await this.retire(this.keepDays);
    } catch (e) {
      this.options.log.error({ file: this.file, error: String(e) }, 'ledger could not begin a new file');
    }
  }

  /** Finds the end of the chain that is there. */
  private async resume(): Promise<void> {
    const before = await fullFiles(this.file);
    this.full = before.length === 0 ? 0 : Number(/(\d+)[^\d]*$/.exec(basename(before.at(-1)!, '.jsonl'))?.[1] ?? 0);
    const bytes = await this.handle.readFile();
    if (bytes.length === 0 && before.length > 0) {
      // A crash between closing the full file and the first line of this one.
      const previous = await open(before.at(-1)!, 'r');
      try {
        this.follow(await previous.readFile());
      } finally {
        await previous.close();
      }
      this.torn = undefined;
      this.continues = basename(before.at(-1)!);
      this.size = 0;
      return;
    }
    const rest = this.follow(bytes);
    this.size = bytes.length;
    if (rest.length === 0) return;
    // The rest of a line that a crash cut off gets its end of line and stays.
    await this.handle.write('\n', this.size);
    this.size += 1;
    const record = parseLine(rest.toString('utf8'));
    if (record !== undefined && record.prev === this.last) {
      this.last = hashLine(rest);
      this.seq = record.seq + 1;
      this.remember(toRecord(record));
      return;
    }
    this.torn = { after: this.last, bytes: rest.length };
    this.last = hashLine(rest);
    this.options.log.warn({ file: this.file, bytes: rest.length }, 'the ledger ended in a torn line, which is kept');
    this.append({ kind: 'room', action: 'ledger-torn', detail: { bytes: rest.length } });
    await this.flush();
  }

  /** Reads whole lines, remembers the last ones and returns what follows the last newline. */
  private follow(bytes: Buffer): Buffer {
    const end = bytes.lastIndexOf(10) + 1;
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(-MAX_RECENT)) {
      const record = parseLine(line);
      if (record !== undefined) this.remember(toRecord(record));
    }
    if (lines.length > 0) this.last = hashLine(lines.at(-1)!);
    const newest = this.latest.at(-1);
    if (newest !== undefined) this.seq = newest.seq + 1;
    return bytes.subarray(end);
  }
}

async function openForWriting(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r+');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
    return open(file, 'wx+');
  }
}

function toRecord({ prev: _prev, torn: _torn, continues: _continues, ...record }: LedgerLine): VerdictRecord {
  return record;
}
