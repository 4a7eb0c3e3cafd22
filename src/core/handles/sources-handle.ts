import type { EventSourceHealth } from '../event-source-health.js';

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
