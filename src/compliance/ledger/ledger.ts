import { basename } from 'node:path';
import type { LedgerHealth, VerdictRecord } from '../../config/api/room-handle.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { RetentionClock } from '../../core/files/retention-clock.js';
import type { Log } from '../../core/log.js';
import { RateLimited } from '../../core/sleep.js';
import { LastingQueue } from '../../core/serial-queue.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { fullFileName, fullFiles, isAged, LedgerFile, retireFiles } from './ledger-file.js';
import {
  chainLines,
  cleanEntry,
  GENESIS,
  type LedgerHead,
  type LineMarks,
  type QueuedRecord,
  toRecord,
  writeHead,
} from './ledger-line.js';
import { readResumeState } from './resume-state.js';

/**
 * Lines waiting for the disk.
 *
 * A full disk must neither stop the show nor exhaust its memory: lines that do not fit are counted by kind, and when
 * there is room again `queueLoss` adds one line that reports them.
 */
class LedgerQueue {
  private readonly items: QueuedRecord[] = [];
  private readonly lostKinds = new Map<string, number>();
  private since = '';
  private lostNow = 0;
  private lostBefore = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.items.length;
  }

  /** Lost lines so far. */
  get lost(): number {
    return this.lostBefore + this.lostNow;
  }

  /** Lost lines that no line reports yet. */
  get unreported(): number {
    return this.lostNow;
  }

  /** False when the line did not fit and was counted as lost. */
  add(record: VerdictRecord): boolean {
    // The line that reports earlier losses must come first.
    if (this.lostNow === 0 && this.items.length < this.limit) {
      this.items.push({ record });
      return true;
    }
    if (this.lostNow === 0) this.since = record.at;
    this.lostNow += 1;
    this.lostKinds.set(record.kind, (this.lostKinds.get(record.kind) ?? 0) + 1);
    return false;
  }

  /** The first waiting lines. */
  first(count: number): readonly QueuedRecord[] {
    return this.items.slice(0, count);
  }

  /** Removes written lines. */
  drop(count: number): void {
    this.items.splice(0, count);
  }

  /** The lost lines by kind, in words: `frame 20, text 30`. */
  get lostInWords(): string {
    return [...this.lostKinds].map(([kind, n]) => `${kind} ${n}`).join(', ');
  }

  /** Queues the line that reports the losses. */
  queueLoss(line: (detail: Record<string, string | number>) => VerdictRecord): void {
    const record = line({ lines: this.lostNow, kinds: this.lostInWords, since: this.since });
    this.items.push({ record, lost: this.lostNow });
    this.lostBefore += this.lostNow;
    this.lostNow = 0;
    this.lostKinds.clear();
  }
}

/** The latest records of a ledger, kept in memory. */
class RecentRecords {
  private records: VerdictRecord[] = [];

  constructor(private readonly limit: number) {}

  add(record: VerdictRecord): void {
    this.records.push(record);
    if (this.records.length > this.limit * 2) this.records = this.records.slice(-this.limit);
  }

  /** Starts with the records of earlier runs, oldest first. */
  set(records: readonly VerdictRecord[]): void {
    this.records = records.slice(-this.limit);
  }

  get newest(): VerdictRecord | undefined {
    return this.records.at(-1);
  }

  /** Newest first. */
  list(limit: number): readonly VerdictRecord[] {
    return limit <= 0 ? [] : this.records.slice(-limit).reverse();
  }
}

/** The head of a ledger that is being written. */
class HeadKeeper {
  last: LedgerHead['last'] = null;
  first: LedgerHead['first'] = { seq: 0 };
  /** A head exists on disk. */
  there = false;
  /** The head on disk is older than the ledger. */
  behind = false;

  constructor(private readonly ledgerFile: string) {}

  /** Marks for the first line of a run or of a file. */
  get mark(): LineMarks {
    return this.there ? { headed: true } : {};
  }

  async write(): Promise<void> {
    this.behind = true;
    await writeHead(this.ledgerFile, { version: 1, last: this.last, first: this.first });
    this.behind = false;
    this.there = true;
  }
}

interface LedgerOptions {
  log: Log;
  /** Hears of each appended record. */
  onEntry?: (entry: LedgerEntry) => void;
  /** Maximum size of a file before the next one is started. Default 16 MiB. */
  maxBytes?: number;
  /** Maximum time before a line's fsync begins. Default 50 ms. */
  flushMs?: number;
  /** Maximum lines waiting for the disk. Default 10,000. */
  maxWaiting?: number;
  /** Clock for `at`; for tests. */
  now?: () => Date;
  /** Monotonic clock in milliseconds; for tests. */
  steady?: () => number;
}

const MAX_RECENT = 500;
/**
 * Lines written and synced together. After a failure the batch starts at the minimum, because each attempt hashes its
 * lines again, and doubles.
 */
