/**
 * Prints an event at once, and its repetitions as one line with their number.
 *
 * Problem: a scan that is behind, or a refused output, logs the same event several times a second.
 * Rule: the first of a kind is printed at once; repetitions in the next half minute are counted and printed together;
 * half a minute without one ends the series.
 * Numbers: 30 s, 200 kinds at once.
 */
import type { Closeable } from '../../core/closeable.js';

const WINDOW_MS = 30_000;
const MAX_KINDS = 200;

interface Counted {
  count: number;
  sentence: string;
  readonly timer: NodeJS.Timeout;
}

export class RepeatedEvents implements Closeable {
  private readonly kinds = new Map<string, Counted>();

  constructor(
    /** `count` is 1 for an event printed at once. */
    private readonly say: (sentence: string, count: number, windowMs: number) => void,
    private readonly windowMs = WINDOW_MS,
  ) {}

  /** An event of this kind was printed lately. */
  has(kind: string): boolean {
    return this.kinds.has(kind);
  }

  add(kind: string, sentence: string): void {
    const known = this.kinds.get(kind);
    if (known !== undefined) {
      known.count += 1;
      known.sentence = sentence;
      return;
    }
    this.say(sentence, 1, this.windowMs);
    if (this.kinds.size >= MAX_KINDS) return;
    const timer = setInterval(() => this.sum(kind), this.windowMs).unref();
    this.kinds.set(kind, { count: 0, sentence, timer });
  }

  /** Prints the counted events that are not printed yet. */
  async close(): Promise<void> {
    for (const kind of this.kinds.keys()) {
      this.sum(kind);
      clearInterval(this.kinds.get(kind)?.timer);
      this.kinds.delete(kind);
    }
  }

  private sum(kind: string): void {
    const counted = this.kinds.get(kind)!;
    if (counted.count === 0) {
      clearInterval(counted.timer);
      this.kinds.delete(kind);
      return;
    }
    this.say(counted.sentence, counted.count, this.windowMs);
    counted.count = 0;
  }
}
