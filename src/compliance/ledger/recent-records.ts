import type { VerdictRecord } from '../../core/room-handle.js';

/** The latest records of a ledger, kept in memory. */
export class RecentRecords {
  private records: VerdictRecord[] = [];

  constructor(private readonly limit: number) {}

  add(record: VerdictRecord): void {
    this.records.push(record);
    if (this.records.length > this.limit * 2) this.records = this.records.slice(-this.limit);
  }

  /** Starts with the records of earlier runs, oldest first. */
  set(records: readonly VerdictRecord[]): void {
    this.records = records.slice(-this.limit);
  }

  get newest(): VerdictRecord | undefined {
    return this.records.at(-1);
  }

  /** Newest first. */
  list(limit: number): readonly VerdictRecord[] {
    return limit <= 0 ? [] : this.records.slice(-limit).reverse();
  }
}