const BATCH = { max: 1000, min: 20 };
const RETRY_MS = 1000;
const COMPLAIN_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * All verdicts and actions: append-only JSON lines, each with the hash of the line before, so that a changed, removed
 * or inserted line is detected. A small head beside them (`ledger-head.ts`) records where they begin and end, which the
 * chain cannot show.
 *
 * Problem: a line must survive a crash, an fsync takes from under one to a hundred milliseconds, and a failing disk
 * must not end the show.
 * Rule: `append` only queues and never fails. All lines of 50 ms are written and synced together, away from the event
 * loop, and the head after them; a crash loses at most these. Lines truncated by a crash stay in the file, and the next
 * line names them. Lines that find the queue full are counted, and a line reports their number once the disk accepts
 * lines again.
 */
export class Ledger implements Closeable {
  /** The clock of retention; `earlierMs` is the time of the newest line of earlier runs. */
  readonly clock: RetentionClock;
  private earlierMs: number | undefined;
  private readonly queue: LedgerQueue;
  private readonly latest = new RecentRecords(MAX_RECENT);
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<boolean> | undefined;
  private closing: Promise<void> | undefined;
  private readonly tasks = new LastingQueue();
  private failing = false;
  private batch = BATCH.max;
  private readonly complains = new RateLimited(COMPLAIN_MS);
  private keepDays: number | undefined;
  /** Number of the next line. */
  private seq = 0;
  /** The newest line in the file. */
  private at = { seq: -1, hash: GENESIS };
  /** The oldest line in the current file. */
  private oldest: { readonly seq: number; readonly at: string } | undefined;
  /** Marks for the next written line. */
  private marks: LineMarks = {};
  private lineOpen = false;
  private readonly head: HeadKeeper;
  private full = 0;
  private readonly now: () => Date;

  private constructor(
    private readonly file: LedgerFile,
    private readonly options: LedgerOptions,
  ) {
    this.queue = new LedgerQueue(options.maxWaiting ?? 10_000);
    this.head = new HeadKeeper(file.path);
    this.now = options.now ?? ((): Date => new Date());
    this.clock = new RetentionClock({
      now: () => this.now().getTime(),
      steady: options.steady ?? performance.now.bind(performance),
      newestMs: () => this.earlierMs,
    });
  }

  /** Opens the ledger, or creates it with its folder. */
  static async open(file: string, options: LedgerOptions): Promise<Ledger> {
    let opened: LedgerFile | undefined;
    try {
      opened = await LedgerFile.open(file);
      const ledger = new Ledger(opened, options);
      await ledger.goOn();
      await ledger.flush();
      return ledger;
    } catch (cause) {
      await opened?.close();
      if (cause instanceof EngineError) throw cause;
      const found = cause instanceof Error ? cause.message : String(cause);
      const todo = 'choose another `compliance.ledger` or make its folder writable';
      throw new EngineError('E_LEDGER', { where: file, expected: 'a writable file', found, todo, cause });
    }
  }

  /** Queues one record; it is on disk within about `flushMs` and an fsync. Fails only when the ledger is closed. */
  append(entry: LedgerEntry): VerdictRecord {
    if (this.closing !== undefined) {
      throw new EngineError('E_CLOSED', { where: this.file.path, found: 'a closed ledger' });
    }
    this.options.onEntry?.(entry);
    return this.enqueue(entry);
  }

  /** The latest records, newest first, including earlier runs; at most 500 are kept in memory. */
  recent(limit: number): readonly VerdictRecord[] {
    return this.latest.list(limit);
  }

  health(): LedgerHealth {
    return { failing: this.failing, waiting: this.queue.length, lost: this.queue.lost };
  }

  /**
   * Removes full files whose newest line is older than `days` days, now and whenever a file is full. The chain
   * continues: the first remaining line names the file that it continues, and the head records the removal.
   */
  async retire(days: number): Promise<void> {
    this.keepDays = days;
    await this.tasks.take(() => this.retireNow(days));
  }

  /** Resolves when everything appended so far is synced, or could not be. */
  async flush(): Promise<void> {
    while (this.queue.length > 0) if (!(await this.write())) return;
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    clearTimeout(this.timer);
    try {
      await this.flush();
      await this.tasks.take(async () => this.head.behind && (await this.saveHead()));
    } finally {
      await this.file.close();
    }
    const gone = this.queue.length + this.queue.unreported;
    const found = `${gone} lines that could not be written`;
    if (gone > 0)
      throw new EngineError('E_LEDGER', { where: this.file.path, found, todo: 'see the log for the cause' });
  }

  private record(entry: LedgerEntry): VerdictRecord {
    const record: VerdictRecord = { seq: this.seq, at: this.now().toISOString(), ...cleanEntry(entry) };
    this.seq += 1;
    this.latest.add(record);
    return record;
  }

