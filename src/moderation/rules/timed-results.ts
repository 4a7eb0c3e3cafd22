import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('timed-results');

/**
 * Promises of body changes by a date: "7天美白", "Lose weight in 14 days" (2.1).
 *
 * Problem: these claims are too short for the line model, and each word is harmless: "weight loss diary", "arrives in 7
 * days".
 * Rule: a result (`body-result` of the packs) and a number of days, weeks or months that leads to it stand near each
 * other in one sentence, and nothing beside the number refers to parcels, packs or a diary.
 */
// All in the folded view, which has no accents.
const COUNT = String.raw`(?:${WORDS.any('counts')})`;
const LATIN_TIME = WORDS.list('times-latin').map((time) => time.replaceAll('<count>', COUNT));
const OTHER_TIME = WORDS.list('times-other-scripts');
const TIMES = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${LATIN_TIME.join('|')})(?![\\p{L}\\p{N}])|(?<!\\p{N})(?:${OTHER_TIME.join('|')})`,
  'giu',
);
/** Words beside the number that refer to parcels, packs and habits. */
const ABOUT_GOODS = new RegExp(WORDS.any('about-goods'), 'iu');
const NEAR_CHARS = 32;
/** Maximum distance of a denial from the claim. */
const DENIED_CHARS = 24;
const STOP = /[.!?。！？\n]/u;

/** `results`: ranges of `body-result` in the original text; `denied`: of words that deny a claim. */
export function detectTimedResults(
  text: string,
  folded: TextView,
  results: readonly { start: number; end: number }[],
  denied: readonly { start: number; end: number }[],
): Match[] {
  if (results.length === 0 || ABOUT_GOODS.test(text)) return [];
  const found: Match[] = [];
  for (const match of folded.text.matchAll(TIMES)) {
    const time = originalRange(folded, match.index, match.index + match[0].length);
    for (const result of results) {
      const start = Math.min(time.start, result.start);
      const end = Math.max(time.end, result.end);
      const between = text.slice(Math.min(time.end, result.end), Math.max(time.start, result.start));
      if (between.length > NEAR_CHARS || STOP.test(between)) continue;
      if (denied.some((d) => d.end > start - DENIED_CHARS && d.start < end + DENIED_CHARS)) continue;
      found.push({ rule: '2.1', kind: 'medical', start, end });
    }
  }
  return found;
}
