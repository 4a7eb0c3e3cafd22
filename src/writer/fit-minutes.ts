import { type DraftLine, type DraftSegment, wholePairs } from './draft.js';

/** A product that is on air has at least a name, a price and a way to order. */
const MIN_LINES = 3;

/** How long a line takes to say, with the silence after it. */
export function lineSeconds(
  { wordings }: { readonly wordings: readonly string[] },
  charsPerSecond: number,
  gapMs: number,
): number {
  const chars = wordings.reduce((sum, text) => sum + Array.from(text).length, 0) / Math.max(1, wordings.length);
  return chars / charsPerSecond + gapMs / 1000;
}

export const segmentSeconds = ({ lines, plan }: DraftSegment, gapMs: number): number =>
  lines.reduce((sum, one) => sum + lineSeconds(one, plan.charsPerSecond, gapMs), 0);

/** Keeps the lines that are worth most, in their order, until the time is filled. */
export function fitSeconds(segment: DraftSegment, seconds: number, gapMs: number): void {
  const byWorth = segment.lines.toSorted((a, b) => b.worth - a.worth);
  const kept = new Set<DraftLine>();
  let used = 0;
  for (const one of byWorth) {
    const takes = lineSeconds(one, segment.plan.charsPerSecond, gapMs);
    if (kept.size >= MIN_LINES && used + takes > seconds) continue;
    kept.add(one);
    used += takes;
  }
  segment.lines = wholePairs(segment.lines.filter((one) => kept.has(one)));
}
