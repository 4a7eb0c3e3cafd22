import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/**
 * Names of other platforms spelled letter by letter in any alphabet, with other spelled words beside them: 텔 레 그 램, "в
 * В К о н т а к т е", "z a l o k h ô n g 8".
 *
 * Problem: the letters of two spelled words join to one, and Korean has words of a single sign.
 * Rule: in a row of three or more single letters with signs between them, a long name counts anywhere, a shorter one
 * only at the beginning of the row.
 */
const LETTER =
  '[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Arabic}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Devanagari}]\\p{M}{0,3}';
const GAP = '[ .·•*_~|/\\\\-]{1,3}';
const ROW = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${LETTER}(?:${GAP}${LETTER}){2,40}(?![\\p{L}\\p{M}])`, 'gu');
const ONE = new RegExp(LETTER, 'gu');
/** Minimum letters of a name that counts anywhere, in syllabic scripts and in others. */
const LONG_SYLLABLES = 3;
const LONG_LETTERS = 5;
const SYLLABLES = /^[\p{Script=Hangul}]+$/u;

const isLong = (name: string): boolean => name.length >= (SYLLABLES.test(name) ? LONG_SYLLABLES : LONG_LETTERS);

/** `names`: folded, without blanks. Offsets are those of the original. */
export function detectSpelledNames(folded: TextView, names: readonly string[]): Match[] {
  const found: Match[] = [];
  for (const row of folded.text.matchAll(ROW)) {
    let joined = '';
    const places: number[] = [];
    for (const one of row[0].matchAll(ONE)) {
      joined += one[0];
      for (let i = 0; i < one[0].length; i += 1) places.push(row.index + one.index + i);
    }
    for (const name of names) {
      const at = isLong(name) ? joined.indexOf(name) : joined.startsWith(name) ? 0 : -1;
      if (at < 0) continue;
      const end = places[at + name.length - 1]! + 1;
      found.push({ rule: '3.2', kind: 'platform', ...originalRange(folded, places[at]!, end) });
      break;
    }
  }
  return found;
}
