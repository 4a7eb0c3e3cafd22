import type { EventSourceConfig } from '../../config/sections/events.js';
import type { Closeable } from '../../core/closeable.js';
import type { EventCounts, EventSourceHealth, PageComment } from '../../config/api/events-handle.js';
import { BilibiliSource } from './bilibili-source.js';
import type { EventSource, SourceOptions } from './event-source.js';
import { LunaSource } from './luna-source.js';
import { ObaSource } from './oba-source.js';
import { PageSources } from './page-comment-sources.js';
import { TwitchSource } from './twitch-source.js';
import { YoutubeSource } from './youtube-source.js';

type Connected = Exclude<EventSourceConfig, { kind: 'page' }>;

/** Starts a source. Throws E_ENV_MISSING where its key is not set. */
function openSource(config: Connected, options: SourceOptions): EventSource {
  switch (config.kind) {
    case 'oba':
      return new ObaSource(config, options);
    case 'luna':
      return new LunaSource(config, options);
    case 'youtube':
      return new YoutubeSource(config, options);
    case 'twitch':
      return new TwitchSource(config, options);
    case 'bilibili':
      return new BilibiliSource(config, options);
  }
}

/** All sources of a room, and the pages that the extension reads. */
export class EventSources implements Closeable {
  private readonly sources: EventSource[] = [];
  private readonly pages: PageSources;

  constructor(configs: readonly EventSourceConfig[], options: SourceOptions) {
    this.pages = new PageSources(
      configs.filter((one) => one.kind === 'page'),
      options,
    );
    try {
      for (const config of configs) if (config.kind !== 'page') this.sources.push(openSource(config, options));
    } catch (error) {
      void this.close();
      throw error;
    }
  }

  health(): readonly EventSourceHealth[] {
    return [...this.sources.map((source) => source.health()), ...this.pages.all()];
  }

  takePage(site: string, events: readonly PageComment[]): EventCounts {
    return this.pages.take(site, events);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sources, this.pages].map((source) => source.close()));
  }
}
