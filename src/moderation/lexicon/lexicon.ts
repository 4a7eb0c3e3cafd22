import type { NearRule, RulePack, RulePacks } from '../packs/rule-packs.js';
import { Excuses } from '../rules/excuses.js';
import { startsWord } from '../normalise/normalise.js';
import { isArabic, isAsciiLetter, isDigit, isHanOrKana, isLoose, isWordy } from '../normalise/scripts.js';
import type { TextView } from '../normalise/text-view.js';
import { AhoCorasick, lexiconTables, type Role, TermTable } from './lexicon-tables.js';

/**
 * Vietnamese distinguishes words by accents: đồ ngu is an insult, đồ ngủ is sleepwear. Detectors read texts without
 * accents, because evaders omit them; in an accented text the accents must match the word's.
 */

/** Letters that only Vietnamese uses, composed or not. */
const VIETNAMESE = /[ăđơưĂĐƠƯ\u1ea0-\u1ef9]|[aeiouyAEIOUY][\u0302\u0306\u031b]?[\u0300\u0301\u0303\u0309\u0323]/;

/** Whether a text is written with Vietnamese accents. */
const isAccented = (text: string): boolean => VIETNAMESE.test(text);

const memo = new Map<string, string>();

/** A syllable's letters and accents, wherever the accents are placed: hòa and hoà are equal. */
function signature(syllable: string): string {
  let letters = '';
  const marks: string[] = [];
  for (const c of syllable.toLowerCase().normalize('NFD')) {
    if (c === 'đ') {
      letters += 'd';
      marks.push('-');
    } else if (c >= '\u0300' && c <= '\u036f') marks.push(c);
    else letters += c;
  }
  return letters + marks.sort().join('');
}

