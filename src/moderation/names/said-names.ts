import { identifierEnd } from '../contacts/detect-handles.js';
import type { Match } from '../match.js';
import { isSmallWordOf } from '../normalise/small-words.js';
import type { TextView } from '../normalise/text-view.js';
import { digitRuns } from '../numbers/digit-runs.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('said-names');

/**
 * Account names said apart from their platform: "add me, the name is sunny underscore trade, on WeChat".
 *
 * Problem: a name can be any words, so nothing identifies it, and muting the platform alone leaves it audible.
 * Rule: where rule 3.2 already matched, the words after "the name is", between "search for" and "on" that platform, and
 * between the platform and "search" are a name, up to a punctuation mark, a small word or five words. This does not
 * turn a harmless line into a violation.
 */

const MAX_WORDS = 5;
const MAX_HAN = 28;
/** Maximum distance of a name from its platform. */
const REACH = 64;
/** Kinds of 3.2 that an account belongs to. */
const OF_ACCOUNT: ReadonlySet<string> = new Set(['platform', 'contact', 'handle', 'homophone', 'other-app']);

const PREP = WORDS.any('prepositions');
const edge = (words: string): string => `(?<![\\p{L}\\p{M}])(?:${words})(?![\\p{L}\\p{M}])`;
/** Phrases that introduce a name. */
export const NAME_CUE = new RegExp([edge(WORDS.any('name-cues')), WORDS.any('name-cues-unparted')].join('|'), 'giu');
/** Weaker phrases that introduce a name right after the platform, or after one more word. */
const WEAK = new RegExp(
  `^['’]?\\p{L}{0,3} ?(?:(?:${WORDS.any('weak-nouns')}) )?(?:${edge(WORDS.any('weak-verbs'))}|[:=—–-]) `,
  'iu',
);
/** Text allowed between a name and the platform after it. */
const ON_IT = new RegExp(`^[\\s,，]{0,3}(?:(?:${PREP}|在)\\s?)?$`, 'iu');
/** 微信叫…, "Telegram 上是 …". */
const WEAK_HAN = /^\s?(?:上|里|那边)?的?(?:名字|昵称)?(?:叫做?|是|名为)\s?/u;
/** Possible ending of a platform match. */
const PARTICLE = /(?:で|에서|पर|में)$/u;
const GROUP = new RegExp(String.raw`^ (?:${WORDS.any('groups')}) `, 'iu');
/** "My name on Telegram is …". */
const CUE_PREP_END = new RegExp(`(?:${NAME_CUE.source}) (?:(?:${PREP}) )?$`, 'iu');
/** Words between the platform and a name announced earlier. */
const LEADS = new RegExp(String.raw`^ ?(?:${WORDS.any('leads')}) `, 'iu');
/** Verbs that ask to search for the following or preceding name. */
export const SEARCH_VERB = edge(WORDS.any('search-verbs'));
const SEARCH_END = new RegExp(`${SEARCH_VERB} $`, 'iu');
const SEARCH_PREP_END = new RegExp(`${SEARCH_VERB} (?:(?:${PREP}) )?$`, 'iu');
const SEARCH_FIRST = new RegExp(`^(?:${SEARCH_VERB}|搜索?一?下?|搜一搜|查找|查|关注|搜) ?`, 'iu');
/** Languages with the verb last: "Instagram'da gunes lamba ara", インスタで…って検索, 인스타에서 … 검색. */
const VERB_LAST = new RegExp(
  String.raw`^(?:['’]?\p{L}{1,3} | ?पर | ?में |で|の|に|에서 ?|에 ?|로 ?)(?<name>[^\n,.!?。！？、，]{2,40}?)(?:${WORDS.any('verb-last')})`,
  'iu',
);
const HAN_NAME =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ーA-Za-z0-9_ ]{1,28}?(?=就|可以|能(?:找|搜)|关注|找我|加我|一下|这个|，|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ーA-Za-z0-9_ ]|$)/u;
const LOOSE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const WRITTEN = /\p{L}[\d_]|[\d_]\p{L}/u;
const LEAD = /^[\s:：=「『“"'’«-]{0,4}/u;

interface Range {
  readonly start: number;
  readonly end: number;
}

const ROLE_WORDS = wordTable('said-words');

/** The words of a spoken text, marked by their role: introducing a name, holding it together or ending it. */

/** "Dot" in a spoken address. */
const DOT = ROLE_WORDS.any('dots');
const DOTS: ReadonlySet<string> = new Set(DOT.split('|'));
/** "At" in a spoken address. */
const ATS: ReadonlySet<string> = new Set(ROLE_WORDS.list('ats'));
/** Spoken signs of a name. */
const SIGNS: ReadonlySet<string> = new Set(ROLE_WORDS.list('signs'));
/** Words inside a name: "house of lamps", "casa das luzes". */
const INNER: ReadonlySet<string> = new Set(ROLE_WORDS.list('inner'));
const ARTICLES: ReadonlySet<string> = new Set(ROLE_WORDS.list('articles'));
/**
 * Words that end a name and are missing from the lists of small words, and verbs and nouns that introduce an address.
 */
const ENDS: ReadonlySet<string> = new Set(ROLE_WORDS.list('name-ends'));

/** Chinese and Japanese next to other letters are separate words: 邮箱lamp. */
const HAN = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー';
const LETTER = `(?:(?![${HAN}])[\\p{L}\\p{M}\\p{N}])`;
const WORD = new RegExp(`[${HAN}]+|${LETTER}+(?:[._’'-]${LETTER}+)*`, 'gu');
/** Text allowed between two words of one name. */
const JOINT = /^[ \t'’"“”«»_-]{0,3}$/u;

interface SaidWord {
  readonly start: number;
  readonly end: number;
  /** Lower case. */
  readonly word: string;
  /** "Dot", "at", or another spoken sign of a name. */
  readonly isDot: boolean;
  readonly isAt: boolean;
  readonly isSign: boolean;
  /** "Of", "the": allowed within a name. */
  readonly isInner: boolean;
  readonly isArticle: boolean;
  /** Ends a name. */
  readonly endsName: boolean;
}

/** The words of a text with their positions; `languages`: those whose small words end a name. */
export function saidWords(text: string, languages: ReadonlySet<string>): SaidWord[] {
  const words: SaidWord[] = [];
  for (const m of text.matchAll(WORD)) {
    const word = m[0].normalize('NFC').toLowerCase();
    const isDot = DOTS.has(word);
    const isSign = isDot || SIGNS.has(word);
    words.push({
      start: m.index,
      end: m.index + m[0].length,
      word,
      isDot,
      isAt: ATS.has(word),
      isSign,
      isInner: INNER.has(word) && (!/[a-z]/.test(word) || isSmallWordOf(languages, word)),
      isArticle: ARTICLES.has(word),
      endsName: !isSign && (ENDS.has(word) || isSmallWordOf(languages, word)),
    });
  }
  return words;
}

/** Whether two neighbouring words may belong to one name: only a blank or a quote between them. */
const areJoined = (text: string, a: SaidWord, b: SaidWord): boolean => JOINT.test(text.slice(a.end, b.start));

/** The index of the first word at or after this position. */
function wordAt(words: readonly SaidWord[], place: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (words[mid]!.start < place) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Account names beside matches of accounts; in offsets of the text. */
export function saidNames(text: string, words: readonly SaidWord[], found: readonly Match[]): Match[] {
  const places = found.filter((f) => f.rule === '3.2' && OF_ACCOUNT.has(f.kind));
  if (places.length === 0) return [];
  const names: (Range | undefined)[] = [];
  /** The platform comes before, or right after with an "on"; otherwise the name may belong to the product. */
  const near = (cue: Range, name: Range): boolean =>
    places.some((p) => p.start < cue.start && cue.start - p.end <= REACH && !hasEnd(text, p, cue)) ||
    places.some((p) => p.start >= name.end && ON_IT.test(text.slice(name.end, p.start)));
  for (const m of text.matchAll(NAME_CUE)) {
    const cue = { start: m.index, end: m.index + m[0].length };
    const name = nameFrom(text, words, cue.end);
    if (name !== undefined && near(cue, name)) names.push(name);
  }
  for (const p of places) {
    const after = text.slice(p.end, p.end + REACH);
    const weak = WEAK.exec(after);
    if (weak !== null) names.push(nameFrom(text, words, p.end + weak[0].length));
    else if (/[:=是为]$|(?<![\p{L}\p{M}])(?:is|es|ist|est|é|è|jest|как|هو)$/iu.test(text.slice(p.start, p.end)))
      names.push(nameFrom(text, words, p.end));
    const blanks = LEAD.exec(after)![0].length;
    const search = SEARCH_FIRST.exec(after.slice(blanks));
    if (search !== null) names.push(nameFrom(text, words, p.end + blanks + search[0].length));
    const han = WEAK_HAN.exec(after);
    if (han !== null) names.push(nameFrom(text, words, p.end + han[0].length));
    const particle = PARTICLE.exec(text.slice(p.start, p.end))?.[0] ?? '';
    const last = VERB_LAST.exec(particle + after)?.groups?.['name'];
    if (last !== undefined) {
      const from = p.end + after.indexOf(last);
      names.push({ start: from, end: from + last.length });
    }
    const group = GROUP.exec(after);
    if (group !== null) names.push(nameFrom(text, words, p.end + group[0].length));
    const before = text.slice(Math.max(0, p.start - 32), p.start);
    if (SEARCH_PREP_END.test(before) || CUE_PREP_END.test(before)) {
      const to = LEADS.exec(after);
      names.push(nameFrom(text, words, p.end + (to?.[0].length ?? 0)));
    }
    names.push(nameBefore(text, words, p));
  }
  return names
    .filter((n): n is Range => n !== undefined && n.end > n.start)
    .map((n) => ({ rule: '3.2', kind: 'handle', start: n.start, end: n.end }));
}

/** Whether a sentence ends between the platform and a cue after it. */
function hasEnd(text: string, platform: Range, cue: Range): boolean {
  return /[.!?;\n]\s|[。！？；।؟]/u.test(text.slice(platform.end, cue.start));
}

/** The name that begins here, if any. */
function nameFrom(text: string, words: readonly SaidWord[], place: number): Range | undefined {
  const start = place + LEAD.exec(text.slice(place, place + 8))![0].length;
  if (LOOSE.test(text.slice(start, start + 1))) {
    const han = HAN_NAME.exec(text.slice(start, start + MAX_HAN + 8));
    return han === null ? undefined : { start, end: start + han[0].length };
  }
  const from = wordAt(words, start);
  let at = from;
  while (at < words.length && words[at]!.isArticle && words[at]!.start - start <= 4) at += 1;
  const first = words[at];
  if (first === undefined || first.start - start > 5 || first.endsName) return undefined;
  let end = at;
  let count = 1;
  for (let next = at + 1; next < words.length && count < MAX_WORDS; next += 1) {
    if (!areJoined(text, words[next - 1]!, words[next]!)) break;
    if (words[next]!.isSign) end = next;
    // "bag_queen88 ok": a word in the form of an identifier is a whole name.
    else if (WRITTEN.test(words[end]!.word)) break;
    else if (words[next]!.isInner) continue;
    else if (words[next]!.endsName) break;
    else {
      end = next;
      count += 1;
    }
  }
  return { start: words[from]!.start, end: words[end]!.end };
}

/** The name in "search for NAME on Telegram". */
function nameBefore(text: string, words: readonly SaidWord[], platform: Range): Range | undefined {
  const prep = wordAt(words, platform.start) - 1;
  if (prep < 1 || !words[prep]!.endsName || !areJoined(text, words[prep]!, words[prep + 1] ?? words[prep]!))
    return undefined;
  let first = prep;
  for (let at = prep - 1; at >= 0 && prep - at <= MAX_WORDS + 2; at -= 1) {
    if (!areJoined(text, words[at]!, words[at + 1]!)) return undefined;
    if (SEARCH_END.test(`${text.slice(Math.max(0, words[at]!.start - 24), words[at]!.start)}`)) {
      first = at;
      break;
    }
  }
  while (first < prep && words[first]!.endsName && !words[first]!.isArticle) first += 1;
  return first === prep ? undefined : { start: words[first]!.start, end: words[prep - 1]!.end };
}

const EXTENDING_WORDS = wordTable('whole-name');

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
const SIGN_END = new RegExp(String.raw`(?:${EXTENDING_WORDS.any('signs')})$`, 'iu');
const NEXT_WORD = /^\s?[\p{L}\p{M}\p{N}._-]+/u;

function behindSign(f: Match, text: string): Match {
  if (!SIGN_END.test(text.slice(Math.max(f.start, f.end - 24), f.end))) return f;
  const next = NEXT_WORD.exec(text.slice(f.end, f.end + MAX_DOMAIN_CHARS));
  return next === null ? f : { ...f, end: f.end + next[0].length };
}

/** Text between two parts of one number: signs, "then", or a word that is also a digit ("do" is two in Hindi). */
const BRIDGE = new RegExp(
  String.raw`^[\s,，、.-]{0,3}(?:(?:${EXTENDING_WORDS.any('between-numbers')})[\s,，]{0,2})?$`,
  'iu',
);
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
const MAIL_SAID = new RegExp(DOMAIN_WORDS.any('mail'), 'iu');
const WHOLE_NAME_HAN = /\p{Script=Han}/u;

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
    if (w.endsName || WHOLE_NAME_HAN.test(w.word) !== WHOLE_NAME_HAN.test(words[last]!.word)) break;
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
