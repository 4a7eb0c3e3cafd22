import type { Log } from '../../core/log.js';

/**
 * Writes to Redis that failed: counted, and reported once per outage. An outage ends with the first heartbeat since which
 * nothing has failed.
 */
export class RedisFaults {
  /** Since the start of this worker. */
  count = 0;
  private isOut = false;
  private sinceBeat = 0;

  constructor(private readonly log: Log) {}

  /** `what` and what becomes of it, for the log: "a room's state: written again with the next heartbeat". */
  failed(what: string, error: unknown): void {
    this.count += 1;
    this.sinceBeat += 1;
    if (this.isOut) return;
    this.isOut = true;
    this.log.warn({ what, error: String(error) }, 'Redis takes no records: rooms stay on air');
  }

  /** A heartbeat was written. */
  beaten(): void {
    const isClean = this.sinceBeat === 0;
    this.sinceBeat = 0;
    if (!this.isOut || !isClean) return;
    this.isOut = false;
    this.log.info({ failed: this.count }, 'Redis takes records again');
  }
}
