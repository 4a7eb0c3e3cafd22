import type { DigitRun } from './digit-runs.js';
import { beginsWithDigit, endsInDigit } from '../normalise/spread-digits.js';
import { rewrite, type TextView } from '../normalise/text-view.js';

/**
 * A number that is told digit by digit with a stop behind each ("four. one. five. …"), or written with a line for each.
 *
 * The trouble: stops and lines end sentences, and two figures of two sentences make no number. The rule: stops between digits, and rows of
 * blanks and signs, are taken for pauses; what is a number only then has to be of single digits, or of parts of a whole number and none of them round.
 */
const PAUSE = / ?(?:[.!?;:]{1,3} ?\n{1,2}|[.!?;:]{1,3} |…{1,2} ?|\n{1,3}) {0,2}/g;
/** A row of signs, or of blanks, that is too long to be read as the gap of a number; a picture. */
const ROW = /(?<=[\p{L}\p{M}\p{N}])(?:[\s\p{So}\p{Sk}~_*|•·=+#–—…-]{5,40}| {0,3}☆[ ☆]{0,20})(?=[\p{L}\p{N}])/gu;
/** Single figures with one and the same sign between them, whatever it is. */
const SINGLES = /(?<![\d.,])\d([^\p{L}\p{M}\p{N}\s]{1,8})\d(?:\1\d){5,15}(?![.,]?\d)/gu;
/** A whole number of the countries that are looked at has so many figures, with its region; more are a row of sizes or years. */
const MIN_IN_PARTS = 10;
const MAX_IN_PARTS = 11;

/** The folded view with a blank for each stop or line between two digits. */
export function withoutPauses(folded: TextView): TextView {
  let view = folded;
  for (const pattern of [PAUSE, ROW]) {
    const { text } = view;
    view = rewrite(view, pattern, ({ index, 0: pause }) => {
      const after = index + pause.length;
      return endsInDigit(text.slice(Math.max(0, index - 16), index)) && beginsWithDigit(text.slice(after, after + 16))
        ? ' '
        : undefined;
    });
  }
  return rewrite(view, SINGLES, (m) => m[0].replaceAll(m[1]!, ' '));
}

/** A row of sizes goes up, or down, all the way. */
const isSizes = (groups: readonly string[]): boolean =>
  groups.every((g) => g.length === 2) &&
  Math.abs(groups.slice(1).reduce((sum, g, i) => sum + Math.sign(Number(g) - Number(groups[i])), 0)) ===
    groups.length - 1;

/** Whether such a run may be a telephone number: prices and quantities in rows are none. */
export function mayBePaused({ groups, gaps, digits, plus }: DigitRun): boolean {
  if (plus || (groups.length >= 7 && groups.every((g) => g.length === 1))) return true;
  if (digits.length < MIN_IN_PARTS || digits.length > MAX_IN_PARTS) return false;
  const round = groups.filter((g) => g.endsWith('0')).length;
  return !isSizes(groups) && gaps.every((g) => g === '' || g === '-') && 2 * round < groups.length;
}
