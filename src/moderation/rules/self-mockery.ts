import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('self-mockery');

/**
 * Insults that speakers apply to themselves: "the moron in this story is me", 我这个笨蛋, "der Trottel bin ich".
 *
 * Problem: the word is the same as for a viewer.
 * Rule: "I am a" right before it, or "is me" right after it, with at most an article between. Where "I" may also speak
 * of others ("I serve no fools"), a word between is required.
 */

const edge = (words: string): string => `(?<![\\p{L}\\p{M}])(?:${words})`;

/** Ends where the insult begins. */
const BEFORE = new RegExp(
  `(?:${[...WORDS.list('before').map(edge), ...WORDS.list('before-unparted')].join('|')})$`,
  'iu',
);
/** Begins where the insult ends. */
const AFTER = new RegExp(`^(?:${WORDS.any('after')})(?![\\p{L}\\p{M}])`, 'iu');
/** Scripts without blanks have no word boundary. */
const AFTER_LOOSE = /^(?:(?:就)?是我|(?:は|なのは)(?:私|僕|俺))/u;
const REACH = 40;

/** Whether the insult at [start, end) of the text refers to the speaker. */
export function isSelfMockery(text: string, start: number, end: number): boolean {
  const behind = text.slice(end, end + REACH);
  return BEFORE.test(text.slice(Math.max(0, start - REACH), start)) || AFTER.test(behind) || AFTER_LOOSE.test(behind);
}
