import type { DigitRun } from './digit-runs.js';
import { beginsWithDigit, endsInDigit } from './spread-digits.js';
import { rewrite, type TextView } from './text-view.js';

/**
 * A number that is told digit by digit with a stop behind each ("four. one. five. …"), or written with a line for each.
 *
 * The trouble: stops and lines end sentences, and two figures of two sentences make no number. The rule: stops between digits are
 * taken for pauses; what is a number only then has to be of single digits, or of parts of a whole number and none of them round.
 */
const PAUSE = / ?(?:[.!?;:]{1,3} ?\n{1,2}|[.!?;:]{1,3} |…{1,2} ?|\n{1,3}) {0,2}/g;
/** A whole number of the countries that are looked at has so many figures, with its region; more are a row of sizes or years. */
const LEAST_IN_PARTS = 10;
const MOST_IN_PARTS = 11;

/** The folded view with a blank for each stop or line between two digits. */
export const withoutPauses = (folded: TextView): TextView =>
  rewrite(folded, PAUSE, ({ index, 0: stop }) => {
    const after = index + stop.length;
    return endsInDigit(folded.text.slice(Math.max(0, index - 16), index)) &&
      beginsWithDigit(folded.text.slice(after, after + 16))
      ? ' '
      : undefined;
  });

/** Whether such a run may be a telephone number: prices and quantities in rows are none. */
export function mayBePaused({ groups, gaps, digits, plus }: DigitRun): boolean {
  if (plus || (groups.length >= 7 && groups.every((g) => g.length === 1))) return true;
  if (digits.length < LEAST_IN_PARTS || digits.length > MOST_IN_PARTS) return false;
  const round = groups.filter((g) => g.endsWith('0')).length;
  return gaps.every((g) => g === '' || g === '-') && 2 * round < groups.length;
}
