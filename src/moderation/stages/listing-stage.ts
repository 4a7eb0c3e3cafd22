import { type Detector, isShown, type Stage } from '../reading.js';
import { detectWrongLanguage } from '../language/detect-language.js';
import { detectListingConflicts } from '../listing/detect-listing.js';
import type { Product } from '../../config/sections/product.js';
import type { Match } from '../match.js';
import { statements } from '../listing/detect-certificates.js';
import type { LexiconMatch } from '../lexicon/lexicon.js';
import { normalise } from '../normalise/normalise.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Other people's brands (rule 5.4): a brand missing from the listing that is claimed ("our genuine Gucci") or compared
 * with ("better than Dyson"). Naming a compatible product ("case for iPhone") is allowed.
 */

/** Maximum distance of a claiming or comparing word from the brand, in characters of the words view. */
const BESIDE = 18;
/** Maximum distance of an excuse such as "compatible". */
const EXCUSE = 28;

const listed = new WeakMap<readonly Product[], string>();

function listing(products: readonly Product[]): string {
  let text = listed.get(products);
  if (text === undefined) {
    text = ` ${products.map((p) => normalise(statements(p).join(' ')).words.text).join(' ')} `;
    listed.set(products, text);
  }
  return text;
}

/** `sets` are the matches in `words`: `brand`, `brand-ambiguous`, `brand-claim`, `brand-compare`, `licensed`. */
function detectBrands(
  words: TextView,
  sets: ReadonlyMap<string, readonly LexiconMatch[]>,
  products: readonly Product[],
): Match[] {
  const brands = sets.get('brand');
  if (brands === undefined) return [];
  const beside = (name: string, m: LexiconMatch, reach: number): LexiconMatch | undefined =>
    (sets.get(name) ?? []).find((o) => Math.max(o.start - m.end, m.start - o.end) <= reach);
  const found: Match[] = [];
  for (const brand of brands) {
    if (beside('brand-ambiguous', brand, -1) !== undefined) continue;
    const name = words.text.slice(brand.start, brand.end).trim();
    if (listing(products).includes(name)) continue;
    if (beside('licensed', brand, EXCUSE) !== undefined) continue;
    const context = beside('brand-claim', brand, BESIDE) ?? beside('brand-compare', brand, BESIDE);
    if (context === undefined) continue;
    const start = Math.min(context.start, brand.start);
    const end = Math.max(context.end, brand.end);
    found.push({ rule: '5.4', kind: 'brand', ...originalRange(words, start, end) });
  }
  return found;
}

const conflicts: Detector = {
  name: 'listing',
  detect: (reading) => {
    const { folded, languages, context } = reading;
    if (context.entry === undefined || context.entry.length === 0) return [];
    return detectListingConflicts(folded, context.entry, reading.ranges('gift'), reading.ranges('scarcity'), languages);
  },
};

const brands: Detector = {
  name: 'brands',
  detect: ({ words, sets, context }) =>
    context.entry === undefined || context.entry.length === 0 || !isShown(context)
      ? []
      : detectBrands(words, sets, context.entry),
};

const language: Detector = {
  name: 'language',
  detect: ({ text, room, counts, guess, context }) =>
    context.surface === 'frame' ? [] : detectWrongLanguage(text, room, counts, guess),
};

/** Compares the line with the listing, its brands and the room's language. */
export const listingStage: Stage = { name: 'listing', detectors: [conflicts, brands, language] };
