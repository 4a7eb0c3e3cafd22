import type { Listing, Origin } from './listing.js';

export interface PlacedListing {
  /** Where on the page it was found. */
  readonly place: string;
  readonly listing: Listing;
}

/** Fields that another place of the same page may fill; price and currency belong together. */
const FILLED = ['description', 'brand', 'categories', 'certificates', 'faq', 'pictures', 'languages'] as const;
const FIELDS: readonly (keyof Listing)[] = [
  ...([
    'id',
    'title',
    'priceLadder',
    'currency',
    'unit',
    'minimumOrder',
    'leadTime',
    'variants',
    'attributes',
  ] as const),
  ...(['packing', 'sample'] as const),
  ...FILLED,
];

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/**
 * The listing of the first place, with gaps filled from the others; undefined without a place. A listing of another title
 * is another product (accessories, "similar items") and fills nothing.
 */
export function joinListings(found: readonly PlacedListing[]): Listing | undefined {
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  let listing = first.listing;
  const has = FIELDS.filter((field) => !isEmpty(listing[field]));
  const origins: Origin[] = [{ place: first.place, fields: has }];
  for (const { place, listing: other } of others) {
    if (!isSameProduct(listing, other)) continue;
    const more: Partial<Listing> = {};
    if (listing.priceLadder.length === 0 && other.priceLadder.length > 0 && other.currency !== undefined)
      Object.assign(more, { priceLadder: other.priceLadder, currency: other.currency });
    for (const field of FILLED)
      if (isEmpty(listing[field]) && !isEmpty(other[field])) Object.assign(more, { [field]: other[field] });
    if (Object.keys(more).length === 0) continue;
    listing = { ...listing, ...more };
    origins.push({ place, fields: Object.keys(more) as (keyof Listing)[] });
  }
  return { ...listing, origins };
}

const lettersOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, 200);

function isSameProduct(one: Listing, other: Listing): boolean {
  if (one.id !== undefined && one.id === other.id) return true;
  const [a, b] = [lettersOf(one.title), lettersOf(other.title)];
  return a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a));
}
