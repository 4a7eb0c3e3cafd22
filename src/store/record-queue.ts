import type { StoreRecord } from './store-records.js';

/** Records waiting for the disk. A full disk must not exhaust the memory: records beyond the limit are counted and dropped. */
export class RecordQueue {
  private items: StoreRecord[] = [];
  /** Records dropped so far. */
  dropped = 0;

  constructor(private readonly limit: number) {}

  get length(): number {
    return this.items.length;
  }

  add(record: StoreRecord): void {
    if (this.items.length >= this.limit) this.dropped += 1;
    else this.items.push(record);
  }

  first(count: number): readonly StoreRecord[] {
    return this.items.slice(0, count);
  }

  /** Removes written records. */
  remove(count: number): void {
    this.items = this.items.slice(count);
  }

  /** Drops records that cannot be written. */
  drop(count: number): void {
    this.dropped += Math.min(count, this.items.length);
    this.remove(count);
  }
}
