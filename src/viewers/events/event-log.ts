import type { EventRecord, ViewerEvent } from '../../config/api/events-handle.js';

const MAX_COMMENTS = 500;
/** Likes and enters come by the dozen and must not push out comments that still wait for their answer. */
const MAX_OTHERS = 200;

type Change = Partial<Pick<EventRecord, 'state' | 'path' | 'about' | 'answer' | 'outcome' | 'reason'>>;

/** The newest viewer events with their outcomes. */
export class EventLog {
  private readonly comments = new Map<number, EventRecord>();
  private readonly others = new Map<number, EventRecord>();
  private readonly listeners = new Set<(record: EventRecord) => void>();
  private seq = 0;

  add(event: ViewerEvent, atMs: number): EventRecord {
    const record: EventRecord = { ...event, seq: (this.seq += 1), atMs, state: 'taken' };
    const records = this.recordsOf(event);
    records.set(record.seq, record);
    const most = records === this.comments ? MAX_COMMENTS : MAX_OTHERS;
    if (records.size > most) records.delete(records.keys().next().value!);
    this.tell(record);
    return record;
  }

  /** Changes a record; a record that has left the log is ignored. */
  change(seq: number, change: Change): void {
    const before = this.get(seq);
    if (before === undefined) return;
    const record = { ...before, ...change };
    this.recordsOf(before).set(seq, record);
    this.tell(record);
  }

  get(seq: number): EventRecord | undefined {
    return this.comments.get(seq) ?? this.others.get(seq);
  }

  /** Newest first. */
  recent(limit: number): EventRecord[] {
    const all = [...this.comments.values(), ...this.others.values()];
    return all.sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  listen(listener: (record: EventRecord) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private recordsOf({ kind }: Pick<ViewerEvent, 'kind'>): Map<number, EventRecord> {
    return kind === 'comment' ? this.comments : this.others;
  }

  private tell(record: EventRecord): void {
    for (const listener of this.listeners) listener(record);
  }
}
