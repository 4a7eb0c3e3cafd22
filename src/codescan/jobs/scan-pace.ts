/** Scans of which the middle one is taken for the usual. */
const LAST = 5;
/** At this many milliseconds a scan a queue grows shorter by itself, twice as fast as frames come. */
const QUICK_MS = 16;
/** What a thread that did none yet expects: the first picture of a show is all new, and nothing that waits for it is late yet. */
const FIRST_MS = QUICK_MS;
/** Frames of a window (of 16) that are left for late verdicts, and the milliseconds they last at 30 a second, with some to spare. */
const MAX = 7;
const LEFT_MS = 133;
const MIN = 2;
/** Of a window. */
const WINDOW = 16;

/**
 * How many scans may wait, from how long the last ones took: as many as all threads have done before their frames have to leave. A thread
 * that is quick may have a window of them, since it will soon have caught up, and to join scans costs frames.
 */
export class ScanPace {
  private readonly ms = new Float64Array(LAST).fill(FIRST_MS);
  private readonly sorted = new Float64Array(LAST);
  private next = 0;

  add(spentMs: number): void {
    this.ms[this.next] = spentMs;
    this.next = (this.next + 1) % LAST;
  }

  /** Scans that may wait beside those that are done now, where so many threads take them. */
  waiting(threads = 1): number {
    this.sorted.set(this.ms);
    const usual = this.sorted.sort()[LAST >> 1]!;
    return usual <= QUICK_MS ? WINDOW : Math.max(MIN, Math.min(MAX, Math.floor((threads * LEFT_MS) / usual)));
  }
}
