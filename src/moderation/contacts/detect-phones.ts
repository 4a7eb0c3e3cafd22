import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { LetterCounts } from '../language/detect-language.js';
import type { Match } from '../match.js';
import { beginsWithDigit, endsInDigit, withSpreadDigits } from '../normalise/spread-digits.js';
import { originalRange, rewrite, type TextView } from '../normalise/text-view.js';
import {
  type DigitRun,
  digitRuns,
  isCued,
  isCuedAfter,
  isDialled,
  isLabelled,
  isPartNumber,
  isRowOfFigures,
  runsBetweenCommas,
} from '../numbers/digit-runs.js';
import type { Reading } from '../reading.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('detect-phones');

/**
 * Decides which digit runs are telephone numbers.
 *
 * Problem: a seller says many numbers (prices, sizes, quantities, dates, model and customs codes), and evaders write
 * telephone numbers in every form but the usual one.
 * Rule, first match wins: a number labelled as something else is not a telephone number; an unmistakable telephone
 * format is one; a run after a word such as "call" is one; otherwise it must be a valid number of a country whose
 * people speak the language (libphonenumber) and must not be written like a quantity.
 */

const REGIONS: Readonly<Record<string, readonly CountryCode[]>> = {
  en: ['US', 'GB', 'IN', 'AU'],
  es: ['ES', 'MX', 'AR', 'CO'],
  pt: ['BR', 'PT'],
  fr: ['FR', 'BE'],
  de: ['DE', 'AT'],
  it: ['IT'],
  ru: ['RU'],
  ar: ['SA', 'AE', 'EG'],
  tr: ['TR'],
  id: ['ID', 'MY'],
  vi: ['VN'],
  th: ['TH'],
  ja: ['JP'],
  ko: ['KR'],
  hi: ['IN'],
  pl: ['PL'],
  nl: ['NL'],
  zh: ['CN', 'HK', 'TW'],
};

const UNIT_AFTER = new RegExp(String.raw`^\s?(?:${WORDS.any('units-after')})(?![a-z]|(?<=v)\s?[同号信])`);
const CURRENCY_BEFORE = new RegExp(String.raw`(?:${WORDS.any('currencies-before')})\s?[:.]?\s?$`);
/** Labels of other numbers, right before the number: "SKU: 13800138000", "order no. 138…". */
const LABELS_LATIN = WORDS.any('labels-latin');
const LABELS_OTHER = WORDS.any('labels-other-scripts');
/** Words and signs between a label and its number: "no.", "number", "is", "号", ":". */
const LABEL_LINK = String.raw`(?:${WORDS.any('between-label-and-number')})`;
const LABEL_BEFORE = new RegExp(
  `(?:(?<![\\p{L}\\p{M}\\p{N}])(?:${LABELS_LATIN})|${LABELS_OTHER})(?:${LABEL_LINK}){0,6}[\\p{Lu}\\p{Ll}]{0,5}[\\s:#-]{0,2}$`,
  'u',
);

/** "The certificate carries the number 138-0044". */
const LABEL_REACH_CHARS = 44;

const DATE =
  /^(?:19|20)\d{2}\s?[-/. ]\s?\d{1,2}\s?[-/. ]\s?\d{1,2}$|^\d{1,2}\s?[-/. ]\s?\d{1,2}\s?[-/. ]\s?(?:19|20)\d{2}$|^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** A day said digit by digit. */
const DAY = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** A lot or article number that begins with a date: 20231108-02. */
const DATED_LABEL = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?[-/.]\s?\d{1,4}$/;

/** A standard with its year, as printed on goods: Q/HD 001-2023, FZ/T 73020-2019, DB31/T 602-2018. */
const STANDARD = /^\d{1,6}(?:\.\d{1,2})?\s?-\s?(?:19|20)\d{2}$/;
const STANDARD_BEFORE = /(?<![a-z0-9])[a-z]{1,4}\d{0,4}\s?\/\s?[a-z0-9]{1,8}\s?$/;

