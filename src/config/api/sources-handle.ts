import { z } from 'zod';
import type { Shape } from '../shape.js';

/** State of a connection to a platform's events; it reconnects by itself. */
export const eventSourceHealth = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['connecting', 'live', 'backoff', 'stopped']),
  lastError: z.string().describe('In plain words, without secrets; empty while all is well'),
  events: z.number().describe('Events handed over, repeats included'),
  ignored: z.number().exactOptional().describe('Messages that were malformed, too large or beyond the limit'),
});
export type EventSourceHealth = Shape<typeof eventSourceHealth>;

/** A comment that a client read on a live page or took from a viewer; hostile until judged. */
export const pageComment = z.strictObject({
  id: z.string().min(1).max(200).describe('Stable: a second comment with the same id is dropped'),
  user: z.string().max(200).default('').describe("The viewer's name"),
  text: z.string().min(1).max(2000).describe('The words'),
});
export type PageComment = Shape<typeof pageComment>;

/** Where a running room gets viewers' events from. */
export interface SourcesHandle {
  health(): readonly EventSourceHealth[];
  /** Takes comments of a live page or of another program; an empty list is a sign of life. */
  takePage(
    site: string,
    comments: readonly PageComment[],
  ): { readonly taken: number; readonly repeated: number; readonly dropped: number };
}
