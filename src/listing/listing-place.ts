import type { Listing } from './listing.js';
import type { PageValue } from './page-value.js';
import type { ScriptPlace } from './script-places.js';

/** An assignment in a shop's pages, and how its value becomes a listing. */
export interface ListingPlace extends ScriptPlace {
  /** Numbers stand as keys without quotes. */
  readonly bareKeys?: boolean;
  /** Other scripts have such an assignment, too: one that cannot be read is no fault. */
  readonly isGuess?: boolean;
  readonly fits: (value: PageValue) => boolean;
  readonly read: (value: PageValue) => Listing;
}
