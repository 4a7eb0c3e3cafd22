import { RateLimited } from '../../core/rate-limited.js';

const EVERY_MS = 5000;
const MAX_REASON_CHARS = 200;
/** Error texts may hold client data, so only this many distinct reasons are kept; the rest are counted together. */
const MAX_REASONS = 16;
const OTHER = 'several reasons';

/**
 * Counts why connections were dropped and reports each reason at most every five seconds, so a flood is one log line.
 */
export class DroppedReasons {
  private readonly counts = new Map<string, number>();
  private readonly due: RateLimited;

  constructor(
    private readonly report: (reason: string, connections: number) => void,
    nowMs?: () => number,
  ) {
    this.due = new RateLimited(EVERY_MS, nowMs);
  }

  add(reason: string): void {
    const text = reason.slice(0, MAX_REASON_CHARS);
    const key = this.counts.size < MAX_REASONS || this.counts.has(text) ? text : OTHER;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.flush();
  }

  flush(): void {
    if (this.counts.size === 0 || !this.due.due) return;
    for (const [reason, connections] of this.counts) this.report(reason, connections);
    this.counts.clear();
  }
}
