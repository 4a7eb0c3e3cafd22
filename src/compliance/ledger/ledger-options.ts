import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';

export interface LedgerOptions {
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