  private enqueue(entry: LedgerEntry): VerdictRecord {
    const record = this.record(entry);
    this.queue.add(record);
    this.schedule();
    return record;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.writing !== undefined || this.closing !== undefined) return;
    const delayMs = this.failing ? RETRY_MS : (this.options.flushMs ?? 50);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.write();
    }, delayMs);
    this.timer.unref();
  }

  /** Never rejects; false when the disk refused the write. */
  private write(): Promise<boolean> {
    this.writing ??= this.tasks
      .take(() => this.writeBatch())
      .finally(() => {
        this.writing = undefined;
        if (this.queue.length > 0) this.schedule();
      });
    return this.writing;
  }

  private async writeBatch(): Promise<boolean> {
    if (this.queue.length === 0) return true;
    try {
      await this.lookAfterFile();
      const batch = this.queue.first(this.batch);
      const { text, at } = chainLines(batch, this.at, this.marks);
      // A line truncated by a crash gets its newline in the same write as the line that names it.
      await this.file.append(Buffer.from(this.lineOpen ? `\n${text}` : text, 'utf8'));
      this.queue.drop(batch.length);
      this.at = at;
      this.head.last = at;
      this.oldest ??= batch[0]?.record;
    } catch (error) {
      // The lines stay queued, with the same chain, for the next attempt at the same position.
      this.failing = true;
      this.batch = BATCH.min;
      this.complain(error, 'the ledger cannot be written: the room goes on, its lines are queued');
      return false;
    }
    if (this.failing) this.options.log.warn({ file: this.file.path, ...this.health() }, 'the ledger is written again');
    this.failing = false;
    this.batch = Math.min(this.batch * 2, BATCH.max);
    this.marks = {};
    this.lineOpen = false;
    if (this.queue.unreported > 0) {
      this.queue.queueLoss((detail) => this.record({ kind: 'room', action: 'ledger-lost', detail }));
    }
    await this.saveHead();
    if (this.file.size >= (this.options.maxBytes ?? 16 * 1024 * 1024)) {
      await this.rotate();
      if (this.keepDays !== undefined) await this.retireNow(this.keepDays);
    }
    return true;
  }

  /** Reports an error, but not with every attempt. */
  private complain(error: unknown, message: string): void {
    if (!this.complains.due) return;
    const todo = 'free the disk, or make the folder writable';
    this.options.log.error({ file: this.file.path, error: String(error), ...this.health(), todo }, message);
  }

  /** Detects that the file was removed, replaced or truncated while open. */
  private async lookAfterFile(): Promise<void> {
    const state = await this.file.state();
    if (state === 'own') return;
    if (state === 'cut') {
      this.options.log.error(
        { file: this.file.path },
        'the ledger was truncated by someone else: writing continues after the remaining lines',
      );
      return this.goOn();
    }
    const aside = await this.file.restore();
    const detail = { bytes: this.file.size, ...(aside === undefined ? {} : { kept: basename(aside) }) };
    this.options.log.error(
      { file: this.file.path, ...detail },
      'the ledger file was removed or replaced: it has been restored',
    );
    this.enqueue({ kind: 'room', action: 'ledger-restored', detail });
  }

  private async saveHead(): Promise<void> {
    try {
      await this.head.write();
    } catch (error) {
      this.complain(error, 'the head of the ledger cannot be written');
    }
  }

  private async rotate(): Promise<void> {
    const to = fullFileName(this.file.path, this.full + 1);
    try {
      await this.file.fill(to);
    } catch (error) {
      this.complain(error, 'the ledger could not begin a new file');
      return;
    }
    Object.assign(this, { full: this.full + 1, oldest: undefined });
    this.marks = { ...this.marks, continues: basename(to), ...this.head.mark };
  }

  private async retireNow(days: number): Promise<void> {
    const { log } = this.options;
    const file = this.file.path;
    try {
      await this.lookAfterFile();
      // Truncated lines are named within their own file.
      const whole = this.marks.torn === undefined && !this.lineOpen;
      if (whole && isAged(this.oldest?.at, this.now(), days)) await this.rotate();
      const removed = await retireFiles({
        files: await fullFiles(file),
        limitMs: this.clock.trustedMs() - days * DAY_MS,
        seqBehind: this.oldest?.seq ?? this.at.seq + 1,
        // After a crash there may be more lines than the head says, never fewer.
        before: async (seq) => {
          this.head.first = { seq, why: 'retention', days };
          await this.head.write();
        },
      });
      if (removed.length > 0) log.info({ file, days, removed }, 'ledger files past their retention were removed');
    } catch (e) {
      log.warn({ file, error: String(e) }, 'old ledger files could not be removed');
    }
  }

  /** Resumes from the files on disk. */
  private async goOn(): Promise<void> {
    const { head, headed, notes, records, seq, marks, ...found } = await readResumeState(this.file, MAX_RECENT);
    Object.assign(this, found);
    Object.assign(this.head, head, { there: headed === 'yes' });
    this.seq = Math.max(this.seq, seq);
    this.latest.set(records.map(toRecord));
    this.earlierMs ??= Date.parse(records.at(-1)?.at ?? '') || undefined;
    // A line may mention a head only once the head exists.
    if (headed === 'never') await this.saveHead();
    this.marks = { ...marks, ...this.head.mark };
    for (const note of notes) {
      this.options.log.warn({ file: this.file.path, ...note.detail }, note.action);
      this.enqueue(note);
    }
  }
}
