import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('said-minimum');

/**
 * "Fifty pieces and you can order" where the listing begins at two hundred (rule 5.5): phrases of each language that
 * state a sufficient or minimum quantity. The text has its numbers as figures and its letters folded.
 */

const PIECES = WORDS.any('pieces');
/** Phrases before the figure that make it a minimum order. */
const MIN = WORDS.any('minimum');
/** Phrases after the pieces that call them sufficient for an order. */
const ENOUGH = WORDS.any('enough');

const BEFORE = new RegExp(`(?<!\\p{L})(?:${MIN}) ?(\\d{1,6}) ?(?:${PIECES})(?![a-z])`, 'gu');
const AFTER = new RegExp(`(?<![\\d.,$€£¥])(\\d{1,6}) ?(?:${PIECES}) ?(?:${ENOUGH})`, 'gu');
/** Fewer than this ("two pieces are enough for a child") are not an order. */
const MIN_ORDER = 10;

/** `minima`: the minimum orders of the listings. */
export function detectSaidMinimum(view: TextView, minima: readonly number[]): Match[] {
  if (minima.length === 0) return [];
  const minimum = Math.min(...minima);
  const found: Match[] = [];
  for (const pattern of [BEFORE, AFTER]) {
    for (const m of view.text.matchAll(pattern)) {
      const value = Number(m[1]);
      if (value < MIN_ORDER || value >= minimum) continue;
      const place = originalRange(view, m.index, m.index + m[0].length);
      if (found.some((f) => f.start < place.end && f.end > place.start)) continue;
      found.push({ rule: '5.5', kind: 'minimum-order', ...place });
    }
  }
  return found;
}
