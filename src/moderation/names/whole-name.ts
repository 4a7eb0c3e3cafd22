import { identifierEnd } from '../contacts/detect-handles.js';
import { digitRuns } from '../numbers/digit-runs.js';
import type { Match } from '../match.js';
import { DOT, type SaidWord, wordAt, areJoined } from './said-names.js';
import type { TextView } from '../normalise/text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('whole-name');

/** Extends a match inside a name of 3.2 to the whole name, so that no part of it is heard or seen. */
export function wholeName(
  f: Match,
  text: string,
  folded: TextView,
  words: readonly SaidWord[],
  all: readonly Match[],
): Match {
  const named = withTail(behindSign(withIdentifier(f, text, folded), text), text, folded);
  const joined = (a: Match): boolean => a.rule === f.rule && a.start < f.start && a.end + 1 >= f.start;
  const said = all.some(joined) ? named : withDomain(named, text);
  // A match that the link contains entirely keeps its kind when both are merged.
  const linked = (a: Match): boolean => LINKS.has(a.kind) && a.start < said.end && a.end + 2 > said.start;
  return !LINKS.has(f.kind) && all.some(linked) ? said : withSaidDomain(said, text, words);
}

const MAX_DOMAIN_CHARS = 40;
const LINKS: ReadonlySet<string> = new Set(['link', 'mail']);

/** An account name is as forbidden as the platform's: "vx: abc123" is one hit to its end. */
function withIdentifier(f: Match, text: string, folded: TextView): Match {
  if (LINKS.has(f.kind) || f.kind === 'phone' || f.end >= text.length) return f;
  if (SAID_END.test(text.slice(f.start, f.end))) return f;
  let at = lowerBound(folded.start, f.end);
  if (at >= folded.text.length) return f;
  at = identifierEnd(folded.text, at);
  return at === 0 || folded.end[at - 1]! <= f.end ? f : { ...f, end: folded.end[at - 1]! };
}

/** A match in "lampking dot com" with a spoken dot may cover only its end. */
const SAID_DOT = new RegExp(`^(?:${DOT})(?![\\p{L}\\p{M}])`, 'iu');
/** A spoken address ends with its last word: the text after it is not an account name. */
const SAID_END = new RegExp(`(?<![\\p{L}\\p{M}])(?:${DOT})\\s\\S{2,6}$`, 'iu');
/** The dot and the word after it in one word: 닷컴. */
const GLUED_DOT = new RegExp(`^(?:닷|쩜|점|ドット|点|點|ดอท|จุด)\\S{1,4}$`, 'u');
/** The name before the dot, with its own dots: "lampking dot co" before "dot uk"; or its letters one by one. */
const WORD_BEFORE = new RegExp(
  `(?:(?:[\\p{L}\\p{N}][ -]){2,}|[\\p{L}\\p{M}\\p{N}-]+(?:\\s(?:${DOT})\\s[\\p{L}\\p{M}\\p{N}-]+)*\\s?)$`,
  'iu',
);
/** A spelled name of which only the last letter was matched with the dot. */
const LAST_LETTER = /^[\p{L}\p{N}](?![\p{L}\p{M}\p{N}])/u;
const LETTERS_BEFORE = /(?:(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}][ -]){2,}$/u;

/** A name continues after "underscore". */
const SIGN_END = new RegExp(String.raw`(?:${WORDS.any('signs')})$`, 'iu');
const NEXT_WORD = /^\s?[\p{L}\p{M}\p{N}._-]+/u;

function behindSign(f: Match, text: string): Match {
  if (!SIGN_END.test(text.slice(Math.max(f.start, f.end - 24), f.end))) return f;
  const next = NEXT_WORD.exec(text.slice(f.end, f.end + MAX_DOMAIN_CHARS));
  return next === null ? f : { ...f, end: f.end + next[0].length };
}

