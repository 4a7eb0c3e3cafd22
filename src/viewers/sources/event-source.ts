import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { Resolve } from '../../core/net/public-address.js';
import type { EventSink } from '../../config/api/events-handle.js';
import type { EventSourceHealth } from '../../config/api/sources-handle.js';
import { EngineError } from '../../core/errors.js';

/** The value of a `${NAME}` of the room file; undefined when the file names none. Throws E_ENV_MISSING. */
export function secretOf(reference: string | undefined, env: NodeJS.ProcessEnv, where: string): string | undefined {
  if (reference === undefined) return undefined;
  const name = reference.slice(2, -1);
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new EngineError('E_ENV_MISSING', {
    where,
    expected: `environment variable ${name}`,
    found: 'not set',
    todo: `set ${name} before starting, or remove the source`,
  });
}

/** One connection to a platform's events. It is started when it is made, and never throws afterwards. */
export interface EventSource extends Closeable {
  readonly id: string;
  readonly kind: string;
  health(): EventSourceHealth;
}

export interface Waits {
  readonly minMs: number;
  readonly maxMs: number;
}

export const USUAL_WAITS: Waits = { minMs: 1000, maxMs: 60_000 };

/** Delays between tries: each twice the last one, with jitter, so that rooms do not all return at once. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly waits: Waits,
    private readonly random: () => number = Math.random,
  ) {}

  nextMs(): number {
    const { minMs, maxMs } = this.waits;
    const fullMs = Math.min(maxMs, minMs * 2 ** Math.min(this.tries, 30));
    this.tries += 1;
    return Math.max(minMs, fullMs * (0.5 + this.random() / 2));
  }

  /** For a refusal that another try will not change soon. */
  longestMs(): number {
    return this.waits.maxMs * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
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
