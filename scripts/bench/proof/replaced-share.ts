import type { Injection } from './injection.js';
import type { LedgerLine } from './proof-room.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Half a second before a code is first read; after it the hold, the quiet time and the window. */
const BEFORE_FRAMES = 20;
const AFTER_FRAMES = 75;
/** A new scan thread takes time to be ready, longer on a fully loaded machine. */
const AFTER_TROUBLE_FRAMES = 180;

/**
 * Spans of replaced frames, from the ledger's entries about the returning picture. A replacement that lasts to the end
 * has no entry: the rest of `replaced` ended with frame `to`, the last to leave.
 */
export function replacedSpans(ledger: readonly LedgerLine[], replaced: number, to: number): Span[] {
  const spans = ledger.flatMap((e) => {
    const frames = e.detail?.replacedFrames;
    if (e.kind !== 'frame' || e.action !== 'resume' || e.frame === undefined || frames === undefined) return [];
    return [{ from: e.frame - frames, to: e.frame }];
  });
  const left = replaced - framesOf(spans);
  return left > 0 ? [...spans, { from: to - left, to }] : spans;
}

/** When one part of a code was refused, the others still stood in the picture, and one finder is enough for a hold. */
const stood = ({ outcome, partsFrom }: Injection): boolean =>
  outcome === 'composed' || outcome === 'admitted' || partsFrom !== undefined;

/** The cause of a replacement: parts of a code in the picture, or a killed or stalled scan thread. */
function causes(injections: readonly Injection[]): Span[] {
  return injections.flatMap((i) => [
    ...(stood(i) ? [{ from: (i.partsFrom ?? i.fromFrame) - BEFORE_FRAMES, to: i.toFrame + AFTER_FRAMES }] : []),
    ...(i.troubledAt ?? []).map((frame) => ({ from: frame - BEFORE_FRAMES, to: frame + AFTER_TROUBLE_FRAMES })),
  ]);
}

/** Replaced frames that no injection explains. */
export function withoutCause(spans: readonly Span[], injections: readonly Injection[]): Span[] {
  const known = causes(injections);
  const left: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    for (let n = from; n < to; n += 1) {
      if (within(known, n)) continue;
      const last = left.at(-1);
      if (last?.to === n) last.to = n + 1;
      else left.push({ from: n, to: n + 1 });
    }
  }
  return left;
}

/** Total of their frames. */
export const framesOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** Frames before `end` that showed a code or its parts. */
export function standing(injections: readonly Injection[], end: number): number {
  const spans = injections.filter(stood).map((i) => ({ from: i.partsFrom ?? i.fromFrame, to: i.toFrame }));
  let count = 0;
  for (let n = 0; n < end; n += 1) if (within(spans, n)) count += 1;
  return count;
}

const within = (spans: readonly Span[], n: number): boolean => spans.some((s) => s.from <= n && n < s.to);

/** True when the gate replaced frames during this span. */
export const heldBack = (injection: Injection, spans: readonly Span[]): boolean =>
  spans.some((s) => s.from < injection.toFrame + BEFORE_FRAMES && s.to > injection.fromFrame - BEFORE_FRAMES);
