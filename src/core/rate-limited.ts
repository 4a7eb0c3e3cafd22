/** True now and then: for what would otherwise be said with every attempt. */
export class RateLimited {
  private lastMs = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number = performance.now.bind(performance),
  ) {}

  /** True when it was not within the time before. */
  get due(): boolean {
    const nowMs = this.now();
    if (nowMs - this.lastMs < this.everyMs) return false;
    this.lastMs = nowMs;
    return true;
  }
}
