import type { LexiconMatch } from '../lexicon/lexicon.js';
import type { Match } from '../match.js';
import { isDigit, isLoose, isWordy } from '../normalise/scripts.js';
import { DIGIT_WORDS, MAX_LOOSE_WORD_LETTERS } from '../normalise/spread-digits.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('number-labels');

/**
 * Labels of numbers: a batch, a parcel, an article.
 *
 * Problem: parcels and articles have numbers that look like telephone numbers, and an evader says "call my tracking
 * number".
 * Rule: a label in the same sentence makes a number harmless, unless a word such as "call" stands between the two or
 * right before the label.
 */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Maximum distance of a label before its number, in characters. */
const LABEL_CHARS = 48;
const SENTENCE_END = /[.!?;。！？；।؟]\s|[。！？；]|\n/;

/** "N. 2024": this full stop ends no sentence. */
const NUMBER_SIGN = /(?<!\p{L})(?:n|nr|no|num|núm|ref|art|бр)\.\s/giu;

/** The text between a label and its number, without full stops that end no sentence: "Art.-Nr. 0176". */
function behind(text: string, label: Range, at: number): string {
  const between = text.slice(label.end, at).replace(NUMBER_SIGN, ' ');
  return SHORTENED.test(text.slice(label.start, label.end)) ? between.replace(/^\.\s/, ' ') : between;
}
const SHORTENED = /(?<!\p{L})(?:n|nr|no|num|núm|ref|art)$/iu;

/** Maximum distance of a dialling word before a label: "call my tracking number 138…". */
const DIAL_CHARS = 16;
/** Words allowed between the two. */
const POSSESSIVE = new RegExp(String.raw`^[\s,:]*(?:(?:${WORDS.any('possessives')})[\s,:]*){0,3}$`, 'iu');

/** Whether "call" or an app's name stands right before the label of the number at `at`. */
export function isDialled(text: string, at: number, labels: readonly Range[], verbs: readonly Range[]): boolean {
  return (
    verbs.length > 0 &&
    labels.some(
      (l) =>
        l.end <= at &&
        at - l.end <= LABEL_CHARS &&
        verbs.some(
          (v) => v.end <= l.start && l.start - v.end <= DIAL_CHARS && POSSESSIVE.test(text.slice(v.end, l.start)),
        ),
    )
  );
}

/** Labels outside of other words: "机号" (a machine's number) also occurs in "手机号" (a telephone number). */
const labelsOutside = (labels: readonly Range[], cues: readonly Range[]): Range[] =>
  labels.filter((l) => !cues.some((c) => c.start < l.start && c.end > l.start));

/** "The batch number is underneath: two four zero six": a label in the same sentence, with no "call" after it. */
export function isLabelled(text: string, at: number, labels: readonly Range[], cues: readonly Range[]): boolean {
  return labels.some(
    (l) =>
      l.end <= at &&
      at - l.end <= LABEL_CHARS &&
      !SENTENCE_END.test(behind(text, l, at)) &&
      !cues.some((c) => c.start >= l.end && c.end <= at),
  );
}

/** Words allowed between "part" and its number. */
const TIGHT = new RegExp(String.raw`^[\s:#=№]{0,3}(?:(?:${WORDS.any('number-signs')})[.°º]?[\s:#]{0,2})?$`, 'iu');

/**
 * "Part 800-555-0142": these words count only right before the number, because "piece" and "model" occur everywhere.
 */
export const isPartNumber = (text: string, at: number, parts: readonly Range[]): boolean =>
  parts.some((p) => p.end <= at && at - p.end <= 12 && TIGHT.test(text.slice(p.end, at)));

/** Whether a match begins inside a label: the 号 of 单号 is not an account, and "YT" after it not a site. */
export function insideLabels(
  sets: ReadonlyMap<string, readonly LexiconMatch[]>,
  words: TextView,
): (find: Range) => boolean {
  const labels = ['number-label', 'order-cue'].flatMap((name) =>
    (sets.get(name) ?? []).map((m) => originalRange(words, m.start, m.end)),
  );
  return (find) => labels.some((l) => l.start < find.start && l.end > find.start && l.end < find.end);
}

