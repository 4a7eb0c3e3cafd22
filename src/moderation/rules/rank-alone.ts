import type { Match } from '../match.js';

/**
 * A text that consists of a rank: a sticker "NO.1", "TOP1" or "№1" calls the product the first of all (2.1), as in
 * lists of forbidden words. "No. 1" with a blank, "#1" and "1." number the items of a list and are ignored.
 */
const RANK =
  /^[^\p{L}\p{N}]*(?:[nNｎＮ][oOｏＯ][.．]?[1１]|[nN][º°][1１]|№ ?[1１]|[tTｔＴ][oOｏＯ][pPｐＰ][ .．]?[1１])[^\p{L}\p{N}]*$/u;

export function rankAlone(text: string): Match[] {
  const said = text.trim();
  if (!RANK.test(said)) return [];
  const start = text.indexOf(said);
  return [{ rule: '2.1', kind: 'absolute', start, end: start + said.length }];
}
