import { EngineError, isEngineError } from '../core/errors.js';
import type { Listing } from './listing.js';
import { readListing } from './read-listing.js';

/** Longest text of a listing: titles, values and addresses are far below, descriptions and answers are cut. */
const MAX_CHARS = 4000;
const MAX_TITLE_CHARS = 1000;
const MAX_ITEMS = 400;
const MAX_LEVELS = 6;

/** A listing whose every text and list is short, so that its readers need no care with a hostile page's size. */
function boundListing(listing: Listing): Listing {
  const bounded = cut(listing, 0) as Listing;
  return { ...bounded, title: bounded.title.slice(0, MAX_TITLE_CHARS) };
}

function cut(value: unknown, level: number): unknown {
  if (typeof value === 'string') return value.length > MAX_CHARS ? value.slice(0, MAX_CHARS) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (level > MAX_LEVELS) return undefined;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((one: unknown) => cut(one, level + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, inner]) => [key.slice(0, MAX_CHARS), cut(inner, level + 1)]),
  );
}

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
    found: 'a file with neither',
  });
}

function textOf({ text, data }: PageSource): string {
  if (data === undefined) return text ?? '';
  return JSON.stringify(data.name === 'jsonLd' ? data.value : { source: data.name, data: data.value });
}
