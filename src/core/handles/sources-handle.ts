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

/** A comment that a client read on a live page or took from a viewer; hostile until judged. */
export interface PageComment {
  readonly id: string;
  readonly user: string;
  readonly text: string;
}

/** Where a running room gets viewers' events from. */
export interface SourcesHandle {
  health(): readonly EventSourceHealth[];
  /** Takes comments of a live page or of another program; an empty list is a sign of life. */
  takePage(
    site: string,
    comments: readonly PageComment[],
  ): { readonly taken: number; readonly repeated: number; readonly dropped: number };
}
