import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-listing-counts');

/**
 * Counts said without "pieces": the size of a set (2.1), and less than the minimum order counted in the product's own
 * noun, "as few as ten bottles" (5.5).
 */

const SET_OF = new RegExp(WORDS.any('sets-of'), 'g');
/** Words before a count that make it a minimum order. */
const MIN = new RegExp(String.raw`(?:${WORDS.any('minimum-before')})\s*$`);
const MIN_AFTER = new RegExp(String.raw`^\s*(?:${WORDS.any('minimum-after')})`);
const NOUN = /[a-z\u0430-\u044f]{4,}/g;
const STEM = 4;

/** The digits of `text` are figures; `entry` is the listing's text, folded the same way. */
export function detectListingCounts(
  view: TextView,
  entry: string,
  titles: readonly string[],
  minima: readonly number[],
): Match[] {
  const found: Match[] = [];
  const add = (rule: string, kind: string, start: number, end: number): void => {
    found.push({ rule, kind, ...originalRange(view, start, end) });
  };
  const count = (m: RegExpMatchArray): number => Number(m.slice(1).find((g) => g !== undefined));
  const listed = [...entry.matchAll(SET_OF)].map(count);
  if (listed.length > 0) {
    for (const m of view.text.matchAll(SET_OF)) {
      if (!listed.includes(count(m))) add('2.1', 'spec', m.index, m.index + m[0].length);
    }
  }
  if (minima.length === 0) return found;
  const minimum = Math.min(...minima);
  const stems = new Set(titles.flatMap((t) => [...t.matchAll(NOUN)].map((m) => m[0].slice(0, STEM))));
  for (const m of view.text.matchAll(/(?<![\d.,$€£¥])(\d{1,6}) (?:\p{L}+ )?(\p{L}{4,})/gu)) {
    const word = m[0].slice(m[0].lastIndexOf(' ') + 1);
    if (!stems.has(word.slice(0, STEM)) || Number(m[1]) >= minimum) continue;
    const before = view.text.slice(Math.max(0, m.index - 24), m.index);
    if (MIN.test(before) || MIN_AFTER.test(view.text.slice(m.index + m[0].length)))
      add('5.5', 'minimum-order', m.index, m.index + m[0].length);
  }
  return found;
}