/** Neighbours that step up or down by one or by a round number: counting, a countdown, a row of sizes. */
function counts(groups: readonly string[]): boolean {
  if (groups.length === 3 && groups.every((g) => g.length >= 2)) {
    const step = Number(groups[1]) - Number(groups[0]);
    return Number(groups[2]) - Number(groups[1]) === step && step > 0 && (step === 1 || step % 5 === 0) && step <= 50;
  }
  if (groups.length < 4) return false;
  let up = 0;
  let down = 0;
  for (let i = 1; i < groups.length; i += 1) {
    const step = Number(groups[i]) - Number(groups[i - 1]);
    const even = Math.abs(step) === 1 || (Math.abs(step) <= 10 && step % 5 === 0);
    if (even && step > 0) up += 1;
    else if (even && step < 0) down += 1;
  }
  return Math.max(up, down) >= groups.length - (groups[0] === '0' ? 1 : 2);
}

/** Sizes and prices rise or fall throughout, or are similar: "forty, forty-two, forty-five". */
function isList(groups: readonly string[]): boolean {
  if (counts(groups) || groups.every((g) => g.length === 2) || groups.every((g) => /^\d\d?[059]$/.test(g))) return true;
  let up = 0;
  for (let i = 1; i < groups.length; i += 1) up += Math.sign(Number(groups[i]) - Number(groups[i - 1]));
  return Math.abs(up) >= groups.length - 2;
}

function evenSteps(groups: readonly string[]): boolean {
  const step = Number(groups[1]) - Number(groups[0]);
  if (step === 0 || Math.abs(step) > 10) return false;
  return groups.every((g, i) => i === 0 || Number(g) - Number(groups[i - 1]) === step);
}

/** Groups said together: "one four oh, one five oh" are 140 and 150. */
function chunks(run: DigitRun): string[] {
  const out: string[] = [];
  for (const [i, group] of run.groups.entries()) {
    if (i === 0 || run.gaps[i - 1]?.includes(',')) out.push(group);
    else out[out.length - 1] += group;
  }
  return out;
}

const isThousands = (run: DigitRun): boolean =>
  run.groups.length >= 2 &&
  /^[1-9]\d{0,2}$/.test(run.groups[0]!) &&
  run.groups.slice(1).every((g) => g.length === 3) &&
  run.gaps.every((g) => g === run.gaps[0] && (g === ',' || g === '.' || g === "'" || g === ''));

function validIn(digits: string, languages: ReadonlySet<string>): boolean {
  for (const language of languages) {
    for (const region of REGIONS[language] ?? []) {
      if (parsePhoneNumberFromString(digits, region)?.isValid() === true) return true;
    }
  }
  return false;
}

interface PhoneContext {
  /** Text of the folded view. */
  readonly text: string;
  readonly languages: ReadonlySet<string>;
  /** A word such as "call", "WhatsApp", "电话" stands shortly before. */
  readonly cue: boolean;
  /** It was assembled from parts: then it must be a valid number of the country. */
  readonly spread?: boolean;
  /** The listener is asked to dial it, whatever its label: "call my tracking number". */
  readonly asked?: boolean;
  /** A word such as "call" stands shortly after. */
  readonly cueAfter?: boolean;
}

const CN_MOBILE = /^(?:0{0,2}86)?1[3-9]\d{9}$/;
/** Letters within digits make a serial or parcel number: 1Z999AA10123456784. */
const SERIAL_BEFORE = /[0-9][a-z]{1,3}$/;

/** All digits in a row, as shown by a keyboard or printer. */
const ROW = /^0?123456789?0?$/;

/** Text in the form of a date, a sum or an amount: 12/05/2026, 12,000,000, 20000000 pieces. */
export function isAmountOrDate(run: DigitRun, text: string): boolean {
  if (run.spelled > 0) return false;
  return (
    DATE.test(text.slice(run.start, run.end)) ||
    (isThousands(run) && run.gaps[0] !== '') ||
    CURRENCY_BEFORE.test(text.slice(Math.max(0, run.start - 12), run.start)) ||
    UNIT_AFTER.test(text.slice(run.end, run.end + 16))
  );
}

