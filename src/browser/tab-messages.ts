import type { CommentPlaces } from './comments/page-comment-reader.js';
import type { PageEvent } from './product/engine-api.js';

/** From the panel to the worker, which goes on when the popup closes. */
export type FromPanel =
  | { readonly kind: 'send-product'; readonly tab: number }
  | { readonly kind: 'pick-comments'; readonly tab: number };

/** From the part that reads comments to the worker. */
export type FromReader =
  | { readonly kind: 'comments'; readonly events: readonly PageEvent[] }
  | { readonly kind: 'picked'; readonly places: CommentPlaces };

export type ToTab = { readonly kind: 'pick' };

/** An error's name in the panel's words, or a sentence of the engine; empty when all went well. */
export type PanelReply = string;

/** The browser ends a worker that waits for long, so the panel reads the progress from the store. */
export interface ProductState {
  readonly phase: 'reading' | 'saving' | 'saved' | 'failed';
  readonly title: string;
  readonly file: string;
  readonly warnings: number;
  readonly error: string;
}

/** For the panel: how reading goes, by host. */
export interface ReadingState {
  readonly sent: number;
  readonly error: string;
}
