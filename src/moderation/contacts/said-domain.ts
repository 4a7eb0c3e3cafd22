import { areJoined, type SaidWord } from '../names/said-words.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('said-domain');

/**
 * Finds the beginning of a spoken address: "blue ocean trade dot com".
 *
 * Problem: a domain has no blanks, but its spoken form has. Only the last word with its dot is matched, and the words
 * before it remain audible.
 * Rule: preceding words belong to the address up to a small word, a verb or noun that introduces an address, or a
 * punctuation mark; "of" and similar words may be inside where a word for "is" or "on" precedes the whole.
 */

/** More words are a sentence. */
const MAX_WORDS = 5;
const MAIL_SAID = new RegExp(WORDS.any('mail'), 'iu');
const HAN = /\p{Script=Han}/u;

/** The index of the first word of the address whose last word before the dot is `last`. */
export function domainStart(words: readonly SaidWord[], last: number, text: string, isMail: boolean): number {
  let first = last;
  let count = 1;
  for (let at = last - 1; at >= 0 && count < MAX_WORDS; at -= 1) {
    const w = words[at]!;
    if (!areJoined(text, w, words[at + 1]!)) break;
    if (w.isSign) continue;
    if (w.isAt && (words[at - 2]?.isDot === true || isMail || MAIL_SAID.test(text.slice(0, w.start)))) continue;
    if (w.isInner) {
      const over = acrossInner(words, at, text);
      if (over < 0) break;
      return over;
    }
    if (w.endsName || HAN.test(w.word) !== HAN.test(words[last]!.word)) break;
    first = at;
    count += 1;
  }
  return first;
}

/** The first word of "casa de las luces" in "la web es la casa de las luces punto es"; -1 without a name. */
function acrossInner(words: readonly SaidWord[], inner: number, text: string): number {
  let at = inner;
  const joined = (): boolean => at > 0 && areJoined(text, words[at - 1]!, words[at]!);
  while (words[at]!.isInner && inner - at < 2 && joined()) at -= 1;
  if (words[at]!.isInner || words[at]!.endsName) return -1;
  for (let more = 0; more < 1 && joined() && !words[at - 1]!.endsName && !words[at - 1]!.isInner; more += 1) at -= 1;
  if (!joined()) return at;
  const before = words[at - 1]!;
  if (!before.endsName) return -1;
  if (!before.isArticle) return at;
  at -= 1;
  if (!joined()) return at;
  return words[at - 1]!.endsName && !words[at - 1]!.isArticle ? at : -1;
}
