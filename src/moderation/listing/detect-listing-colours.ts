import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-listing-colours');

/** Detects an offered colour that is missing from the listing's colours (2.1). */

/** Names of each colour in all languages, folded. */
const COLOURS: readonly string[] = WORDS.groups('colours').map(([, names]) => names.join('|'));
const NAMES = COLOURS.map((c) => new RegExp(`(?<![\\p{L}\\p{M}])(?:${c})|(?<=[\\p{Script=Han}])(?:${c})`, 'gu'));
/** Words that offer colours. */
const OFFER = new RegExp(WORDS.any('offer'), 'u');
const LISTED = new RegExp(WORDS.any('listed'), 'u');

const namesIn = (text: string): Set<number> => {
  const found = new Set<number>();
  for (const [i, name] of NAMES.entries()) {
    name.lastIndex = 0;
    if (name.test(text)) found.add(i);
  }
  return found;
};

/** `facts` of the listings, folded. */
export function detectListingColours(view: TextView, facts: readonly string[]): Match[] {
  if (!OFFER.test(view.text)) return [];
  const listed = new Set(facts.filter((f) => LISTED.test(f)).flatMap((f) => [...namesIn(f)]));
  // A listing with one colour describes its picture; two or more are a choice.
  if (listed.size < 2) return [];
  const found: Match[] = [];
  for (const [i, name] of NAMES.entries()) {
    if (listed.has(i)) continue;
    for (const m of view.text.matchAll(name)) {
      found.push({ rule: '2.1', kind: 'colour', ...originalRange(view, m.index, m.index + m[0].length) });
    }
  }
  return found;
}
