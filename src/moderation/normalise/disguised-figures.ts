import type { LetterCounts } from '../language/detect-language.js';

/** A countdown or a row of sizes. */
const COUNTED = /01234|12345|54321|43210/;

/** Digits in keycaps or circles, and full-width ones among other letters, are a disguise, except in a countdown. */
export function isDisguised(digits: string, figures: string, { byScript }: LetterCounts): boolean {
  if (digits.length < 7 || COUNTED.test(digits)) return false;
  const wide = ['han', 'kana', 'hangul'].some((script) => byScript[script] !== undefined);
  const drawn = figures.match(/[\u20e3\u2460-\u2468\u24ea\u24f5-\u24ff\u2776-\u277e\u2780-\u2792]/gu)?.length ?? 0;
  return drawn > 5 || (!wide && (figures.match(/[\uff10-\uff19]/gu)?.length ?? 0) > 8);
}
