/**
 * The records of a room's shows, for reports.
 *
 * Problem: a report is worth little beside the show. A missing library, a full disk or a damaged file must not end or
 * delay it, and writing must never wait for a disk between two frames.
 * Rule: records go to a bounded queue and from there to SQLite in one transaction a second, on the main thread, away
 * from the frame loop's thread. A damaged file is renamed and a new one begun. While the disk is full the records wait;
 * records beyond the limit are counted. Without SQLite the show goes on without a store. Each trouble is logged once.
 * Numbers: a batch of 20 records takes under 1 ms, one of 500 up to 30 ms on a busy machine; at most 5,000 wait.
 */
import type { Store } from '../config/sections/store.js';
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import type { Database } from './database.js';
import { loadSqlite, NewerStore, openForWriting } from './open-database.js';
import { pruneBefore, timeOfShare } from './prune-store.js';
import { RecordQueue } from './record-queue.js';
import { RecordWriter } from './record-writer.js';
import { moveAside } from './store-file.js';
import { inWords, storeFault } from './store-fault.js';
import type {
  EventResult,
  EventSeen,
  LineSpoken,
  OutputChanged,
  Period,
  ProductShown,
  SessionEnd,
  SessionFigures,
  SessionStart,
  StoreRecord,
  ViewersSeen,
  ViolationPrevented,
} from './store-records.js';
import { inTransaction } from './transaction.js';
import { namesAs } from './user-names.js';

export interface ShowStoreOptions {
  readonly file: string;
  readonly config: Store;
  readonly log: Log;
  readonly nowMs?: () => number;
  /** For tests. */
  readonly load?: typeof loadSqlite;
  readonly maxBytes?: number;
  readonly maxWaiting?: number;
  readonly writeMs?: number;
}

/** State of the store, for metrics and tests. */
export interface StoreHealth {
  /** `off`: not wanted, or not possible. `failing`: the disk refuses records at present. */
  readonly state: 'on' | 'failing' | 'off';
  readonly waiting: number;
  readonly dropped: number;
}

const WRITE_MS = 1000;
const MAX_WAITING = 5000;
const MAX_BATCH = 500;
const MAX_BYTES = 512 * 1024 * 1024;
const DAY_MS = 86_400_000;
const PRUNE_MS = 3_600_000;
/** Interval of tries while the disk refuses. */
const RETRY_MS = 10_000;
/** Share of the rows removed when the store has reached its limit. */
const PRUNED_SHARE = 0.1;
/** Maximum number of such shares removed for one batch. */
const MAX_PRUNES = 5;
/** Damaged files in one session after which the store stays off. */
const MAX_DAMAGED = 3;
/** Failures after which a batch is dropped, so that one record cannot hold up the others. */
const MAX_TRIES = 3;

export class ShowStore implements Closeable {
  private db: Database | undefined;
  private writer: RecordWriter | undefined;
  private readonly queue: RecordQueue;
  private readonly nowMs: () => number;
  private session: (SessionStart & { readonly id: number }) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private failing = false;
  private retryAtMs = 0;
  private pruneAtMs = 0;
  private damaged = 0;
  private tries = 0;
  private how: SessionEnd = 'stopped';

  private constructor(private readonly options: ShowStoreOptions) {
    this.queue = new RecordQueue(options.maxWaiting ?? MAX_WAITING);
    this.nowMs = options.nowMs ?? Date.now;
  }

  /** Opens or creates the store. Never throws: a store that cannot be opened takes no records and says why once. */
  static async open(options: ShowStoreOptions): Promise<ShowStore> {
    const store = new ShowStore(options);
    if (!options.config.enabled) return store;
    await store.openFile();
    const { writeMs = WRITE_MS } = options;
    if (store.db !== undefined && writeMs > 0) store.timer = setInterval(() => void store.flush(), writeMs).unref();
    return store;
  }

