import type { VerdictRecord } from '../../config/api/room-handle.js';
import type { QueuedRecord } from './ledger-line.js';

/**
 * Lines waiting for the disk.
 *
 * A full disk must neither stop the show nor exhaust its memory: lines that do not fit are counted by kind, and when
 * there is room again `queueLoss` adds one line that reports them.
 */
export class LedgerQueue {
  private readonly items: QueuedRecord[] = [];
  private readonly lostKinds = new Map<string, number>();
  private since = '';
  private lostNow = 0;
  private lostBefore = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.items.length;
  }

  /** Lost lines so far. */
  get lost(): number {
    return this.lostBefore + this.lostNow;
  }

  /** Lost lines that no line reports yet. */
  get unreported(): number {
    return this.lostNow;
  }

  /** False when the line did not fit and was counted as lost. */
  add(record: VerdictRecord): boolean {
    // The line that reports earlier losses must come first.
    if (this.lostNow === 0 && this.items.length < this.limit) {
      this.items.push({ record });
      return true;
    }
    if (this.lostNow === 0) this.since = record.at;
    this.lostNow += 1;
    this.lostKinds.set(record.kind, (this.lostKinds.get(record.kind) ?? 0) + 1);
    return false;
  }

  /** The first waiting lines. */
  first(count: number): readonly QueuedRecord[] {
    return this.items.slice(0, count);
  }

  /** Removes written lines. */
  drop(count: number): void {
    this.items.splice(0, count);
  }

  /** The lost lines by kind, in words: `frame 20, text 30`. */
  get lostInWords(): string {
    return [...this.lostKinds].map(([kind, n]) => `${kind} ${n}`).join(', ');
  }

  /** Queues the line that reports the losses. */
  queueLoss(line: (detail: Record<string, string | number>) => VerdictRecord): void {
    const record = line({ lines: this.lostNow, kinds: this.lostInWords, since: this.since });
    this.items.push({ record, lost: this.lostNow });
    this.lostBefore += this.lostNow;
    this.lostNow = 0;
    this.lostKinds.clear();
  }
}
