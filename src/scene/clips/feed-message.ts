import type { CompiledClips } from './clip-ring.js';

/** Main thread → feeder. */
export type FeedRequest = { readonly type: 'feed'; readonly clips: CompiledClips; readonly number: number };

/** Feeder → main thread. */
export type FeedReport =
  /** The ring is full for the first time, or could not be filled. */
  | { readonly type: 'filled'; readonly number: number }
  | { readonly type: 'failed'; readonly id: string; readonly error: string };
