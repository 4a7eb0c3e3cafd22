import { serveLimited } from '../core/processes/serve-parent.js';
import type { Listing } from './listing.js';
import { type PageSource, readSources } from './listing-sources.js';

/** The only place where a stranger's page is parsed. It may hang or eat memory; its parent then kills it. */

export interface ListingJob {
  readonly sources: readonly PageSource[];
  readonly where: string;
}

export interface ListingReply {
  readonly listing: Listing;
  /** The source that it was read from. */
  readonly index: number;
}

await serveLimited<ListingJob, ListingReply>(
  async () =>
    async ({ sources, where }) =>
      readSources(sources, where),
);
