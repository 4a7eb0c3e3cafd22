import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { Resolve } from '../../core/net/public-address.js';
import type { EventSink } from '../../config/api/events-handle.js';
import type { EventSourceHealth } from '../../config/api/sources-handle.js';
import type { Waits } from './backoff.js';

/** One connection to a platform's events. It is started when it is made, and never throws afterwards. */
export interface EventSource extends Closeable {
  readonly id: string;
  readonly kind: string;
  health(): EventSourceHealth;
}

export interface SourceOptions {
  readonly sink: EventSink;
  readonly log: Log;
  /** Holds the keys that the room file names. */
  readonly env: NodeJS.ProcessEnv;
  /** For tests: delays before a new try, and how long a silent connection is kept. */
  readonly waits?: Partial<Waits>;
  readonly idleMs?: number;
  /** For tests: how names of servers are looked up. */
  readonly resolve?: Resolve;
}
