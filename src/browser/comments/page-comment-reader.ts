import type { PageEvent } from '../product/engine-api.js';
import { CommentIds } from './comment-ids.js';
import type { CommentPlaces } from './comment-places.js';
import { newComments, type ShownComment } from './new-comments.js';
import { readComments } from './read-comments.js';

const MAX_WAITING = 400;
const MAX_BATCH = 50;
const SETTLE_MS = 250;
/** Hidden tabs run timers once a minute; the engine waits for longer than that. */
const ALIVE_MS = 30_000;
const RETRY_MS = 3000;

/** Hands a batch over; true when it was taken. */
export type Deliver = (events: readonly PageEvent[]) => Promise<boolean>;

/** Watches the page's list of comments and hands new ones over. Comments from before the start are history. */
export class CommentReader {
  private shown: readonly ShownComment[];
  private waiting: PageEvent[] = [];
  private readonly ids: CommentIds;
  private readonly observer: MutationObserver;
  private readonly alive: ReturnType<typeof setInterval>;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private turn: Promise<void> = Promise.resolve();
  private sending = false;
  private stopped = false;

  constructor(
    private readonly places: CommentPlaces,
    site: string,
    private readonly deliver: Deliver,
  ) {
    this.ids = new CommentIds(site);
    this.shown = this.read();
    this.observer = new MutationObserver(() => this.soon());
    this.observer.observe(document.documentElement, { childList: true, subtree: true, characterData: true });
    this.alive = setInterval(() => void this.send(true), ALIVE_MS);
    void this.send(true);
  }

  stop(): void {
    this.stopped = true;
    this.observer.disconnect();
    clearInterval(this.alive);
    clearTimeout(this.settle);
  }

  /** A page draws a comment in several steps: they are read once they have settled. */
  private soon(): void {
    this.settle ??= setTimeout(() => {
      this.settle = undefined;
      this.turn = this.turn.then(() => this.look());
    }, SETTLE_MS);
  }

  private async look(): Promise<void> {
    const now = this.read();
    // A list that is empty for a moment is being redrawn.
    if (now.length === 0) return;
    const fresh = newComments(this.shown, now);
    this.shown = now;
    const atMs = Date.now();
    for (const comment of fresh) this.waiting.push({ ...comment, id: await this.ids.idOf(comment, atMs) });
    if (this.waiting.length > MAX_WAITING) this.waiting = this.waiting.slice(-MAX_WAITING);
    if (this.waiting.length > 0) await this.send(false);
  }

  private async send(evenNone: boolean): Promise<void> {
    if (this.sending || this.stopped) return;
    this.sending = true;
    let taken = true;
    try {
      do {
        const batch = this.waiting.slice(0, MAX_BATCH);
        if (batch.length === 0 && !evenNone) break;
        taken = await this.deliver(batch).catch(() => false);
        if (taken) this.waiting.splice(0, batch.length);
      } while (taken && this.waiting.length > 0);
    } finally {
      this.sending = false;
    }
    if (!taken && this.waiting.length > 0 && !this.stopped) setTimeout(() => void this.send(false), RETRY_MS);
  }

  private read(): ShownComment[] {
    try {
      return readComments(document, this.places);
    } catch {
      // The page's markup has changed in a way that the selectors do not follow.
      return [];
    }
  }
}
