import type { Listing } from './listing.js';

/** Longest text of a listing: titles, values and addresses are far below, descriptions and answers are cut. */
const MAX_CHARS = 4000;
const MAX_TITLE_CHARS = 1000;
const MAX_ITEMS = 400;
const MAX_LEVELS = 6;

/** A listing whose every text and list is short, so that its readers need no care with a hostile page's size. */
export function boundListing(listing: Listing): Listing {
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
