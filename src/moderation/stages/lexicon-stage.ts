import type { Stage } from '../detector.js';
import type { LanguageGate, Lexicon } from '../lexicon/lexicon.js';
import type { Match } from '../match.js';
import { doubledWords } from '../normalise/normalise.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { insideLabels } from '../numbers/number-labels.js';
import type { Reading } from '../reading.js';
import { isSelfMockery } from '../rules/self-mockery.js';

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
