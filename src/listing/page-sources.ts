import { EngineError, isEngineError } from '../core/errors.js';
import { boundListing } from './bound-listing.js';
import type { Listing } from './listing.js';
import { readListing } from './read-listing.js';

/** A page, an answer or a text; `data` is an object of a page that a browser sent. */
export interface PageSource {
  /** The name in messages. */
  readonly where: string;
  readonly link?: string | undefined;
  readonly text?: string;
  readonly data?: { readonly name: string; readonly value: unknown };
}

/** Reads the first source that holds a product. Throws the fault of the source that says most. */
export function readSources(sources: readonly PageSource[], where: string): { listing: Listing; index: number } {
  let fault: EngineError | undefined;
  for (const [index, source] of sources.entries()) {
    try {
      const listing = readListing(textOf(source), {
        where: source.where,
        ...(source.link !== undefined && { link: source.link }),
      });
      return { listing: boundListing(listing), index };
    } catch (error) {
      if (!isEngineError(error)) throw error;
      // A page that names its fault (a bot wall, a removed product) says more than data that is no product.
      if (fault === undefined || error.code === 'E_LISTING_PAGE') fault = error;
    }
  }
  if (fault !== undefined) throw fault;
  throw new EngineError('E_LISTING_INVALID', {
    where,
    expected: 'html or data of a product page',
    found: 'neither',
  });
}

function textOf({ text, data }: PageSource): string {
  if (data === undefined) return text ?? '';
  return JSON.stringify(data.name === 'jsonLd' ? data.value : { source: data.name, data: data.value });
}
