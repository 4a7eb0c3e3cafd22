export interface Waits {
  readonly minMs: number;
  readonly maxMs: number;
}

export const USUAL_WAITS: Waits = { minMs: 1000, maxMs: 60_000 };

/** Delays between tries: each twice the last one, with jitter, so that rooms do not all return at once. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly waits: Waits,
    private readonly random: () => number = Math.random,
  ) {}

  nextMs(): number {
    const { minMs, maxMs } = this.waits;
    const fullMs = Math.min(maxMs, minMs * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    return Math.max(minMs, fullMs * (0.5 + this.random() / 2));
  }

  /** For a refusal that another try will not change soon. */
  longestMs(): number {
    return this.waits.maxMs * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
}
