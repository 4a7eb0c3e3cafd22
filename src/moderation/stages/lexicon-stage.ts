import type { Reading, Stage } from '../reading.js';
import type { LanguageGate, Lexicon } from '../lexicon/lexicon.js';
import type { Match } from '../match.js';
import { doubledWords } from '../normalise/normalise.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { insideLabels } from '../numbers/digit-runs.js';
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
function isSelfMockery(text: string, start: number, end: number): boolean {
  const behind = text.slice(end, end + REACH);
  return BEFORE.test(text.slice(Math.max(0, start - REACH), start)) || AFTER.test(behind) || AFTER_LOOSE.test(behind);
}

/** Words and combinations of the rule packs, as written. The line model may take these matches back. */
export const lexiconStage = (lexicon: Lexicon): Stage => ({
  name: 'lexicon',
  detectors: [
    { name: 'words', detect: words },
    { name: 'doubled letters', detect: (reading) => doubledLetters(lexicon, reading) },
  ],
  finish: markLexicon,
});

/** Matches of the lexicon in one view of a text. */
export const searchView = (lexicon: Lexicon, view: TextView, gate: LanguageGate, text: string): Match[] =>
  lexicon
    .search(view, gate, text)
    .hits.map(({ rule, kind, start, end }) => ({ rule, kind, ...originalRange(view, start, end) }));

function words({ text, hits, words: view, named }: Reading): Match[] {
  const isInLabel = insideLabels(named, view);
  return hits
    .map(({ rule, kind, start, end }) => ({ rule, kind, ...originalRange(view, start, end) }))
    .filter((f) => f.rule !== '3.2' || !isInLabel(f))
    .filter((f) => f.kind !== 'insult' || !isSelfMockery(text, f.start, f.end));
}

/** Matches that need repeated letters reduced to two. */
function doubledLetters(lexicon: Lexicon, { text, folded, gate, found }: Reading): Match[] {
  const view = doubledWords(folded);
  if (view === undefined) return [];
  return searchView(lexicon, view, gate, text).filter(
    (h) => !found.some((f) => f.rule === h.rule && f.start < h.end && f.end > h.start),
  );
}

/** Notes the matches so far as the lexicon's. "Lamp dot com" is an address, not an ambiguous word. */
function markLexicon(reading: Reading): void {
  const dots = reading.ranges('dot-tld');
  const isAddress = (f: Match): boolean => f.rule === '3.2' && dots.some((d) => d.start < f.end && d.end > f.start);
  reading.ofLexicon = new Set(reading.found.filter((f) => !isAddress(f)));
}
