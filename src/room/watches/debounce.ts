/** The timer that a debounce uses. */
export interface DebounceClock {
  nowMs(): number;
  /** Schedules `due`; returns a function that cancels it. */
  after(delayMs: number, due: () => void): () => void;
}

const realClock: DebounceClock = {
  nowMs: () => performance.now(),
  after(delayMs, due) {
    const timer = setTimeout(due, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Schedules the next reading of the picture. A request may bring it forward, never postpone it; layers that change all
 * the time would otherwise keep the picture from ever being read.
 */
export class Debounce {
  private dueMs = Infinity;
  private cancel: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly due: () => void,
    private readonly clock: DebounceClock = realClock,
  ) {}

  /** Reads the picture within `delayMs` milliseconds. */
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
      this.due();
    });
  }

  close(): void {
    this.closed = true;
    this.cancel?.();
    this.cancel = undefined;
  }
}
