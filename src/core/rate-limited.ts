/** Limits how often a repeated message is reported. */
export class RateLimited {
  private lastMs = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly now: () => number = performance.now.bind(performance),
  ) {}

  /** True when the last time it was true is at least the interval ago. */
  get due(): boolean {
    const nowMs = this.now();
    if (nowMs - this.lastMs < this.everyMs) return false;
    this.lastMs = nowMs;
    return true;
  }
}
