import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import type { Quantity } from '../numbers/quantities.js';
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

const LASTING_WORDS = wordTable('lasting-times');

/**
 * Compares how long the product lasts with the listing: "stays hot for two days" where it says 12 hours.
 *
 * Problem: other languages share no words with the listing, hours are expressed as days, and a bottle has two times,
 * one for hot and one for cold.
 * Rule: a time belongs to the nearest word for heat, cold or charge before it, else to the nearest after it, and
 * contradicts the listing when it exceeds all listed times for that topic.
 */

const TOPICS: readonly (readonly [topic: string, words: RegExp])[] = [
  ['hot', new RegExp(LASTING_WORDS.any('hot'), 'g')],
  ['cold', new RegExp(LASTING_WORDS.any('cold'), 'g')],
  ['charge', new RegExp(LASTING_WORDS.any('charge'), 'g')],
];
const HOURS: Readonly<Record<string, number>> = { minutes: 1 / 60, hours: 1, days: 24, months: 730, years: 8760 };
const BEFORE_CHARS = 64;
const AFTER_CHARS = 32;
/** A quarter of an hour more than four hours is a manner of speaking. */
const LONGER = 1.07;

/** The longest listed time for each topic, in hours. */
export type LastingTimes = ReadonlyMap<string, number>;

function topicOf(text: string, q: Quantity): string | undefined {
  let best: string | undefined;
  let nearest = Infinity;
  for (const [topic, words] of TOPICS) {
    for (const m of text.matchAll(words)) {
      const end = m.index + m[0].length;
      const before = end <= q.start && q.start - end <= BEFORE_CHARS;
      const after = m.index >= q.end && m.index - q.end <= AFTER_CHARS;
      if (!before && !after) continue;
      const gap = before ? q.start - end : BEFORE_CHARS + m.index - q.end;
      if (gap >= nearest) continue;
      best = topic;
      nearest = gap;
    }
  }
  return best;
}

export function lastingTimes(text: string, of: readonly Quantity[], known = new Map<string, number>()): LastingTimes {
  for (const q of of) {
    const factor = HOURS[q.family];
    const topic = factor === undefined ? undefined : topicOf(text, q);
    if (topic === undefined) continue;
    known.set(topic, Math.max(known.get(topic) ?? 0, q.value * factor!));
  }
  return known;
}

/** Whether a claimed time is longer than listed. */
export function outlasts(text: string, q: Quantity, listed: LastingTimes): boolean {
  const factor = HOURS[q.family];
  if (factor === undefined || listed.size === 0) return false;
  const topic = topicOf(text, q);
  const longest = topic === undefined ? undefined : listed.get(topic);
  return longest !== undefined && q.value * factor > longest * LONGER;
}
