/**
 * Live pages that our browser extension reads. The extension posts batches, and an empty batch as a sign of life;
 * a page that stays silent counts as down.
 */
import type { PageSourceConfig } from '../../config/sections/events.js';
import type { EventCounts, PageComment, ViewerEvent } from '../../config/api/events-handle.js';
import { type EventSource, shapeEvent, SourceFeed, type SourceOptions } from './event-source.js';

/** The extension gives a sign of life every 30 s; a browser slows a hidden tab's timers to one a minute. */
const SILENT_MS = 150_000;
const CHECK_MS = 5000;
/** Pages beside those that the room file lists. */
const MAX_OTHERS = 20;

interface Page {
  readonly id: string;
  readonly site: string;
  readonly platform: string;
  readonly feed: SourceFeed;
  readonly listed: boolean;
  heardMs: number;
}

export class PageSources implements EventSource {
  readonly id = 'page';
  readonly kind = 'page';
  private readonly pages = new Map<string, Page>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    listed: readonly PageSourceConfig[],
    private readonly options: SourceOptions & { readonly nowMs?: () => number; readonly silentMs?: number },
  ) {
    for (const { id, site, platform } of listed) this.add(site, id, platform, true);
    this.timer = setInterval(() => this.check(), CHECK_MS).unref();
  }

  /** The newest state of all pages together; `all()` has each. */
  health() {
    const all = this.all();
    const state = all.some((one) => one.state === 'live') ? ('live' as const) : ('connecting' as const);
    return {
      id: this.id,
      kind: this.kind,
      state,
      lastError: '',
      events: all.reduce((sum, one) => sum + one.events, 0),
    };
  }

  all() {
    return [...this.pages.values()].map(({ feed }) => feed.health());
  }

  /** Takes a batch of a page's comments. */
  take(site: string, batch: readonly PageComment[]): EventCounts {
    const page =
      this.pages.get(site) ??
      this.add(site, `page-${site.replace(/[^a-z0-9]+/gi, '-')}`.slice(0, 40), site.slice(0, 40));
    page.heardMs = this.nowMs();
    page.feed.live();
    const events: ViewerEvent[] = batch.flatMap(({ id, user, text }) => {
      const event = shapeEvent(page.id, { id, platform: page.platform, kind: 'comment', user, text });
      if (event === undefined) page.feed.ignore('a comment without words');
      return event ?? [];
    });
    return page.feed.take(events);
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    for (const { feed } of this.pages.values()) feed.stopped();
    return Promise.resolve();
  }

  /** Marks the pages that have been silent for too long. */
  check(): void {
    const { silentMs = SILENT_MS } = this.options;
    for (const page of this.pages.values()) {
      if (page.feed.health().state !== 'live' || this.nowMs() - page.heardMs <= silentMs) continue;
      // A page that the room file does not list may be closed on purpose.
      if (page.listed) page.feed.failed('nobody reads the page: open it with the extension and start reading again', 0);
      else page.feed.stopped();
    }
  }

  private add(site: string, id: string, platform: string, listed = false): Page {
    const { sink, log } = this.options;
    const others = [...this.pages.values()].filter((one) => !one.listed);
    if (!listed && others.length >= MAX_OTHERS) this.pages.delete(others[0]!.site);
    const feed = new SourceFeed({ id, kind: this.kind, sink, log });
    const page = { id, site, platform, feed, listed, heardMs: this.nowMs() };
    this.pages.set(site, page);
    return page;
  }

  private nowMs(): number {
    return (this.options.nowMs ?? performance.now.bind(performance))();
  }
}