function signatures(text: string): string {
  return (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(signature).join(' ');
}

/** Whether `written`, a range of an accented text, equals `word` including accents. */
function accentsAgree(word: string, written: string): boolean {
  let wanted = memo.get(word);
  if (wanted === undefined) memo.set(word, (wanted = signatures(word)));
  const got = signatures(written);
  // A word without accents in its pack, or one that ends inside the text's word, is compared by the letters alone.
  return got === wanted || (!isAccented(word) && /^[\x20-\x7e]+$/.test(written));
}

/** A match in a words view, in offsets of that view. */
export interface LexiconMatch {
  readonly start: number;
  readonly end: number;
}

export interface LexiconHit extends LexiconMatch {
  readonly rule: string;
  readonly kind: string;
  /** The pack of the word or combination. */
  readonly pack: number;
  /** The combination of sets; undefined for a word that counts by itself. */
  readonly near?: NearRule;
}

/** Languages that count for a text; short Latin words of other languages are coincidence. */
export interface LanguageGate {
  readonly languages: ReadonlySet<string>;
  /** The text contains kana, so its Chinese characters are Japanese words. */
  readonly japanese: boolean;
}

/** Sets of words that cancel a denial: "don't forget to", 别忘了. */
const NO_DENIAL = 'no-denial';
/** Sets of denying words. */
export const DENIALS = /^(?:not-|deny-|claim-(?:negation|deny)|never-word|warn-not|kind-negation)/;
/** "We never ask you to": covers its own clause, and the one introduced by a German comma. */
const NEVER_ASK = 'never-ask';
/** Words that deny the text before them, as verbs do in Japanese, Korean, Hindi and Turkish. */
const DENIED_AFTER: ReadonlySet<string> = new Set(['deny-after', 'not-said-after']);
/** Warnings ("never give", 请勿) reach further, by these factors. */
const FAR_DENIALS: ReadonlyMap<string, number> = new Map([
  ['warn-not', 1.5],
  ['never-word', 1.8],
  ['unsaid', 2.2],
]);
/** Signs that end a clause: a "not" before them does not apply to the text behind them. */
const CLAUSE_END = /[,.;:!?…，。；：！？、،؛؟।\n]/;

/** Thai has no commas: there a space ends a clause. */
const THAI_SPACE = /[\u0e00-\u0e7f]\s|\s[\u0e00-\u0e7f]/;
const endsClause = (gap: string): boolean => CLAUSE_END.test(gap) || THAI_SPACE.test(gap);

/** Maximum distance of an excusing word from a hit, in characters. */
const UNLESS_CHARS = 24;
const BEFORE_CHARS = 20;
/** Maximum matches of one set in a text; more add nothing. */
const MAX_MATCHES = 64;

/** Minimum letters of a word that is also matched without its accents. */
const MIN_BARE = 4;
const ARABIC_PREFIXES = new Set('وفبلكاسي');

/** The set of matches forgiven because of a denial or another excuse. */
export const FORGIVEN = 'forgiven';

/** Finds the words and combinations of the rule packs. */
export class Lexicon {
  readonly #automaton: AhoCorasick;
  /** The meanings of each word of the automaton, possibly for several rules. */
  readonly #terms: TermTable;
  readonly #near: { rule: string; pack: number; near: NearRule }[] = [];
  /** The parts of the packs that are needed besides the words. */
  readonly #packs: readonly Pick<RulePack, 'sayUnless' | 'sayUnlessBefore'>[];

  constructor(packs: RulePacks) {
    this.#packs = packs.map(({ sayUnless, sayUnlessBefore }) => ({ sayUnless, sayUnlessBefore }));
    for (const [p, pack] of packs.entries())
      for (const n of pack.near) this.#near.push({ rule: pack.rule, pack: p, near: n });
    const { automaton, terms } = lexiconTables(packs);
    this.#automaton = new AhoCorasick(automaton);
    this.#terms = new TermTable(terms);
  }

  /** All hits in a words view of `original`, and the matches per set. */
  search(
    view: TextView,
    gate: LanguageGate,
    original: string,
  ): { hits: LexiconHit[]; sets: ReadonlyMap<string, LexiconMatch[]> } {
    const text = view.text;
    const terms = this.#terms;
    const accented = isAccented(original);
    const clauseEnds = (from: number, to: number): boolean =>
      from < to && endsClause(original.slice(view.end[from - 1], view.start[to]));
    const said: { role: Extract<Role, { type: 'say' }>; start: number; end: number }[] = [];
    const excepts: { rule: string; start: number; end: number }[] = [];
    const sets = new Map<string, LexiconMatch[]>();
    this.#automaton.search(text, (word, start, end) => {
      if (!leftBoundary(text, start)) return;
      let wordEnd = -1;
      for (let term = terms.from(word), last = terms.to(word); term < last; term += 1) {
        const language = terms.language(term);
        if (!terms.always(term) && !gate.languages.has(language)) continue;
        if (language === 'zh' && gate.japanese) continue;
        if (language === 'ja' && !gate.japanese && !gate.languages.has('ja')) continue;
        const written = terms.accented(term);
        if (written !== undefined) {
          // Without accents a short word may belong to any language: "du" is one of many.
          if (!accented && end - start < MIN_BARE && isAccented(written)) continue;
          if (accented && !accentsAgree(written, original.slice(view.start[start], view.end[end - 1]))) continue;
        }
        let to = end;
        if (terms.prefix(term)) {
          if (wordEnd < 0) wordEnd = endOfWord(text, end);
          to = wordEnd;
        } else if (!rightBoundary(text, start, end)) continue;
        const role = terms.role(term);
        if (role.type === 'say') {
          if (said.length < MAX_MATCHES) said.push({ role, start, end: to });
        } else if (role.type === 'except') excepts.push({ rule: role.rule, start, end: to });
        else {
          let list = sets.get(role.name);
          if (list === undefined) sets.set(role.name, (list = []));
          if (list.length < MAX_MATCHES) list.push({ start, end: to });
        }
      }
    });
    const undone = sets.get(NO_DENIAL);
    if (undone !== undefined) {
      for (const [name, list] of sets) {
        if (!DENIALS.test(name)) continue;
        const left = list.filter((m) => !undone.some((u) => u.start < m.end && u.end > m.start));
        sets.set(name, left);
      }
    }
    const excuses = new Excuses(sets, clauseEnds);
    const excused = (rule: string, start: number, end: number): boolean =>
      excepts.some((e) => e.rule === rule && e.start <= start && e.end >= end);
    const hits: LexiconHit[] = [];
    const forgiven: LexiconMatch[] = [];
    for (const { role, start, end } of said) {
      const pack = this.#packs[role.pack]!;
      if (excused(role.rule, start, end)) continue;
      if (
        excuses.excuse(role.rule, role.kind, start, end) ||
        closeTo(sets, pack.sayUnless, start, end, clauseEnds, excuses) ||
        shortlyBefore(text, sets, pack.sayUnlessBefore, start, clauseEnds)
      ) {
        forgiven.push({ start, end });
        continue;
      }
      hits.push({ rule: role.rule, kind: role.kind, pack: role.pack, start, end });
    }
    for (const { rule, pack, near: n } of this.#near) {
      const first = sets.get(n.all[0]!);
      if (first === undefined) continue;
      for (const match of first) {
        if (excused(rule, match.start, match.end)) continue;
        const span = combine(sets, n, match, (m) => excused(rule, m.start, m.end), clauseEnds);
        if (span === undefined || excused(rule, span.start, span.end)) continue;
        if (
          excuses.excuse(rule, n.kind, span.start, span.end) ||
          closeTo(sets, n.unless, span.start, span.end, clauseEnds, excuses) ||
          shortlyBefore(text, sets, n.unlessBefore, span.start, clauseEnds) ||
          inside(sets, n.unlessBefore, span)
        ) {
          forgiven.push(span);
          continue;
        }
        hits.push({ rule, kind: n.kind, pack, near: n, start: span.start, end: span.end });
      }
    }
    if (forgiven.length > 0) sets.set(FORGIVEN, forgiven);
    return { hits, sets };
  }
}