  /** A session begins; records that came before it belong to it. */
  begin(start: SessionStart): void {
    if (this.db === undefined) return;
    try {
      const { n } = this.db.prepare('SELECT coalesce(max(id), 0) AS n FROM session').get() as { n: number };
      this.session = { ...start, id: n + 1 };
      inTransaction(this.db, () => this.writer?.begin(n + 1, start));
    } catch (error) {
      // The next batch tries again in a new file.
      this.session ??= { ...start, id: 1 };
      this.options.log.warn({ file: this.options.file, error: inWords(error) }, 'the session was not stored yet');
    }
  }

  /** The room ends by a fault; without it a session ends as `stopped`. */
  markFailed(): void {
    this.how = 'failed';
  }

  productShown(record: ProductShown): void {
    this.add({ table: 'product', ...record });
  }
  lineSpoken(record: LineSpoken): void {
    this.add({ table: 'line', ...record });
  }
  /** A line was interrupted. */
  lineCut(line: string, untilMs: number): void {
    this.add({ table: 'cut', line, untilMs });
  }
  /** A scheduled line was taken back before it began. */
  lineTakenBack(line: string): void {
    this.add({ table: 'taken-back', line });
  }
  /**
   * Something that a viewer did. Call it once an event was judged; `eventResult` follows when it was answered, merged,
   * or dropped. Arrivals, likes and follows are counted by minute.
   */
  eventSeen(record: EventSeen): void {
    this.add({ table: 'event', ...record });
  }
  eventResult(record: EventResult): void {
    this.add({ table: 'result', ...record });
  }
  violationPrevented(record: ViolationPrevented): void {
    this.add({ table: 'violation', ...record });
  }
  outputChanged(record: OutputChanged): void {
    this.add({ table: 'output', ...record });
  }
  period(record: Period): void {
    this.add({ table: 'period', ...record });
  }
  viewersSeen(record: ViewersSeen): void {
    this.add({ table: 'viewers', ...record });
  }
  /** Figures of the session so far; also shows that it is still running. */
  figures(figures: SessionFigures): void {
    this.add({ table: 'figures', atMs: this.nowMs(), ...figures });
  }

  health(): StoreHealth {
    const state = this.db === undefined && !this.failing ? 'off' : this.failing ? 'failing' : 'on';
    return { state, waiting: this.queue.length, dropped: this.queue.dropped };
  }