/** Maximum distance of a word such as "call" before a number, in characters. */
const CUE_CHARS = 28;
/** A drawn receiver means "call". */
const PHONE_SIGN = /[\u{1F4DE}\u{1F4F2}\u260E]\uFE0F?/gu;

/** Words beside numbers that name their kind; ranges in the original text. */
export interface NumberCues {
  /** "Call", names of platforms, drawn receivers. */
  readonly phone: readonly Range[];
  /** "Transfer to", "account". */
  readonly account: readonly Range[];
  readonly order: readonly Range[];
  /** "Batch", "article", outside of words such as 手机号. */
  readonly label: readonly Range[];
  readonly part: readonly Range[];
  /** Verbs and platforms that ask to dial a number whatever its label. */
  readonly dialled: readonly Range[];
}

/** `rangesOf`: ranges of a set of the packs. */
export function numberCues(
  text: string,
  found: readonly Match[],
  rangesOf: (set: string) => readonly Range[],
): NumberCues {
  const platforms = found.filter(({ rule, kind }) => rule === '3.2' && kind === 'platform');
  const phone = [...rangesOf('phone-cue'), ...platforms, ...phoneSigns(text)];
  return {
    phone,
    account: [...rangesOf('offline'), ...rangesOf('account-cue')],
    order: rangesOf('order-cue'),
    label: labelsOutside(rangesOf('number-label'), phone),
    part: labelsOutside(rangesOf('part-label'), phone),
    dialled: [...rangesOf('dial-verb'), ...platforms],
  };
}

/** Whether one of these words stands shortly before a number that begins here. */
export const isCued = (cues: readonly Range[], start: number): boolean =>
  cues.some((c) => c.end <= start + 1 && start - c.end <= CUE_CHARS);

/** Whether one of these words stands shortly after a number that ends here. */
export const isCuedAfter = (cues: readonly Range[], end: number): boolean =>
  cues.some((c) => c.start >= end && c.start - end <= CUE_CHARS);

const phoneSigns = (text: string): Range[] =>
  Array.from(text.matchAll(PHONE_SIGN), (m) => ({ start: m.index, end: m.index + m[0].length }));

/** A one-letter unit, which might otherwise be read as one or zero: 1 L, 5 l. */
const LETTER_UNIT = /(?<!\d)\d{1,2}\s?[lLiIoO](?![\p{L}\d])/u;
const YEAR = /^(?:19|20)\d\d$/;
const FIGURE = /^\d{1,6}(?:[.,]\d{1,2})?$/;
const DECIMAL = /^\d{1,6}[.,]\d{1,2}$/;
const FRACTIONS = /^\d{1,2}\/\d{1,2}(?:[\s,;]{1,3}\d{1,2}\/\d{1,2})+$/;
/** Quantities and prices do not begin with zero; telephone numbers do. */
const LEADING_NOUGHT = /^0\d/;
/** Figures allowed beside prices; others may be the remainder of a number with a stop in it. */
const SHORT_OR_ROUND = /^(?:\d{1,3}|\d+00)$/;
const BETWEEN = /[^\d.,]+|[.,]\s+/;

/**
 * Whether an apparent telephone number is a row of a table: prices, fractions, years, sizes, or quantities. Adjacent
 * figures are far more often a row than parts of one number.
 */
export function isRowOfFigures(text: string): boolean {
  if (text.includes('+')) return false;
  if (LETTER_UNIT.test(text) || FRACTIONS.test(text)) return true;
  const tokens = text.split(BETWEEN).filter((token) => token !== '');
  if (tokens.length < 2 || !tokens.every((token) => FIGURE.test(token))) return false;
  if (tokens.some((token) => LEADING_NOUGHT.test(token))) return false;
  if (tokens.some((token) => DECIMAL.test(token)))
    return tokens.every((token) => DECIMAL.test(token) || SHORT_OR_ROUND.test(token));
  if (tokens.length < 3) return false;
  const rises = tokens.every((n, i) => i === 0 || Number(n) > Number(tokens[i - 1]));
  const round = tokens.filter((n) => n.length >= 2 && n.endsWith('0')).length;
  if (tokens.every((n) => YEAR.test(n)) || round === tokens.length || (rises && 3 * round >= 2 * tokens.length))
    return true;
  return rises && tokens.length >= 4 && tokens.every((n) => n.length === 2);
}

