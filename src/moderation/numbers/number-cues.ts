import type { Match } from '../match.js';
import { labelsOutside } from './number-labels.js';

interface Range {
  readonly start: number;
  readonly end: number;
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
