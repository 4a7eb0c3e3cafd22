import type { VerdictRecord } from '../../core/room-handle.js';
import type { QueuedRecord } from './ledger-line.js';

/**
 * Lines that wait for the disk.
 *
 * A disk that is full must neither stop the show nor eat its memory: what does not fit is counted by kind, and when
 * there is room again `tellLoss` queues the one line that says so.
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

  /** Lines lost so far. */
  get lost(): number {
    return this.lostBefore + this.lostNow;
  }

  /** Lines lost of which no line tells yet. */
  get untold(): number {
    return this.lostNow;
  }

  /** False when it did not fit and was counted as lost. */
  add(record: VerdictRecord): boolean {
    // While some are lost and not yet told of, the line that tells it comes first.
    if (this.lostNow === 0 && this.items.length < this.limit) {
      this.items.push({ record });
      return true;
    }
    if (this.lostNow === 0) this.since = record.at;
    this.lostNow += 1;
    this.lostKinds.set(record.kind, (this.lostKinds.get(record.kind) ?? 0) + 1);
    return false;
  }

  /** The first lines that wait. */
  first(count: number): readonly QueuedRecord[] {
    return this.items.slice(0, count);
  }

  /** Lets go of what was written. */
  drop(count: number): void {
    this.items.splice(0, count);
  }

  /** In words, of which kinds the lost lines were: `frame 20, text 30`. */
  get lostInWords(): string {
    return [...this.lostKinds].map(([kind, n]) => `${kind} ${n}`).join(', ');
  }

  /** Queues the line that tells of those lost. */
  tellLoss(line: (detail: Record<string, string | number>) => VerdictRecord): void {
    const record = line({ lines: this.lostNow, kinds: this.lostInWords, since: this.since });
    this.items.push({ record, lost: this.lostNow });
    this.lostBefore += this.lostNow;
    this.lostNow = 0;
    this.lostKinds.clear();
  }
}
