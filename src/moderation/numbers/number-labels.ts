import type { LexiconMatch } from '../lexicon/lexicon.js';
import { originalRange, type TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';
import type { Match } from '../match.js';

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