/** A range of a text that consists of digits, written or spelled, and signs between them. */
export interface DigitRun {
  /** In the folded view. */
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Written groups in order; spelled digits are separate groups. */
  readonly groups: readonly string[];
  /** The trimmed text between two groups. */
  readonly gaps: readonly string[];
  readonly spelled: number;
  readonly tens: number;
  readonly plus: boolean;
}

/** Maximum length of the gap between the groups of one number. */
const MAX_GAP = 4;
const BREAKS = /[:;!?\n%$€£¥₹₽₩฿₫=☆]|\.\s|,\s{2}/;

/** The word between tens and ones in Spanish, Portuguese and French: cuarenta y dos. */
const AND = /^(?:y|e|et)(?= )/;

const JOINED = /^(?:y|e|et|-)?$/;

interface Token {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly spelled: boolean;
  readonly tens: boolean;
  readonly repeat: number;
}

function tokenAt(text: string, i: number): Token | undefined {
  const unit = text.charCodeAt(i);
  if (isDigit(unit)) {
    let end = i + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
    return { start: i, end, digits: text.slice(i, end), spelled: false, tens: false, repeat: 1 };
  }
  if (isLoose(unit)) {
    for (let n = Math.min(MAX_LOOSE_WORD_LETTERS, text.length - i); n >= 1; n -= 1) {
      const word = DIGIT_WORDS.get(text.slice(i, i + n));
      if (word !== undefined)
        return { start: i, end: i + n, digits: word.digits, spelled: true, tens: word.tens, repeat: word.repeat };
    }
    return undefined;
  }
  if (
    !isWordy(unit) ||
    (i > 0 && isWordy(text.charCodeAt(i - 1)) && !isLoose(text.charCodeAt(i - 1)) && !isDigit(text.charCodeAt(i - 1)))
  )
    return undefined;
  let end = i + 1;
  while (
    end < text.length &&
    end - i < 20 &&
    isWordy(text.charCodeAt(end)) &&
    !isLoose(text.charCodeAt(end)) &&
    !isDigit(text.charCodeAt(end))
  )
    end += 1;
  const word = DIGIT_WORDS.get(text.slice(i, end));
  if (word === undefined) return undefined;
  return { start: i, end, digits: word.digits, spelled: true, tens: word.tens, repeat: word.repeat };
}

/** All runs of at least `minDigits` digits. */
export function digitRuns(folded: Pick<TextView, 'text'>, minDigits: number): DigitRun[] {
  const text = folded.text;
  const runs: DigitRun[] = [];
  let tokens: Token[] = [];
  const flush = (): void => {
    const run = toRun(text, tokens);
    if (run !== undefined && run.digits.length >= minDigits) runs.push(run);
    tokens = [];
  };
  let i = 0;
  while (i < text.length) {
    const token = tokenAt(text, i);
    if (token === undefined) {
      if (isWordy(text.charCodeAt(i))) {
        // Japanese reads the dash of a number as の.
        if (text[i] === 'の' && tokens.length > 0 && tokens[tokens.length - 1]!.spelled) {
          i += 1;
          continue;
        }
        const and = tokens.length > 0 && tokens[tokens.length - 1]!.tens ? AND.exec(text.slice(i, i + 4)) : null;
        if (and !== null) {
          i += and[0].length;
          continue;
        }
        if (tokens.length > 0) flush();
        if (!isLoose(text.charCodeAt(i))) {
          while (
            i < text.length &&
            isWordy(text.charCodeAt(i)) &&
            !isLoose(text.charCodeAt(i)) &&
            !isDigit(text.charCodeAt(i))
          )
            i += 1;
          // Digits adjoining letters are a model number: X5-138, iPhone15, B07XJ8C8F5.
          while (i < text.length && isDigit(text.charCodeAt(i)) && isGluedLabel(text, i)) i += 1;
          continue;
        }
      }
      i += 1;
      continue;
    }
    const last = tokens[tokens.length - 1];
    if (last !== undefined) {
      const gap = text.slice(last.end, token.start);
      if (gap.length > (last.tens ? MAX_GAP + 2 : MAX_GAP) || BREAKS.test(gap)) flush();
    }
    tokens.push(token);
    i = token.end;
  }
  flush();
  return runs;
}

