/**
 * Reads product pages.
 *
 * Problem: a page of a megabyte can keep a parser busy for minutes, and no call of it can be stopped. On the main thread
 * it would stop the show.
 * Rule: pages are parsed in a child process with limits, one after another, whoever sends them.
 * Numbers: 5 s of CPU, 60 s of wall time, 1 GB; a process ends after 10 s without a page.
 */
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { WorkFaultKind } from '../core/processes/idle-worker.js';
import { LimitedProcess, STRANGER_LIMITS, type WorkLimits } from '../core/processes/limited-process.js';
import type { ListingJob, ListingReply } from './listing-child.js';
import type { PageSource } from './listing-sources.js';

export interface ListingProcessOptions {
  /** Lower priority than the show. */
  readonly gentle?: boolean;
  readonly limits?: WorkLimits;
  readonly idleMs?: number;
}

const MAX_WAITING = 20;
/** The tree of a page of eight million characters. */
const HEAP_MB = 768;

export class ListingProcess implements Closeable {
  private readonly worker: LimitedProcess<ListingJob, ListingReply>;
  private readonly limits: WorkLimits;

  constructor({ gentle = false, limits = STRANGER_LIMITS, idleMs }: ListingProcessOptions = {}) {
    this.limits = limits;
    this.worker = new LimitedProcess({
      module: new URL('./listing-child.js', import.meta.url),
      caller: import.meta.url,
      limits,
      gentle,
      maxWaiting: MAX_WAITING,
      heapMb: HEAP_MB,
      ...(idleMs !== undefined && { idleMs }),
    });
  }

  get pid(): number | undefined {
    return this.worker.pid;
  }

  /** The first source that holds a product. Throws E_LISTING_PAGE, E_LISTING_INVALID, E_TIMEOUT, E_CLOSED. */
  read(sources: readonly PageSource[], where: string): Promise<ListingReply> {
    return this.worker.ask(
      () => ({ sources, where }),
      (kind, why, cause) => this.fault(where, kind, why, cause),
    );
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  /** Reads with a given reader, or with a process that lives as long as this one page. */
  static async readWith(
    pages: Pick<ListingProcess, 'read'> | undefined,
    sources: readonly PageSource[],
    where: string,
  ): Promise<ListingReply> {
    if (pages !== undefined) return pages.read(sources, where);
    const own = new ListingProcess();
    try {
      return await own.read(sources, where);
    } finally {
      await own.close();
    }
  }

  private fault(where: string, kind: WorkFaultKind, why: string, cause: unknown): EngineError {
    const { cpuMs, memoryMb, wallMs } = this.limits;
    if (kind === 'closed') return new EngineError('E_CLOSED', { where, found: 'a room that is closing', cause });
    if (kind === 'full' || kind === 'late')
      return new EngineError('E_TIMEOUT', {
        where,
        expected: `a page read within ${wallMs / 1000} s`,
        found: kind === 'full' ? why : 'no answer in time (machine busy)',
        todo: 'send it again when the machine has time',
        cause,
      });
    const isCostly = kind === 'cpu' || kind === 'memory';
    return new EngineError('E_LISTING_INVALID', {
      where,
      expected: isCostly
        ? `a page that is read within ${cpuMs / 1000} s and ${memoryMb} MB`
        : 'a page that can be read',
      found: isCostly ? why : `the reading process failed: ${why}`,
      todo: 'paste title, price and facts as text: `engine product -`',
      cause,
    });
  }
}
