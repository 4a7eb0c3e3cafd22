import type { Injection } from './injection.js';
import type { LedgerLine } from './proof-room.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Before a code is first read its half second, after it the hold, the quiet and the window. */
const BEFORE_FRAMES = 20;
const AFTER_FRAMES = 75;
/** A new scan thread needs time to be ready, longer on a machine without any to spare. */
const AFTER_TROUBLE_FRAMES = 180;

/**
 * Frame spans that did not leave as drawn, from the ledger's entries about the picture coming back. Of the last replacement
 * there is none if it lasts: what is left of `replaced` ended with frame `to`, the last that left.
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

/** Of a code of which one part was refused the others stood in the picture, and one finder is enough to be held back. */
const stood = ({ outcome, partsFrom }: Injection): boolean =>
  outcome === 'composed' || outcome === 'admitted' || partsFrom !== undefined;

/** What explains a replacement: parts of a code in the picture, and a scan thread that was killed or stalled. */
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

/** Frames in all of them. */
export const framesOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** Frames before `end` in which a code or its parts stood. */
export function standing(injections: readonly Injection[], end: number): number {
  const spans = injections.filter(stood).map((i) => ({ from: i.partsFrom ?? i.fromFrame, to: i.toFrame }));
  let count = 0;
  for (let n = 0; n < end; n += 1) if (within(spans, n)) count += 1;
  return count;
}

const within = (spans: readonly Span[], n: number): boolean => spans.some((s) => s.from <= n && n < s.to);

/** True when the gate replaced frames while this was there. */
export const heldBack = (injection: Injection, spans: readonly Span[]): boolean =>
  spans.some((s) => s.from < injection.toFrame + BEFORE_FRAMES && s.to > injection.fromFrame - BEFORE_FRAMES);
