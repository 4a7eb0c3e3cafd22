const HOUR_MS = 3_600_000;

/**
 * Limits publishes per hour to a platform. It starts full, so a bad minute costs nothing; once empty, publishes are
 * spaced evenly. Times are from any monotonic clock.
 */
export class PublishBudget {
  private left: number;
  private atMs = 0;

  constructor(private readonly perHour: number) {
    this.left = perHour;
  }

  /** A publish was accepted. */
  spend(nowMs: number): void {
    this.refill(nowMs);
    this.left -= 1;
  }

  /** How long the next publish has to wait; 0 when it may go now. */
  waitMs(nowMs: number): number {
    this.refill(nowMs);
    return this.left >= 1 ? 0 : Math.ceil(((1 - this.left) * HOUR_MS) / this.perHour);
  }

  private refill(nowMs: number): void {
    if (!Number.isFinite(this.perHour)) return;
    this.left = Math.min(this.perHour, this.left + ((nowMs - this.atMs) * this.perHour) / HOUR_MS);
    this.atMs = nowMs;
  }
}
