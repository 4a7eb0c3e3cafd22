import { statements } from '../moderation/index.js';
import { normalise } from '../moderation/normalise/index.js';
import type { Product } from '../config/sections/product.js';

/**
 * The listings that a line may speak of.
 *
 * The trouble: held against all listings of a room, a line about the bottle may give the price of the lunch box. Held against the one
 * that is shown, a line may not say what comes next, or goes with it. The rule: the listing of the product that is shown, and of those
 * whose title has a word of its own in the line; where no product is shown, all.
 */
export class Listings {
  private readonly words = new Map<string, ReadonlySet<string>>();
  /** One array for one choice: what is read out of listings is kept by it. */
  private readonly chosen = new Map<string, readonly Product[]>();

  constructor(private readonly products: readonly Product[]) {
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

/** What a word keeps however it is inflected; of writing without blanks each two signs. */
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