/** Whether a run of digits is a telephone number. */
function isPhone(run: DigitRun, context: PhoneContext): boolean {
  const { digits, groups, gaps } = run;
  const n = digits.length;
  // French says 92 as four, twenty and twelve.
  if (n < 7 || n > (run.tens >= 2 ? 26 : 18)) return false;
  const { text, languages, cue } = context;
  const written = text.slice(run.start, run.end);
  const before = text.slice(Math.max(0, run.start - LABEL_REACH_CHARS), run.start);
  const after = text.slice(run.end, run.end + 16);
  if (run.spelled >= 4 || (run.spelled >= 3 && run.tens >= 2)) {
    if (run.tens > 0 && !cue && context.cueAfter !== true && digits[0] !== '0' && !run.plus)
      return n >= 9 && (context.spread === true || !isList(groups)) && validIn(digits, languages);
    return cue || !(counts(groups) || counts(chunks(run)) || DAY.test(digits));
  }
  if (
    !cue &&
    run.spelled === 0 &&
    ((SERIAL_BEFORE.test(before) && !CN_MOBILE.test(digits)) || (groups.length === 1 && ROW.test(digits)))
  )
    return false;
  // Digits and digit words in one number are a disguise: "612 tres4 cinco6".
  if (run.spelled >= 2 && groups.length - run.spelled >= 2 && gaps.every((g) => g === ''))
    return cue || !counts(groups);
  // A row of sizes: 34-36-38-40-42.
  if (groups.length >= 4 && groups.every((g) => g.length === 2) && evenSteps(groups)) return false;
  if (STANDARD.test(written) && STANDARD_BEFORE.test(before)) return false;
  if (DATE.test(written) || (!cue && DATED_LABEL.test(written))) return false;
  if (groups.length >= 7 && groups.every((g) => g.length === 1)) return !counts(groups);
  if (CURRENCY_BEFORE.test(before)) return false;
  if (/^[.,]\d/.test(after) && n < 9) return false;
  const unit = UNIT_AFTER.test(after);
  if (run.plus && n >= 8 && n <= 15) return !unit && parsePhoneNumberFromString(`+${digits}`)?.isPossible() === true;
  const list = gaps.some((g) => g.includes(',') || (g === '/' && digits[0] !== '0'));
  if (list && !cue && groups.length >= 4 && groups.every((g) => g.length <= 3)) return false;
  const labelled = context.asked !== true && LABEL_BEFORE.test(before);
  if (CN_MOBILE.test(digits)) return !unit && !labelled;
  if (labelled) return false;
  if (isThousands(run) && (!cue || gaps[0] !== '')) return false;
  if (unit) return false;
  if (/^[48]00\d{7}$/.test(digits) && (groups.length > 1 || cue)) return true;
  if (/^0\d{2,3}$/.test(groups[0]!) && groups.length === 2 && groups[1]!.length >= 7) return true;
  if (cue && n <= 15) return true;
  if (digits.startsWith('00') && n >= 11 && n <= 16) return true;
  if (n < 9) return false;
  const grouped = groups.length >= 2 && groups.length <= 6 && !list;
  const contiguous = groups.length === 1 && (digits[0] === '0' || n === 10 || n === 11);
  if (!grouped && !contiguous) return false;
  // Ranges of quantities: 10000-50000.
  if (
    groups.length === 2 &&
    gaps[0] === '-' &&
    digits[0] !== '0' &&
    /0{2}$/.test(groups[0]!) &&
    /0{2}$/.test(groups[1]!)
  )
    return false;
  return validIn(digits, languages);
}

/**
 * A number said digit by digit with a stop after each ("four. one. five. …"), or written with one per line.
 *
 * Problem: stops and lines end sentences, and two figures of two sentences are not a number.
 * Rule: stops between digits, and rows of blanks and signs, are treated as pauses. A number found only then must
 * consist of single digits, or of the parts of a whole number, none of them round.
 */
const PAUSE = / ?(?:[.!?;:]{1,3} ?\n{1,2}|[.!?;:]{1,3} |…{1,2} ?|\n{1,3}) {0,2}/g;
/** A row of signs or blanks too long for the gap of a number; a picture. */
const TELEPHONE_ROW =
  /(?<=[\p{L}\p{M}\p{N}])(?:[\s\p{So}\p{Sk}~_*|•·=+#–—…-]{5,40}| {0,3}☆[ ☆]{0,20})(?=[\p{L}\p{N}])/gu;
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
  for (const pattern of [PAUSE, TELEPHONE_ROW]) {
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
