import type { Product } from '../../config/sections/product.js';
import type { TextHit } from '../../core/verdict.js';
import { Listings } from '../listings.js';

/** Former listings that are kept: the first, by which the script was admitted, and the newest. */
const MAX_FORMER = 8;

/**
 * The listings of a show, as they are and as they were.
 *
 * Problem: after a change of price, lead time, stock or certificates a line that was true states something false; muted
 * in its midst it would be a sentence with a hole, round after round.
 * Rule: a finding that some former listing did not have comes from the change, and its line is not spoken at all. One
 * that every listing had belongs to the line, and the rules' actions apply.
 */
export class FormerListings {
  private readonly former: Listings[] = [];
  private now: Listings;

  constructor(private readonly products: () => readonly Product[]) {
    this.now = new Listings(products());
  }

  /** The listings as they are. */
  get current(): Listings {
    const products = this.products();
    if (this.now.products !== products) {
      this.former.push(this.now);
      if (this.former.length > MAX_FORMER) this.former.splice(1, 1);
      this.now = new Listings(products);
    }
    return this.now;
  }

  /** The first finding that comes from a change of the listings. `judge`: the findings by other listings. */
  brokenByChange(hits: readonly TextHit[], judge: (listings: Listings) => readonly TextHit[]): TextHit | undefined {
    if (hits.length === 0) return undefined;
    for (const listings of this.former) {
      const known = judge(listings);
      const fresh = hits.find((hit) => !known.some((one) => isSameFinding(one, hit)));
      if (fresh !== undefined) return fresh;
    }
    return undefined;
  }
}

/** The same rule at the same words. */
export const isSameFinding = (a: TextHit, b: TextHit): boolean =>
  a.rule === b.rule && a.start < b.end && b.start < a.end;
