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

/** Frame spans that did not leave as drawn, from the ledger's entries about the picture coming back. */
export function replacedSpans(ledger: readonly LedgerLine[]): Span[] {
  return ledger.flatMap((e) => {
    const replaced = e.detail?.replacedFrames;
    if (e.kind !== 'frame' || e.action !== 'resume' || e.frame === undefined || replaced === undefined) return [];
    return [{ from: e.frame - replaced, to: e.frame }];
  });
}

/** Replaced frames that no injection explains. */
export function withoutCause(spans: readonly Span[], injections: readonly Injection[]): number {
  const causes = injections.flatMap((i) => [
    ...(i.outcome === 'composed' || i.outcome === 'admitted'
      ? [{ from: (i.partsFrom ?? i.fromFrame) - BEFORE_FRAMES, to: i.toFrame + AFTER_FRAMES }]
      : []),
    ...(i.troubledAt ?? []).map((frame) => ({ from: frame - BEFORE_FRAMES, to: frame + AFTER_TROUBLE_FRAMES })),
  ]);
  let count = 0;
  for (const { from, to } of spans) {
    for (let n = from; n < to; n += 1) if (!causes.some((c) => c.from <= n && n < c.to)) count += 1;
  }
  return count;
}

/** True when the gate replaced frames while this was there. */
export const heldBack = (injection: Injection, spans: readonly Span[]): boolean =>
  spans.some((s) => s.from < injection.toFrame + BEFORE_FRAMES && s.to > injection.fromFrame - BEFORE_FRAMES);