/** Text between two parts of one number: signs, "then", or a word that is also a digit ("do" is two in Hindi). */
const BRIDGE = new RegExp(String.raw`^[\s,，、.-]{0,3}(?:(?:${WORDS.any('between-numbers')})[\s,，]{0,2})?$`, 'iu');
const MAX_DIGITS = 15;
/** A longer run after a number is another number with its own match. */
const TAIL_DIGITS = 5;

/** Digits right after a number belong to it: a half-muted number can be guessed. */
function withTail(f: Match, text: string, folded: TextView): Match {
  const runs = digitRuns(folded, 1);
  if (runs.length < 2) return f;
  const places = runs.map((r) => ({
    start: folded.start[r.start]!,
    end: folded.end[r.end - 1]!,
    digits: r.digits.length,
  }));
  let digits = 0;
  for (const p of places) if (p.start >= f.start && p.end <= f.end) digits += p.digits;
  if (digits < (f.kind === 'phone' ? 5 : 3)) return f;
  let end = f.end;
  for (const p of places) {
    if (p.start < end) {
      // A run cut by the match.
      if (p.end > end && p.start >= f.start) end = p.end;
      continue;
    }
    if (p.digits > TAIL_DIGITS || digits + p.digits > MAX_DIGITS || !BRIDGE.test(text.slice(end, p.start))) break;
    digits += p.digits;
    end = p.end;
  }
  return end === f.end ? f : { ...f, end };
}

function withDomain(f: Match, text: string): Match {
  if (f.kind === 'link' && LAST_LETTER.test(text.slice(f.start, f.end))) {
    const letters = LETTERS_BEFORE.exec(text.slice(Math.max(0, f.start - MAX_DOMAIN_CHARS), f.start));
    return letters === null ? f : { ...f, start: f.start - letters[0].length };
  }
  if (!SAID_DOT.test(text.slice(f.start, f.end))) return f;
  const before = WORD_BEFORE.exec(text.slice(Math.max(0, f.start - MAX_DOMAIN_CHARS), f.start));
  return before === null ? f : { ...f, start: f.start - before[0].length };
}

const DOMAIN_WORDS = wordTable('said-domain');

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
const MAIL_SAID = new RegExp(DOMAIN_WORDS.any('mail'), 'iu');
const HAN = /\p{Script=Han}/u;

/** The index of the first word of the address whose last word before the dot is `last`. */
function domainStart(words: readonly SaidWord[], last: number, text: string, isMail: boolean): number {
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

/** The words of a name that is spoken in several: "blue ocean trade dot com", "sunny trade at gmail dot com". */
function withSaidDomain(f: Match, text: string, words: readonly SaidWord[]): Match {
  if (f.kind === 'phone' || f.end - f.start > MAX_DOMAIN_CHARS * 2) return f;
  let dot = wordAt(words, f.start);
  const isDot = (at: number): boolean => words[at]!.isDot || GLUED_DOT.test(words[at]!.word);
  const isMail = f.kind === 'mail';
  while (dot < words.length && words[dot]!.start < f.end && !isDot(dot) && !(isMail && words[dot]!.isAt)) dot += 1;
  const mark = words[dot];
  const last = words[dot - 1];
  if (mark === undefined || last === undefined || mark.start >= f.end) return f;
  // Without a domain ending after it "dot" is an ordinary word: a decimal point, "the point is".
  if (
    f.kind !== 'link' &&
    f.kind !== 'mail' &&
    !SAID_END.test(text.slice(mark.start, f.end)) &&
    !GLUED_DOT.test(mark.word)
  )
    return f;
  if (!/^[\s,，]{0,3}$/u.test(text.slice(last.end, mark.start))) return f;
  const { start } = words[domainStart(words, dot - 1, text, isMail)]!;
  return start < f.start ? { ...f, start } : f;
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (sorted[mid]! < value) low = mid + 1;
    else high = mid;
  }
  return low;
}
