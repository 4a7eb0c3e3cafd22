/** The clock that a next look waits by. */
export interface LookClock {
  nowMs(): number;
  /** Runs `due` later; returns what calls that off. */
  after(delayMs: number, due: () => void): () => void;
}

const realClock: LookClock = {
  nowMs: () => performance.now(),
  after(delayMs, due) {
    const timer = setTimeout(due, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * When to look next. Whoever asks may bring the look forward and nobody can put it off: layers that change all the time
 * would else keep the picture from being read for as long as they do.
 */
export class Debounce {
  private dueMs = Infinity;
  private cancel: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly look: () => void,
    private readonly clock: LookClock = realClock,
  ) {}

  /** To look in so many milliseconds at the latest. */
  within(delayMs: number): void {
    if (this.closed) return;
    const { clock } = this;
    const dueMs = clock.nowMs() + delayMs;
    if (dueMs >= this.dueMs) return;
    this.cancel?.();
    this.dueMs = dueMs;
    this.cancel = clock.after(delayMs, () => {
      this.dueMs = Infinity;
      this.cancel = undefined;
      this.look();
    });
  }

  close(): void {
    this.closed = true;
    this.cancel?.();
    this.cancel = undefined;
  }
}
