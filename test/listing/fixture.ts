import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import { isEngineError } from '../../src/core/errors.js';
import type { Listing } from '../../src/listing/listing.js';
import { readListing } from '../../src/listing/listing-sources.js';

const FOLDER = join(packageRoot(), 'test/listing/fixtures');

export const fixturePath = (name: string): string => join(FOLDER, name);
export const fixture = (name: string): string => readFileSync(fixturePath(name), 'utf8');
export const listingOf = (name: string, link?: string): Listing =>
  readListing(fixture(name), { where: name, ...(link !== undefined && { link }) });

/** "E_LISTING_PAGE bot-wall" of what reading a text throws; "none" when it throws nothing. */
export function faultOf(text: string, link?: string): string {
  try {
    readListing(text, { where: 'page', ...(link !== undefined && { link }) });
    return 'none';
  } catch (error) {
    if (!isEngineError(error)) throw error;
    const kind = error.details['kind'];
    return typeof kind === 'string' ? `${error.code} ${kind}` : error.code;
  }
}
