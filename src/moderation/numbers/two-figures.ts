import type { LexiconMatch } from '../lexicon/lexicon.js';
import { withFigures } from './number-words.js';
import type { TextView } from '../normalise/text-view.js';

/**
 * Lines that contradict the listing use the same words as lines that agree with it: "two litres on the page, one and a
 * half in the jug", "two litres on the page, two in the jug". So the line model gets an additional set that states
 * whether the two figures of a line differ.
 */
const LISTING = 'sense-listing-says';
const DIFFER = 'figures-differ';
const AGREE = 'figures-agree';
const FIGURE = /\d{1,9}(?:[.,]\d{1,3})?/g;

/** The sets, with one more where a line about a listing contains two figures. */
export function withTwoFigures(
  sets: ReadonlyMap<string, LexiconMatch[]>,
  folded: TextView,
  languages: ReadonlySet<string>,
): ReadonlyMap<string, LexiconMatch[]> {
  const listing = sets.get(LISTING);
  if (listing === undefined) return sets;
  const figures = withFigures(folded, languages).text.match(FIGURE);
  if (figures?.length !== 2) return sets;
  const value = (figure: string): number => Number(figure.replace(',', '.'));
  return new Map(sets).set(value(figures[0]) === value(figures[1]) ? AGREE : DIFFER, [listing[0]]);
}
