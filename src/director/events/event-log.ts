import type { EventRecord, IncomingEvent } from '../../core/handles/events-handle.js';

const MAX_RECORDS = 500;

type Change = Partial<Pick<EventRecord, 'state' | 'path' | 'about' | 'answer' | 'outcome' | 'reason'>>;

/** The newest viewer events with their outcomes. */
export class EventLog {
  private readonly records = new Map<number, EventRecord>();
  private readonly listeners = new Set<(record: EventRecord) => void>();
  private seq = 0;

  add(event: IncomingEvent, atMs: number): EventRecord {
    const record: EventRecord = { ...event, seq: (this.seq += 1), atMs, state: 'taken' };
    this.records.set(record.seq, record);
    if (this.records.size > MAX_RECORDS) this.records.delete(this.records.keys().next().value!);
    this.tell(record);
    return record;
  }

  /** Changes a record; a record that has left the log is ignored. */
  change(seq: number, change: Change): void {
    const before = this.records.get(seq);
    if (before === undefined) return;
    const record = { ...before, ...change };
    this.records.set(seq, record);
    this.tell(record);
  }

  /** Newest first. */
  recent(limit: number): EventRecord[] {
    return [...this.records.values()].toReversed().slice(0, limit);
  }

  listen(listener: (record: EventRecord) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tell(record: EventRecord): void {
    for (const listener of this.listeners) listener(record);
  }
}
