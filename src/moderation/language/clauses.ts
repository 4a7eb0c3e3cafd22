import { isSentence, type Part } from './sentences.js';

/**
 * The clauses of a sentence with many of them: "the strap is leather, three colours, my number is on the tag, we ship
 * on Friday". When the sentence is judged as a whole, a violation in one clause is outweighed by the others.
 */

/** Minimum clauses of a split sentence; in a shorter one the clauses qualify each other. */
const MIN_CLAUSES = 3;
/** Commas and similar signs, except within numbers and the 、 of Chinese lists; Thai has a blank instead. */
const BETWEEN =
  /[,،，;；]+(?!(?<=\d,)\d)\s*|(?<=[\p{Script=Hiragana}\p{Script=Katakana}])、|、(?=[\p{Script=Hiragana}\p{Script=Katakana}])|\s+[-–—]+\s+|(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f\d])/gu;

/** Share of the usual minimum length for clauses with a match. */
const SHARE = 0.5;
export const isClause = (part: string): boolean => isSentence(part, SHARE);

/** Empty for a sentence with few clauses. A clause of a word or two is merged with the next. */
export function clausesOf(text: string, { start, end }: Part): Part[] {
  const clauses: Part[] = [];
  let from = start;
  let count = 1;
  BETWEEN.lastIndex = start;
  for (let m = BETWEEN.exec(text); m !== null && m.index < end; m = BETWEEN.exec(text)) {
    if (m.index === from || m.index + m[0].length >= end) continue;
    count += 1;
    if (!isClause(text.slice(from, m.index))) continue;
    clauses.push({ start: from, end: m.index });
    from = m.index + m[0].length;
  }
  if (isClause(text.slice(from, end)) || clauses.length === 0) clauses.push({ start: from, end });
  else clauses[clauses.length - 1] = { start: clauses[clauses.length - 1]!.start, end };
  return count >= MIN_CLAUSES && clauses.length > 1 ? clauses : [];
}
