import type { Match } from '../match.js';
import { withSpreadDigits, beginsWithDigit, endsInDigit } from '../normalise/spread-digits.js';
import { originalRange, type TextView, rewrite } from '../normalise/text-view.js';
import { type DigitRun, digitRuns, runsBetweenCommas, isRowOfFigures } from '../numbers/digit-runs.js';
import { isCued, isCuedAfter, isDialled, isLabelled, isPartNumber } from '../numbers/number-labels.js';
import type { Reading } from '../reading.js';
import type { LetterCounts } from '../language/detect-language.js';
import { isPhone } from './detect-phones.js';

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
function withoutPauses(folded: TextView): TextView {
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
function mayBePaused({ groups, gaps, digits, plus }: DigitRun): boolean {
  if (plus || (groups.length >= 7 && groups.every((g) => g.length === 1))) return true;
  if (digits.length < MIN_IN_PARTS || digits.length > MAX_IN_PARTS) return false;
  const round = groups.filter((g) => g.endsWith('0')).length;
  return !isSizes(groups) && gaps.every((g) => g === '' || g === '-') && 2 * round < groups.length;
}

/** A countdown or a row of sizes. */
const COUNTED = /01234|12345|54321|43210/;

/** Digits in keycaps or circles, and full-width ones among other letters, are a disguise, except in a countdown. */
function isDisguised(digits: string, figures: string, { byScript }: LetterCounts): boolean {
  if (digits.length < 7 || COUNTED.test(digits)) return false;
  const wide = ['han', 'kana', 'hangul'].some((script) => byScript[script] !== undefined);
  const drawn = figures.match(/[\u20e3\u2460-\u2468\u24ea\u24f5-\u24ff\u2776-\u277e\u2780-\u2792]/gu)?.length ?? 0;
  return drawn > 5 || (!wide && (figures.match(/[\uff10-\uff19]/gu)?.length ?? 0) > 8);
}

/** Minimum digits of a number that stands between two commas, and of one in a view with other figures. */
const MIN_BETWEEN_COMMAS = 9;
const MIN_DIGITS = 7;
/** Maximum distance of a plus sign before its number. */
const PLUS_CHARS = 3;

/**
 * Digits written as similar letters, and counted digits: "O77OO 9OO l23", 138两个零138三个零. Only ranges that are mostly
 * digits and long enough for a telephone number are rewritten.
 */
const LETTERS: Readonly<Record<string, string>> = { o: '0', l: '1', i: '1', '|': '1', b: '8', s: '5', z: '2' };
const STRETCH = /(?<![a-z0-9])[0-9oil|bsz](?:[ .\-/]?[0-9oil|bsz]){7,18}(?![a-z0-9])/g;
const DIGIT_LOOKALIKES_COUNTED =
  /(?<=[0-9零一幺二三四五六七八九])([二两三四五六])个([0-9零一幺二三四五六七八九])(?![个件只条箱套双米])/g;
const TIMES: Readonly<Record<string, number>> = { 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6 };

/** The folded view with lookalikes replaced by digits. */
export function withLookalikes(folded: TextView): TextView {
  const counted = rewrite(folded, DIGIT_LOOKALIKES_COUNTED, (m) => m[2]!.repeat(TIMES[m[1]!]!));
  return rewrite(counted, STRETCH, (m) => {
    const digits = m[0].replace(/\D/g, '').length;
    const letters = m[0].replace(/[^oil|bsz]/g, '').length;
    // "bill is 12 lbs" is not a number: every group has a digit or repeats one letter.
    const groups = m[0].split(/[ .\-/]/);
    if (letters === 0 || digits < 3 || letters > digits * 2) return undefined;
    if (!groups.every((g) => /\d/.test(g) || /^(.)\1*$/.test(g))) return undefined;
    if (groups.filter((g) => /\d/.test(g)).length < groups.length / 2) return undefined;
    return m[0].replace(/[oil|bsz]/g, (c) => LETTERS[c]!);
  });
}

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
  const at = view.start[run.start]!;
  const cue = isCued(cues.phone, at);
  const asked = isDialled(text, at, [...cues.label, ...cues.order], cues.dialled);
  if (!cue && !asked && isCued(cues.order, at)) return undefined;
  // A number with a country code has no label.
  if (!run.plus && !asked && isLabelled(text, at, cues.label, cues.phone)) return undefined;
  if (!run.plus && !asked && !cue && isPartNumber(text, at, cues.part)) return undefined;
  if (!asked && !cue && run.spelled === 0 && isRowOfFigures(view.text.slice(run.start, run.end))) return undefined;
  const range = originalRange(view, run.start, run.end);
  const keycaps = isDisguised(run.digits, text.slice(range.start, range.end), counts);
  const cueAfter = isCuedAfter(cues.phone, view.end[run.end - 1]!);
  if (!keycaps && !isPhone(run, { text: view.text, languages: dialled, cue, cueAfter, spread, asked }))
    return undefined;
  const from = run.plus ? plusAt(view.text, run.start) : run.start;
  return { rule: '3.2', kind: 'phone', ...originalRange(view, from, run.end) };
}

function plusAt(text: string, start: number): number {
  const at = text.lastIndexOf('+', start);
  return at >= 0 && start - at <= PLUS_CHARS ? at : start;
}
