import type { DigitRun } from './digit-runs.js';
import { beginsWithDigit, endsInDigit } from '../normalise/spread-digits.js';
import { rewrite, type TextView } from '../normalise/text-view.js';

/**
 * A number said digit by digit with a stop after each ("four. one. five. …"), or written with one per line.
 *
 * Problem: stops and lines end sentences, and two figures of two sentences are not a number.
 * Rule: stops between digits, and rows of blanks and signs, are treated as pauses. A number found only then must
 * consist of single digits, or of the parts of a whole number, none of them round.
 */
const PAUSE = / ?(?:[.!?;:]{1,3} ?\n{1,2}|[.!?;:]{1,3} |…{1,2} ?|\n{1,3}) {0,2}/g;
/** A row of signs or blanks too long for the gap of a number; a picture. */
const ROW = /(?<=[\p{L}\p{M}\p{N}])(?:[\s\p{So}\p{Sk}~_*|•·=+#–—…-]{5,40}| {0,3}☆[ ☆]{0,20})(?=[\p{L}\p{N}])/gu;
/** Single digits with the same separator between them. */
const SINGLES = /(?<![\d.,])\d([^\p{L}\p{M}\p{N}\s]{1,8})\d(?:\1\d){5,15}(?![.,]?\d)/gu;
/**
 * Digits of a whole number in the supported countries, including its region; more digits are a row of sizes or years.
 */
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

/** A row of sizes rises or falls throughout. */
const isSizes = (groups: readonly string[]): boolean =>
  groups.every((g) => g.length === 2) &&
  Math.abs(groups.slice(1).reduce((sum, g, i) => sum + Math.sign(Number(g) - Number(groups[i])), 0)) ===
    groups.length - 1;

/** Whether such a run may be a telephone number; rows of prices and quantities are not. */
export function mayBePaused({ groups, gaps, digits, plus }: DigitRun): boolean {
  if (plus || (groups.length >= 7 && groups.every((g) => g.length === 1))) return true;
  if (digits.length < MIN_IN_PARTS || digits.length > MAX_IN_PARTS) return false;
  const round = groups.filter((g) => g.endsWith('0')).length;
  return !isSizes(groups) && gaps.every((g) => g === '' || g === '-') && 2 * round < groups.length;
}
