import type { DigitRun } from '../numbers/digit-runs.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * A telephone number said in parts: "first three one three eight, then double zero one three, last four…".
 *
 * Problem: each part is too short to be a number.
 * Rule: at least two words such as "first three", "then", 后四位, each followed at once by digits, seven to fifteen digits
 * in total, and no batch or order before them.
 */
const PART_CHARS = 14;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;
/** Maximum distance of two parts. */
const APART_CHARS = 40;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** `parts`, `labels` and the result are in offsets of the original, `runs` in offsets of the folded view. */
export function detectNumberParts(
  folded: TextView,
  runs: readonly DigitRun[],
  parts: readonly Range[],
  labels: readonly Range[],
): Match[] {
  if (parts.length < 2 || runs.length < 2) return [];
  const saidParts: (Range & { digits: number; from: number })[] = [];
  for (const run of runs) {
    const r = originalRange(folded, run.start, run.end);
    const part = parts.find((p) => p.end <= r.start && r.start - p.end <= PART_CHARS);
    // One digit after "then" is an amount.
    if (part !== undefined && run.digits.length >= 2)
      saidParts.push({ ...r, digits: run.digits.length, from: part.start });
  }
  if (saidParts.length < 2) return [];
  const digits = saidParts.reduce((sum, t) => sum + t.digits, 0);
  const start = Math.min(...saidParts.map((t) => t.from));
  const end = saidParts[saidParts.length - 1].end;
  if (digits < MIN_DIGITS || digits > MAX_DIGITS) return [];
  if (saidParts.some((t, i) => i > 0 && t.start - saidParts[i - 1].end > APART_CHARS)) return [];
  if (labels.some((l) => l.end <= end && start - l.end <= APART_CHARS)) return [];
  return [{ rule: '3.2', kind: 'phone', start, end }];
}
