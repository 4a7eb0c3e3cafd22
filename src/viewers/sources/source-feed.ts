import type { Log } from '../../core/log.js';
import { RateLimited } from '../../core/rate-limited.js';
import { oneLine } from './shape-event.js';
import type { EventSink, EventCounts, ViewerEvent } from '../../config/api/events-handle.js';
import type { EventSourceHealth } from '../../config/api/sources-handle.js';

const LOG_MS = 60_000;
/** What a server says is cut to this: a code, a reason, a text of a close frame. */
export const MAX_SERVER_WORDS = 60;
const MAX_REASON = 200;

export interface SourceFeedOptions {
  readonly id: string;
  readonly kind: string;
  readonly sink: EventSink;
  readonly log: Log;
}

/** A source's counters and state, and its way to the sink. */
export class SourceFeed {
  private state: EventSourceHealth['state'] = 'connecting';
  private lastError = '';
  private events = 0;
  private ignored = 0;
  /** The reason that the log has; it is said again only after a connection. */
  private reported = '';
  private readonly sayIgnored = new RateLimited(LOG_MS);
  private readonly sayFailed = new RateLimited(LOG_MS);

  constructor(private readonly options: SourceFeedOptions) {}

  take(events: readonly ViewerEvent[]): EventCounts {
    if (events.length === 0) return { taken: 0, repeated: 0, dropped: 0 };
    const result = this.options.sink.take(events);
    this.events += events.length;
    this.ignored += result.dropped;
    return result;
  }

  /** Counts a message that is left out; malformed ones come in floods, so the log says it once a minute. */
  ignore(reason: string): void {
    this.ignored += 1;
    if (!this.sayIgnored.due) return;
    const { id, log } = this.options;
    log.warn(
      { source: id, reason: oneLine(reason, MAX_REASON), ignored: this.ignored },
      'an event source sent something unusable; it is left out',
    );
  }

  connecting(): void {
    this.state = 'connecting';
  }

  live(): void {
    if (this.state !== 'live') this.options.log.info({ source: this.options.id }, 'an event source is connected');
    this.state = 'live';
    this.lastError = '';
    this.reported = '';
  }

  failed(why: string, retryMs: number): void {
    const { id, log } = this.options;
    const reason = oneLine(why, MAX_REASON);
    // A source that keeps failing for one reason is reported once; a server that words it anew each time, once a minute.
    const isDue = this.sayFailed.due;
    if (reason !== this.reported && (this.reported === '' || isDue))
      log.warn({ source: id, reason, retryMs: Math.round(retryMs) }, 'an event source is down; the engine tries again');
    this.state = 'backoff';
    this.lastError = reason;
    this.reported = reason;
  }

  stopped(): void {
    this.state = 'stopped';
  }

  health(): EventSourceHealth {
    const { id, kind } = this.options;
    const { state, lastError, events, ignored } = this;
    return { id, kind, state, lastError, events, ignored };
  }
}
