import { statements } from '../moderation/index.js';
import { normalise } from '../moderation/normalise/index.js';
import type { Product } from '../config/sections/product.js';
import type { TextHit } from '../core/verdict.js';

/**
 * Chooses the listings against which a line is judged.
 *
 * Problem: judged against all listings, a line about the bottle may give the price of the lunch box. Judged against
 * the shown product only, a line may not announce the next product, or one that goes with it.
 * Rule: the listing of the shown product, plus those with a title word of their own in the line; all listings while no
 * product is shown.
 */
export class Listings {
  private readonly words = new Map<string, ReadonlySet<string>>();
  /** The same array for the same choice: facts read from listings are cached by it. */
  private readonly chosen = new Map<string, readonly Product[]>();

  constructor(readonly products: readonly Product[]) {
    for (const product of products) this.words.set(product.id, stemsOf(product.title));
  }

  of(id: string | null | undefined, text: string): readonly Product[] {
    const shown = this.products.find((p) => p.id === id);
    if (shown === undefined || this.products.length < 2) return this.products;
    const said = normalise(text).folded.text;
    const own = normalise(statements(shown).join(' \n ')).folded.text;
    const spoken = this.products.filter(
      (p) => p === shown || [...this.words.get(p.id)!].some((word) => said.includes(word) && !own.includes(word)),
    );
    if (spoken.length === this.products.length) return this.products;
    const key = spoken.map((p) => p.id).join(' ');
    let entry = this.chosen.get(key);
    if (entry === undefined) this.chosen.set(key, (entry = spoken));
    return entry;
  }
}

const SIGNS = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}';
const WITHOUT_BLANKS = new RegExp(`^[${SIGNS}]+$`, 'u');
/** "LED台灯" is two words. */
const WORD = new RegExp(`[${SIGNS}]+|(?:(?![${SIGNS}])[\\p{L}\\p{M}])+`, 'gu');
const MIN_LETTERS = 3;
const SIGNS_OF_A_WORD = 2;

/** Word stems that survive inflection; pairs of characters for scripts without spaces. */
function stemsOf(title: string): Set<string> {
  const stems = new Set<string>();
  for (const [word] of normalise(title).folded.text.matchAll(WORD)) {
    if (WITHOUT_BLANKS.test(word)) {
      for (let i = 0; i + SIGNS_OF_A_WORD <= word.length; i += 1) stems.add(word.slice(i, i + SIGNS_OF_A_WORD));
    } else if (word.length >= MIN_LETTERS)
      stems.add(word.slice(0, Math.max(MIN_LETTERS, Math.ceil(word.length * 0.75))));
  }
  return stems;
}

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
