/**
 * Takes viewer events from the API and from every source.
 *
 * Problem: platforms repeat events after a reconnect, and a raid sends thousands a second. Neither may cost the show
 * its time or the process its memory.
 * Rule: an id that a platform has already sent is dropped, as long as it is among the last MAX_KNOWN_IDS. At most
 * MAX_PER_SECOND events a second are taken; the rest are only counted. Nothing here waits.
 */
import type { CheckFault } from '../../admission/check-rights.js';
import type { EventCounts, EventRecord, EventSink, ViewerEvent } from '../../config/api/events-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Log } from '../../core/log.js';
import { RateLimited } from '../../core/sleep.js';

/** Environment variables that sources name, with their places in the room file. */
function sourceVariables(room: Pick<RoomConfig, 'events'>): { where: string; name: string }[] {
  return room.events.sources.flatMap((source, i) =>
    (['apiKey', 'token', 'cookie'] as const).flatMap((key) => {
      const value = (source as Partial<Record<typeof key, string>>)[key];
      return value === undefined ? [] : [{ where: `events.sources[${i}].${key}`, name: value.slice(2, -1) }];
    }),
  );
}

/** Variables that are not set here. A warning, since the room may go on air on another machine. */
export const checkEvents = (room: Pick<RoomConfig, 'events'>, env: NodeJS.ProcessEnv = process.env): CheckFault[] =>
  sourceVariables(room)
    .filter(({ name }) => (env[name] ?? '') === '')
    .map(({ where, name }) => ({
      severity: 'warning',
      where,
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name} before \`engine start\``,
    }));

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

export const MAX_PER_SECOND = 200;
const MAX_KNOWN_IDS = 20_000;
const SECOND_MS = 1000;
const LOG_MS = 30_000;

interface EventIntakeOptions {
  readonly events: EventLog;
  /** Called with every taken event; must not wait. */
  readonly onEvent: (record: EventRecord) => void;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Unix time in ms. */
  readonly unixMs: () => number;
  readonly log: Log;
}

export class EventIntake implements EventSink {
  private readonly known = new Set<string>();
  private readonly total = { taken: 0, repeated: 0, dropped: 0 };
  private readonly sayNow: RateLimited;
  private secondFromMs = -Infinity;
  private inSecond = 0;

  constructor(private readonly options: EventIntakeOptions) {
    this.sayNow = new RateLimited(LOG_MS, options.nowMs);
  }

  take(events: readonly ViewerEvent[]): EventCounts {
    const { events: records, onEvent, unixMs, log } = this.options;
    const counts = { taken: 0, repeated: 0, dropped: 0 };
    for (const event of events) {
      if (this.isKnown(event)) counts.repeated += 1;
      else if (!this.hasRoom()) counts.dropped += 1;
      else {
        this.remember(event);
        counts.taken += 1;
        try {
          // Nothing happened after it came: a platform's clock may be wrong, or its number a made-up one.
          onEvent(records.add(event, Math.min(event.atMs ?? Infinity, unixMs())));
        } catch (error) {
          log.error({ error, platform: event.platform, kind: event.kind }, 'a viewer event could not be handled');
        }
      }
    }
    for (const key of ['taken', 'repeated', 'dropped'] as const) this.total[key] += counts[key];
    if (counts.dropped > 0 && this.sayNow.due)
      log.warn(
        { dropped: this.total.dropped, max: MAX_PER_SECOND },
        'viewer events beyond the maximum a second are counted and dropped',
      );
    return counts;
  }

  /** Since the start. */
  get counts(): EventCounts {
    return { ...this.total };
  }

  private isKnown({ platform, id }: ViewerEvent): boolean {
    return this.known.has(`${platform}\n${id}`);
  }

  /** A dropped event is not remembered, so that a source may send it again. */
  private remember({ platform, id }: ViewerEvent): void {
    this.known.add(`${platform}\n${id}`);
    if (this.known.size > MAX_KNOWN_IDS) this.known.delete(this.known.values().next().value!);
  }

  private hasRoom(): boolean {
    const nowMs = this.options.nowMs();
    if (nowMs - this.secondFromMs >= SECOND_MS) {
      this.secondFromMs = nowMs;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= MAX_PER_SECOND;
  }
}