/** Splits a run at commas into runs of at least `minDigits` digits: "flat 12-3, 010-8765-4321" is two numbers. */
export function runsBetweenCommas(text: string, run: DigitRun, minDigits: number): DigitRun[] {
  if (!run.gaps.some((g) => g.includes(','))) return [];
  const parts: DigitRun[] = [];
  let at = run.start;
  for (const part of text.slice(run.start, run.end).split(',')) {
    for (const r of digitRuns({ text: part }, minDigits)) parts.push({ ...r, start: r.start + at, end: r.end + at });
    at += part.length + 1;
  }
  return parts;
}

/** Whether digits at i follow letters and form a short label with them: "a4", "x1000", not "tel13800138000". */
function isGluedLabel(text: string, i: number): boolean {
  let end = i;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return end - i < 7;
}

/** The "and" that Arabic joins to the tens: ثلاثة وأربعين is three and forty. */
const AND_TENS = /^و/;

/** "Iki yüz", "deux cent", "two hundred"; "dua puluh", "hai mươi", "dua belas". */
function timesDigit(digit: string, word: string, value: string): string | undefined {
  if (value === '100') return `${digit}00`;
  if (AND_TENS.test(word)) return `${value[0]}${digit}`;
  if (word === 'puluh' || word === 'muoi') return `${digit}0`;
  return word === 'belas' ? `1${digit}` : undefined;
}

function toRun(text: string, all: readonly Token[]): DigitRun | undefined {
  const tokens = [...all];
  // "on 020 7946" is not a Turkish ten: a lone number word before figures belongs to the sentence.
  if (tokens.length > 1 && tokens[0]!.spelled && !tokens[1]!.spelled && tokens[0]!.tens) tokens.shift();
  while (tokens.length > 0 && tokens[tokens.length - 1]!.digits === '') tokens.pop();
  if (tokens.length === 0) return undefined;
  let digits = '';
  let spelled = 0;
  let tens = 0;
  let previousTens = false;
  let repeat = 1;
  const groups: string[] = [];
  const gaps: string[] = [];
  for (const [t, token] of tokens.entries()) {
    if (t > 0) gaps.push(text.slice(tokens[t - 1]!.end, token.start).trim());
    if (token.digits === '') {
      repeat = token.repeat;
      spelled += 1;
      continue;
    }
    const piece = token.digits[0]!.repeat(repeat - 1) + token.digits;
    repeat = 1;
    const last = groups.length - 1;
    const zeros = token.spelled && tens > 0 && previousTens ? /0{1,2}$/.exec(groups[last]!)?.[0].length : undefined;
    const factor = token.spelled && spelled > 0 && !previousTens && gaps[gaps.length - 1] === '' ? groups[last] : '';
    const word = text.slice(token.start, token.end);
    const whole = (AND_TENS.test(word) ? /^[1-9]$/ : /^[2-9]$/).test(factor!)
      ? timesDigit(factor!, word, piece)
      : undefined;
    if (whole !== undefined) {
      groups[last] = whole;
      digits = digits.slice(0, -1) + whole;
      gaps.pop();
    } else if (zeros !== undefined && piece.length <= zeros && JOINED.test(gaps[gaps.length - 1] ?? '')) {
      // "Two hundred | forty | five", "cuarenta y dos": the following value replaces the zeros.
      groups[last] = groups[last]!.slice(0, -piece.length) + piece;
      digits = digits.slice(0, -piece.length) + piece;
      gaps.pop();
    } else {
      digits += piece;
      groups.push(piece);
    }
    previousTens = token.tens;
    if (token.spelled) spelled += 1;
    if (token.tens) tens += 1;
  }
  const start = tokens[0]!.start;
  const before = text.slice(Math.max(0, start - 3), start);
  return {
    start,
    end: tokens[tokens.length - 1]!.end,
    digits,
    groups,
    gaps,
    spelled,
    tens,
    plus: /\+\s?\(?$/.test(before),
  };
}
