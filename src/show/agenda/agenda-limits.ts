import type { LineRequest } from './agenda-line.js';

/** Bounds of one kind of lines. */
export interface KindLimits {
  /** Maximum waiting lines. */
  readonly maxLines: number;
  /** Maximum wait; a line that came too late for it is not spoken. */
  readonly maxWaitMs: number;
  /** `refuse`: a new line is refused when the kind is full. `displace`: its oldest line gives way. */
  readonly whenFull: 'refuse' | 'displace';
}

/** Answers that are spoken in the order of their questions; of more, the newest comes first. */
export const MAX_ANSWERS_IN_TURN = 2;

/** Waiting lines of all kinds together. */
export const MAX_WAITING_LINES = 100;

/**
 * A person waits for an operator's line, so it is never forgotten. An answer after three quarters of a minute, or
 * thanks for a gift after half a minute, follow something that viewers no longer remember.
 */
export const KIND_LIMITS: Readonly<Record<LineRequest['kind'], KindLimits>> = {
  operator: { maxLines: 50, maxWaitMs: Infinity, whenFull: 'refuse' },
  takeover: { maxLines: 50, maxWaitMs: Infinity, whenFull: 'refuse' },
  urgent: { maxLines: 10, maxWaitMs: 60_000, whenFull: 'displace' },
  order: { maxLines: 20, maxWaitMs: 30_000, whenFull: 'displace' },
  reply: { maxLines: 20, maxWaitMs: 45_000, whenFull: 'displace' },
  timed: { maxLines: 10, maxWaitMs: 120_000, whenFull: 'displace' },
  filler: { maxLines: 1, maxWaitMs: 20_000, whenFull: 'refuse' },
};