  /** Writes the waiting records; resolves at once while another write runs. */
  flush(): Promise<void> {
    this.writing ??= this.writeBatches().finally(() => (this.writing = undefined));
    return this.writing;
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      clearInterval(this.timer);
      this.retryAtMs = 0;
      await this.writing;
      await this.flush();
      this.closeFile(true);
      const { dropped } = this.queue;
      if (dropped > 0)
        this.options.log.warn({ file: this.options.file, records: dropped }, 'records of the show were not stored');
    })();
    return this.closing;
  }

  private add(record: StoreRecord): void {
    if (this.closing === undefined && (this.db !== undefined || this.failing)) this.queue.add(record);
  }

  private async openFile(): Promise<void> {
    const { file, config, log, load = loadSqlite, maxBytes = MAX_BYTES } = this.options;
    try {
      await load();
    } catch (error) {
      log.warn({ error: inWords(error) }, 'SQLite cannot be loaded: the show goes on without records for reports');
      return;
    }
    try {
      this.db = await openForWriting(file, maxBytes, this.nowMs(), load);
      this.writer = new RecordWriter(this.db, namesAs(config.userNames, this.db));
      if (this.session !== undefined) this.resumeSession(this.session);
      this.failing = false;
      this.pruneAtMs = 0;
    } catch (error) {
      this.forget();
      if (error instanceof NewerStore) {
        log.warn({ file, error: error.message }, 'the store was made by a newer engine: the show goes on without it');
      } else if (storeFault(error) === 'damaged') await this.beginAnew(error);
      else this.refused(error);
    }
  }

  private resumeSession({ id, ...start }: SessionStart & { readonly id: number }): void {
    const { db, writer } = this;
    if (db === undefined || writer === undefined) return;
    const known = db.prepare('SELECT 1 AS n FROM session WHERE id = ?').get(id);
    if (known === undefined) inTransaction(db, () => writer.begin(id, start));
    else writer.resume(id);
  }

  private async beginAnew(cause: unknown): Promise<void> {
    const { file, log } = this.options;
    this.forget();
    this.damaged += 1;
    try {
      const aside = await moveAside(file, this.nowMs());
      log.error({ file, aside, error: inWords(cause) }, 'the store is damaged: it was renamed and a new one begins');
    } catch (error) {
      return this.refused(error);
    }
    if (this.damaged < MAX_DAMAGED) return this.openFile();
    this.failing = false;
    log.error({ file }, 'the store is damaged again and again: the show goes on without it');
  }

  private async writeBatches(): Promise<void> {
    const now = this.nowMs();
    if (now < this.retryAtMs) return;
    if (this.db === undefined) {
      if (!this.failing) return;
      await this.openFile();
    }
    this.prune(now);
    while (this.session !== undefined && this.queue.length > 0 && this.db !== undefined) {
      const batch = this.queue.first(MAX_BATCH);
      if (!(await this.writeBatch(batch))) return;
      if (this.closing === undefined) return;
    }
  }

  /** False when the records have to wait. */
  private async writeBatch(batch: readonly StoreRecord[]): Promise<boolean> {
    const { db, writer } = this;
    if (db === undefined || writer === undefined) return false;
    try {
      for (let tries = 0; !this.fits(db, writer, batch, tries); tries += 1);
    } catch (error) {
      const fault = storeFault(error);
      if (fault === 'damaged') {
        await this.beginAnew(error);
        return false;
      }
      if (fault === 'other' && ++this.tries >= MAX_TRIES) {
        this.tries = 0;
        this.queue.drop(batch.length);
      }
      this.refused(error);
      return false;
    }
    this.tries = 0;
    this.queue.remove(batch.length);
    if (this.failing) this.options.log.info({ file: this.options.file }, 'records of the show are stored again');
    this.failing = false;
    return true;
  }

  /** Writes a batch; false when it did not fit and older records were removed for it. */
  private fits(db: Database, writer: RecordWriter, batch: readonly StoreRecord[], tries: number): boolean {
    try {
      inTransaction(db, () => {
        for (const record of batch) writer.write(record);
      });
      return true;
    } catch (error) {
      if (storeFault(error) !== 'full' || tries >= MAX_PRUNES || !this.makeRoom(db)) throw error;
      return false;
    }
  }

  /** Removes the oldest rows of a store that has reached its limit. */
  private makeRoom(db: Database): boolean {
    try {
      const limitMs = timeOfShare(db, PRUNED_SHARE);
      if (limitMs === undefined) return false;
      while (pruneBefore(db, limitMs));
      this.options.log.warn({ file: this.options.file }, 'the store has reached its limit: its oldest records go');
      return true;
    } catch {
      return false;
    }
  }

  private prune(now: number): void {
    if (this.db === undefined || now < this.pruneAtMs) return;
    try {
      const more = pruneBefore(this.db, now - this.options.config.keepDays * DAY_MS);
      this.pruneAtMs = more ? 0 : now + PRUNE_MS;
    } catch {
      // The batch after it meets the same fault and reports it.
      this.pruneAtMs = now + PRUNE_MS;
    }
  }

  private refused(error: unknown): void {
    this.retryAtMs = this.nowMs() + RETRY_MS;
    if (this.failing) return;
    this.failing = true;
    const fields = { file: this.options.file, error: inWords(error) };
    this.options.log.error(fields, 'records of the show cannot be stored: the show goes on, they wait in memory');
  }

  private forget(): void {
    const { db } = this;
    this.db = undefined;
    this.writer = undefined;
    try {
      db?.close();
    } catch {
      // A damaged database may refuse to close.
    }
  }

  private closeFile(ends: boolean): void {
    const { db, writer } = this;
    if (db === undefined || writer === undefined) return;
    try {
      if (ends && this.session !== undefined) inTransaction(db, () => writer.end(this.nowMs(), this.how));
      db.pragma('wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.options.log.warn({ file: this.options.file, error: inWords(error) }, 'the end of the show was not stored');
    }
    this.forget();
  }
}
