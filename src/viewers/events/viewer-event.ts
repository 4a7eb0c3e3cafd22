import { z } from 'zod';

/** Kinds of viewer events. */
const EVENT_KINDS = ['comment', 'enter', 'follow', 'like', 'gift', 'order', 'cart'] as const;

/** Something that a viewer did, as a platform reports it. Its text and name are hostile until judged. */
export const viewerEvent = z
  .strictObject({
    id: z.string().min(1).max(200).describe("The platform's id of the event: a second one with the same id is dropped"),
    platform: z.string().min(1).max(40).describe('Name of the platform: "taobao", "youtube"'),
    kind: z.enum(EVENT_KINDS).describe('Action of the viewer'),
    user: z.string().max(200).default('').describe("The viewer's name; empty when unknown"),
    text: z.string().max(2000).optional().describe('Words of a comment, name of a gift'),
    count: z.int().min(1).max(1_000_000).optional().describe('Number of likes or gifts'),
    atMs: z.number().nonnegative().optional().describe('Unix time in ms; default: when it arrives'),
  })
  .describe('A viewer event');
export type ViewerEvent = z.infer<typeof viewerEvent>;

/** Result of handing events over. */
export interface EventsTaken {
  readonly taken: number;
  /** Already known ids. */
  readonly repeated: number;
  /** Beyond the limit per second. */
  readonly dropped: number;
}

/** Takes viewer events from any source. Never throws and never waits. */
export interface EventSink {
  take(events: readonly ViewerEvent[]): EventsTaken;
}

export type { EventSourceHealth } from '../../core/handles/sources-handle.js';
