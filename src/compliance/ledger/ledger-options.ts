import type { Log } from '../../core/log.js';

export interface LedgerOptions {
  log: Log;
  /** A file larger than this is closed and the next one begun. Default 16 MiB. */
  maxBytes?: number;
  /** Longest time a line waits for its fsync to begin. Default 50 ms. */
  flushMs?: number;
  /** Lines that may wait for the disk. Default 10,000. */
  maxWaiting?: number;
  /** Clock for `at`; for tests. */
  now?: () => Date;
  /** Milliseconds of a clock that does not jump; for tests. */
  steady?: () => number;
}
