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
import type { Store } from '../config/room.js';
import type { Closeable } from '../core/closeable.js';
import type { Log } from '../core/log.js';
import { RetentionClock } from '../core/files/retention-clock.js';
import { loadSqlite, NewerStore, inWords, storeFault, moveAside } from './open-database.js';
import { OpenStore } from './open-store.js';
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

/** Records waiting for the disk. A full disk must not exhaust the memory: records beyond the limit are counted and dropped. */
class RecordQueue {
  private items: StoreRecord[] = [];
  /** Records dropped so far. */
  dropped = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.items.length;
  }

  add(record: StoreRecord): void {
    if (this.items.length >= this.limit) this.dropped += 1;
    else this.items.push(record);
  }

  first(count: number): readonly StoreRecord[] {
    return this.items.slice(0, count);
  }

  /** Removes written records. */
  remove(count: number): void {
    this.items = this.items.slice(count);
  }

  /** Drops records that cannot be written. */
  drop(count: number): void {
    this.dropped += Math.min(count, this.items.length);
    this.remove(count);
  }
}

export interface ShowStoreOptions {
  readonly file: string;
  readonly config: Store;
  readonly log: Log;
  readonly nowMs?: () => number;
  /** Monotonic clock in ms. */
  readonly steadyMs?: () => number;
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
/** Damaged files in one session after which the store stays off. */
const MAX_DAMAGED = 3;
/** Failures after which a batch is dropped, so that one record cannot hold up the others. */
const MAX_TRIES = 3;

export class ShowStore implements Closeable {
  private store: OpenStore | undefined;
  private readonly queue: RecordQueue;
  private readonly nowMs: () => number;
  private readonly steadyMs: () => number;
  private readonly clock: RetentionClock;
  /** Time of the newest session of earlier runs. */
  private earlierMs: number | undefined;
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
    this.steadyMs = options.steadyMs ?? performance.now.bind(performance);
    this.clock = new RetentionClock({ now: this.nowMs, steady: this.steadyMs, newestMs: () => this.earlierMs });
  }

  /** Opens or creates the store. Never throws: a store that cannot be opened takes no records and says why once. */
  static async open(options: ShowStoreOptions): Promise<ShowStore> {
    const store = new ShowStore(options);
    if (!options.config.enabled) return store;
    await store.openFile();
    const { writeMs = WRITE_MS } = options;
    if (store.store !== undefined && writeMs > 0) store.timer = setInterval(() => void store.flush(), writeMs).unref();
    return store;
  }

  /** A session begins; records that came before it belong to it. */
  begin(start: SessionStart): void {
    if (this.store === undefined) return;
    try {
      const id = this.store.nextSession();
      this.session = { ...start, id };
      this.store.begin(id, start);
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
    const state = this.store === undefined && !this.failing ? 'off' : this.failing ? 'failing' : 'on';
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
      this.closeFile();
      const { dropped } = this.queue;
      if (dropped > 0)
        this.options.log.warn({ file: this.options.file, records: dropped }, 'records of the show were not stored');
    })();
    return this.closing;
  }

  private add(record: StoreRecord): void {
    if (this.closing === undefined && (this.store !== undefined || this.failing)) this.queue.add(record);
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
      const { userNames } = config;
      this.store = await OpenStore.open({ file, userNames, maxBytes, nowMs: this.nowMs(), load });
      this.earlierMs ??= this.store.newestMs();
      if (this.session !== undefined) {
        const { id, ...start } = this.session;
        this.store.resume(id, start);
      }
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
    if (this.steadyMs() < this.retryAtMs) return;
    if (this.store === undefined) {
      if (!this.failing) return;
      await this.openFile();
    }
    this.prune();
    while (this.session !== undefined && this.queue.length > 0 && this.store !== undefined) {
      const batch = this.queue.first(MAX_BATCH);
      if (!(await this.writeBatch(batch))) return;
      if (this.closing === undefined) return;
    }
  }

  /** False when the records have to wait. */
  private async writeBatch(batch: readonly StoreRecord[]): Promise<boolean> {
    if (this.store === undefined) return false;
    const { file, log } = this.options;
    try {
      this.store.write(batch, () => log.warn({ file }, 'the store has reached its limit: its oldest records go'));
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
    if (this.failing) log.info({ file }, 'records of the show are stored again');
    this.failing = false;
    return true;
  }

  private prune(): void {
    const now = this.steadyMs();
    if (this.store === undefined || now < this.pruneAtMs) return;
    const trusted = this.clock.trustedMs();
    if (trusted === -Infinity) return;
    try {
      const more = this.store.prune(trusted - this.options.config.keepDays * DAY_MS);
      this.pruneAtMs = more ? 0 : now + PRUNE_MS;
    } catch {
      // The batch after it meets the same fault and reports it.
      this.pruneAtMs = now + PRUNE_MS;
    }
  }

  private refused(error: unknown): void {
    this.retryAtMs = this.steadyMs() + RETRY_MS;
    if (this.failing) return;
    this.failing = true;
    const fields = { file: this.options.file, error: inWords(error) };
    this.options.log.error(fields, 'records of the show cannot be stored: the show goes on, they wait in memory');
  }

  private forget(): void {
    const { store } = this;
    this.store = undefined;
    store?.close();
  }

  private closeFile(): void {
    if (this.store === undefined) return;
    try {
      this.store.end(this.nowMs(), this.session === undefined ? undefined : this.how);
    } catch (error) {
      this.options.log.warn({ file: this.options.file, error: inWords(error) }, 'the end of the show was not stored');
    }
    this.forget();
  }
}
