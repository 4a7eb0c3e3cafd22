import { rewrite, type TextView } from './text-view.js';

/**
 * Digits written as similar letters, and counted digits: "O77OO 9OO l23", 138两个零138三个零. Only ranges that are mostly
 * digits and long enough for a telephone number are rewritten.
 */
const LETTERS: Readonly<Record<string, string>> = { o: '0', l: '1', i: '1', '|': '1', b: '8', s: '5', z: '2' };
const STRETCH = /(?<![a-z0-9])[0-9oil|bsz](?:[ .\-/]?[0-9oil|bsz]){7,18}(?![a-z0-9])/g;
const COUNTED =
  /(?<=[0-9零一幺二三四五六七八九])([二两三四五六])个([0-9零一幺二三四五六七八九])(?![个件只条箱套双米])/g;
const TIMES: Readonly<Record<string, number>> = { 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6 };

/** The folded view with lookalikes replaced by digits. */
export function withLookalikes(folded: TextView): TextView {
  const counted = rewrite(folded, COUNTED, (m) => m[2]!.repeat(TIMES[m[1]!]!));
  return rewrite(counted, STRETCH, (m) => {
    const digits = m[0].replace(/\D/g, '').length;
    const letters = m[0].replace(/[^oil|bsz]/g, '').length;
    // "bill is 12 lbs" is not a number: every group has a digit or repeats one letter.
    const groups = m[0].split(/[ .\-/]/);
    if (letters === 0 || digits < 3 || letters > digits * 2) return undefined;
    if (!groups.every((g) => /\d/.test(g) || /^(.)\1*$/.test(g))) return undefined;
    if (groups.filter((g) => /\d/.test(g)).length < groups.length / 2) return undefined;
    return m[0].replace(/[oil|bsz]/g, (c) => LETTERS[c]!);
  });
}
