import type { EventSink, EventCounts, ViewerEvent } from '../../src/config/api/events-handle.js';

/** A sink that keeps events and drops known ids, as the engine's intake does. */
export class EventList implements EventSink {
  readonly events: ViewerEvent[] = [];
  repeated = 0;

  take(events: readonly ViewerEvent[]): EventCounts {
    const known = new Set(this.events.map(({ id }) => id));
    const fresh = events.filter(({ id }) => !known.has(id));
    this.events.push(...fresh);
    this.repeated += events.length - fresh.length;
    return { taken: fresh.length, repeated: events.length - fresh.length, dropped: 0 };
  }

  /** `kind user: text ×count`, in order. */
  get lines(): string[] {
    return this.events.map(
      ({ kind, user, text, count }) =>
        `${kind} ${user}${text === undefined ? '' : `: ${text}`}${count === undefined ? '' : ` ×${count}`}`,
    );
  }
}
