/** State of a connection to a platform's events; it reconnects by itself. */
export interface EventSourceHealth {
  readonly id: string;
  readonly kind: string;
  readonly state: 'connecting' | 'live' | 'backoff' | 'stopped';
  /** In plain words, without secrets; empty while all is well. */
  readonly lastError: string;
  /** Events handed over, repeats included. */
  readonly events: number;
  /** Messages that were malformed, too large or beyond the limit. */
  readonly ignored?: number;
}
