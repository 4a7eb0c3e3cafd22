import type { Match } from '../match.js';
import { withLookalikes } from '../normalise/digit-lookalikes.js';
import { isDisguised } from '../normalise/disguised-figures.js';
import { withSpreadDigits } from '../normalise/spread-digits.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { type DigitRun, digitRuns, runsBetweenCommas } from '../numbers/digit-runs.js';
import { isRowOfFigures } from '../numbers/figure-rows.js';
import { isCued, isCuedAfter } from '../numbers/number-cues.js';
import { isDialled, isLabelled, isPartNumber } from '../numbers/number-labels.js';
import { mayBePaused, withoutPauses } from '../numbers/paused-digits.js';
import type { Reading } from '../reading.js';
import { isPhone } from './detect-phones.js';

/** Minimum digits of a number that stands between two commas, and of one in a view with other figures. */
const MIN_BETWEEN_COMMAS = 9;
const MIN_DIGITS = 7;
/** Maximum distance of a plus sign before its number. */
const PLUS_CHARS = 3;

/**
 * Telephone numbers of rule 3.2: as written, with lookalike signs for digits, assembled from digits spread over the
 * text, and without pauses between digits.
 */
export function detectTelephones(reading: Reading): Match[] {
  const { folded, runs, singles } = reading;
  const found: Match[] = [];
  const search = (view: TextView, of: readonly DigitRun[], spread = false): void => {
    for (const run of of) {
      const whole = telephone(reading, view, run, spread);
      if (whole !== undefined) found.push(whole);
      else
        for (const part of runsBetweenCommas(view.text, run, MIN_BETWEEN_COMMAS)) {
          const match = telephone(reading, view, part, spread);
          if (match !== undefined) found.push(match);
        }
    }
  };
  search(folded, runs);
  const alike = withLookalikes(folded);
  if (alike.text !== folded.text) search(alike, digitRuns(alike, MIN_DIGITS));
  if (singles.length < 2) return found;
  const spread = withSpreadDigits(folded);
  if (spread !== folded) search(spread, digitRuns(spread, MIN_DIGITS), true);
  const paused = withoutPauses(folded);
  if (paused !== folded) search(paused, digitRuns(paused, MIN_DIGITS).filter(mayBePaused));
  return found;
}

function telephone(reading: Reading, view: TextView, run: DigitRun, spread: boolean): Match | undefined {
  const { text, cues, counts, dialled } = reading;
  const at = view.start[run.start];
  const cue = isCued(cues.phone, at);
  const asked = isDialled(text, at, [...cues.label, ...cues.order], cues.dialled);
  if (!cue && !asked && isCued(cues.order, at)) return undefined;
  // A number with a country code has no label.
  if (!run.plus && !asked && isLabelled(text, at, cues.label, cues.phone)) return undefined;
  if (!run.plus && !asked && !cue && isPartNumber(text, at, cues.part)) return undefined;
  if (!asked && !cue && run.spelled === 0 && isRowOfFigures(view.text.slice(run.start, run.end))) return undefined;
  const range = originalRange(view, run.start, run.end);
  const keycaps = isDisguised(run.digits, text.slice(range.start, range.end), counts);
  const cueAfter = isCuedAfter(cues.phone, view.end[run.end - 1]);
  if (!keycaps && !isPhone(run, { text: view.text, languages: dialled, cue, cueAfter, spread, asked }))
    return undefined;
  const from = run.plus ? plusAt(view.text, run.start) : run.start;
  return { rule: '3.2', kind: 'phone', ...originalRange(view, from, run.end) };
}

function plusAt(text: string, start: number): number {
  const at = text.lastIndexOf('+', start);
  return at >= 0 && start - at <= PLUS_CHARS ? at : start;
}
