import type { LexiconMatch } from '../lexicon/lexicon.js';
import { withFigures } from './number-words.js';
import type { TextView } from '../normalise/text-view.js';

/**
 * A listing that says one figure and goods that have another are told in the same words as those that agree: "two
 * litres on the page, one and a half in the jug", "two litres on the page, two in the jug". So the line model gets to
 * know, as a set like those of the lexicon, whether the two figures of a line differ.
 */
const LISTING = 'sense-listing-says';
const DIFFER = 'figures-differ';
const AGREE = 'figures-agree';
const FIGURE = /\d{1,9}(?:[.,]\d{1,3})?/g;

/** The sets, with one more where a line that speaks of a listing names two figures. */
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
