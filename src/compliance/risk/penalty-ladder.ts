import type { RuleAction } from '../../core/verdict.js';

/** The platform's penalties, mildest first, with the score of each (the scale of the rule table's weights). */
const PENALTIES = [
  { penalty: 'warning', score: 1 },
  { penalty: 'off-air', score: 3 },
  { penalty: 'deletion', score: 6 },
  { penalty: 'freeze-7-days', score: 12 },
  { penalty: 'freeze-90-days', score: 24 },
] as const;
export type Penalty = (typeof PENALTIES)[number]['penalty'];

/** The most severe penalty for a score; undefined below a warning. */
export function penaltyOf(score: number): Penalty | undefined {
  let found: Penalty | undefined;
  for (const { penalty, score: worth } of PENALTIES) if (score >= worth) found = penalty;
  return found;
}

/**
 * The share of a violation's weight that counts, by action. A released violation counts in full. A withheld one was not
 * seen, but shows what the room tries to send, and viewers notice the gap: the more of the show it cost, the more it
 * counts. A refusal before the show counts for nothing.
 */
export const ACTION_SHARES: Readonly<Record<RuleAction, number>> = {
  warn: 1,
  review: 0.5,
  'drop-caption': 0.1,
  skip: 0.1,
  mute: 0.2,
  tone: 0.2,
  blur: 0.25,
  pixelate: 0.25,
  hold: 0.25,
  blank: 0.25,
  refuse: 0,
  stop: 1,
};