/** Extends a match of the first set by the nearest match of each other set; a word between two others counts too. */
function combine(
  sets: ReadonlyMap<string, LexiconMatch[]>,
  near: NearRule,
  first: LexiconMatch,
  skip: (m: LexiconMatch) => boolean,
  clauseEnds: (from: number, to: number) => boolean,
): LexiconMatch | undefined {
  let { start, end } = first;
  const chosen = [first];
  for (let s = 1; s < near.all.length; s += 1) {
    const list = sets.get(near.all[s]!);
    if (list === undefined) return undefined;
    let best: LexiconMatch | undefined;
    let bestGap = near.within + 1;
    for (const m of list) {
      if (chosen.some((c) => m.start < c.end && m.end > c.start)) continue;
      const before = m.end <= start;
      const gap = m.start >= end ? m.start - end : near.ordered ? near.within + 1 : before ? start - m.end : 0;
      if (gap < bestGap && !skip(m) && !(near.clause && clauseEnds(Math.min(end, m.end), Math.max(start, m.start)))) {
        best = m;
        bestGap = gap;
      }
    }
    if (best === undefined) return undefined;
    chosen.push(best);
    start = Math.min(start, best.start);
    end = Math.max(end, best.end);
  }
  return { start, end };
}

function closeTo(
  sets: ReadonlyMap<string, LexiconMatch[]>,
  names: readonly string[],
  start: number,
  end: number,
  clauseEnds: (from: number, to: number) => boolean,
  excuses: Excuses,
): boolean {
  for (const name of names) {
    const denial = DENIALS.test(name);
    const own = excuses.byName(name, start, end);
    if (own === true) return true;
    if (own === false) continue;
    for (const m of sets.get(name) ?? []) {
      if (m.end <= start && (DENIED_AFTER.has(name) || (denial && clauseEnds(m.end, start)))) continue;
      if (m.start <= end + UNLESS_CHARS && m.end >= start - UNLESS_CHARS) return true;
    }
  }
  return false;
}

function inside(sets: ReadonlyMap<string, LexiconMatch[]>, names: readonly string[], span: LexiconMatch): boolean {
  return names.some((name) => (sets.get(name) ?? []).some((m) => m.start >= span.start && m.end <= span.end));
}

function shortlyBefore(
  text: string,
  sets: ReadonlyMap<string, LexiconMatch[]>,
  names: readonly string[],
  start: number,
  clauseEnds: (from: number, to: number) => boolean,
): boolean {
  for (const name of names) {
    const denial = DENIALS.test(name);
    for (const m of sets.get(name) ?? []) {
      if (denial && m.end < start && clauseEnds(m.end, start)) continue;
      if (name === NEVER_ASK && start - m.end > 2 && clauseEnds(m.end, start)) continue;
      const reach = (isHanOrKana(text.charCodeAt(m.start)) ? 6 : BEFORE_CHARS) * (FAR_DENIALS.get(name) ?? 1);
      if ((m.end <= start + 1 || m.start < start) && start - m.end <= reach) return true;
    }
  }
  return false;
}

function leftBoundary(text: string, at: number): boolean {
  if (at === 0 || isLoose(text.charCodeAt(at)) || startsWord(text, at)) return true;
  if (!isWordy(text.charCodeAt(at - 1)) || isLoose(text.charCodeAt(at - 1))) return true;
  if (!isArabic(text.charCodeAt(at))) return false;
  let i = at - 1;
  while (i >= 0 && at - i <= 4 && ARABIC_PREFIXES.has(text[i]!)) i -= 1;
  return i < 0 || !isWordy(text.charCodeAt(i));
}

function endOfWord(text: string, from: number): number {
  let i = from;
  while (i < text.length && isWordy(text.charCodeAt(i)) && !isLoose(text.charCodeAt(i)) && i - from < 24) i += 1;
  return i;
}

function rightBoundary(text: string, start: number, end: number): boolean {
  if (end >= text.length) return true;
  const last = text.charCodeAt(end - 1);
  const next = text.charCodeAt(end);
  if (!isWordy(next) || !isWordy(last) || isLoose(last) || isLoose(next)) return true;
  if (isDigit(next) && isAsciiLetter(last)) return end - start >= 2;
  if (isDigit(last) && !isDigit(next)) return end - start >= 3;
  return isArabic(last) && end - start >= 4 && endOfWord(text, end) - end <= 3;
}
