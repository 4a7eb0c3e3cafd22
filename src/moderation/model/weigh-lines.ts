import type { Match } from '../match.js';
import { DENIALS, FORGIVEN, type LexiconMatch } from '../lexicon/lexicon.js';
import { isSentence, type Part, partsOf, sentencesOf } from '../language/sentences.js';
import type { TextView } from '../normalise/text-view.js';
import { lineFeatures, type LineModel } from './line-model.js';

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
const isClause = (part: string): boolean => isSentence(part, SHARE);

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

/**
 * Adds the line model's opinion to the lexicon's matches, and takes matches back.
 *
 * A line without matches that resembles violations is a hit as a whole. A line with only lexicon matches that resembles
 * harmless lines ("the telegram printed on this mug") is not. Numbers, links, addresses and disguised words remain
 * hits, whatever the rest of the line.
 */

/**
 * Minimum score for a hit on a line without matches: its log odds as a whole and those of its likeliest rule, added in
 * these shares. A suspicious line that fits no rule is usually a new kind of harmless line.
 */
export const ADD_AT = -0.75;
export const ADD_WHOLE = 0.7;
/** Where the lexicon forgave a match ("never message strangers on …"), one of both odds must exceed this. */
const ADD_EXCUSED_AT = 1.6;
/**
 * Minimum odds of a rule that is named beside another rule of the same opinion, and beside the rule of a match in the
 * line…
 */
const SECOND_AT = 0;
const ALSO_AT = -1.5;
/** …and the range in which lexicon matches count as those of the line's likeliest rule. */
const INSTEAD_FROM = -2;
const INSTEAD_TO = 1;
/**
 * …or beside the other of these two: a fee that goes to the seller's own account is paid off the platform (3.1) and
 * charged behind its back (4.2).
 */
const TWIN_AT = -2.5;
const TWINS: ReadonlyMap<string, string> = new Map([
  ['3.1', '4.2'],
  ['4.2', '3.1'],
]);
/**
 * Odds of the line alone below which lexicon matches are taken back. The odds of the rules are less reliable for a line
 * in which one sentence of three is a violation…
 */
export const DROP_AT = -1.75;
/** …for rules that cost the account, and for codes, whose words also describe scanners and labels. */
const DROP_GRAVE_AT = -4;
const GRAVE: ReadonlySet<string> = new Set(['1.1', '1.2', '1.3', '3.3']);
/**
 * Odds of the clause, and of its rule, above which a match in a sentence of many clauses stays whatever the others say…
 */
const SURE_AT = 0;
const SURE_RULE_AT = -0.5;
/** …and the score that a clause without matches needs to be a hit by itself, where a sentence needs ADD_AT. */
const ADD_CLAUSE_AT = 0.5;
/** Sets of denials and warnings by which a neighbouring clause may excuse it. */
const EXCUSES = /^(?:not-|deny-|never-|warn-not|unsaid|scam-word)/;
/** Rules whose matches are independent of a line's sense. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['2.3', '5.1', '5.4', '5.5', '5.6']);
/** The judge's matches in a text, with the views they were found in. */
export interface Findings {
  readonly found: readonly Match[];
  /** Matches that consist of lexicon words only. */
  readonly ofLexicon: ReadonlySet<Match>;
  readonly folded: TextView;
  readonly words: TextView;
  readonly sets: ReadonlyMap<string, readonly LexiconMatch[]>;
  /** The languages that the text may be in. */
  readonly languages: ReadonlySet<string>;
}

/** Matches in the model's notation: "3.2/phone". */
export function findNames(found: readonly Match[]): string[] {
  return [...new Set(found.filter((f) => !OTHER_WAYS.has(f.rule)).map((f) => `${f.rule}/${f.kind}`))];
}

export function withSecondOpinion(model: LineModel, text: string, findings: Findings): Match[] {
  const found = [...findings.found];
  const out = new Set(found);
  const holds = (sets: RegExp, start: number, end: number): boolean => {
    const from = unitAt(findings.words, start);
    const to = unitAt(findings.words, end);
    for (const [name, matches] of findings.sets)
      if (sets.test(name) && matches.some((m) => m.start >= from && m.start < to)) return true;
    return false;
  };
  const saysNo = (start: number, end: number): boolean => holds(DENIALS, start, end);
  for (const part of partsOf(text)) {
    const whole = opinionOn(model, text, findings, found, part);
    const own = sentencesOf(text, part, saysNo).map((s) => ({ ...s, ...opinionOn(model, text, findings, found, s) }));
    const clauses = (own.length > 0 ? own : [part])
      .flatMap((s) => clausesOf(text, s))
      .map((c) => ({ ...c, ...opinionOn(model, text, findings, found, c, ADD_CLAUSE_AT) }));
    // Neighbouring text does not clear a sentence: it loses a match only where it would by itself. A match across two
    // sentences has no sentence of its own.
    for (const f of whole.undone) {
      const around = own.filter((s) => overlap(s, f));
      if (around.length === 1 && !around[0]!.undone.has(f)) continue;
      const stands = clauses.some(
        (c, i) => c.sure.has(f) && !holds(EXCUSES, (clauses[i - 1] ?? c).start, (clauses[i + 1] ?? c).end),
      );
      if (!stands) out.delete(f);
    }
    for (const f of whole.added) out.add(f);
    for (const s of [...own, ...clauses])
      for (const f of s.added) if (![...out].some((o) => o.rule === f.rule && overlap(o, f))) out.add(f);
  }
  return [...out];
}

const overlap = (a: Part, b: Part): boolean => a.start < b.end && a.end > b.start;

/** The model's opinion on one part of a text by itself. */
interface Opinion {
  readonly added: readonly Match[];
  readonly undone: ReadonlySet<Match>;
  /** Lexicon matches confirmed by this part alone. */
  readonly sure: ReadonlySet<Match>;
}

const NOBODY: ReadonlySet<Match> = new Set();
const NONE: Opinion = { added: [], undone: NOBODY, sure: NOBODY };

function opinionOn(
  model: LineModel,
  text: string,
  { ofLexicon, words, sets }: Findings,
  found: readonly Match[],
  part: Part,
  addAt = ADD_AT,
): Opinion {
  const inside = found.filter((f) => !OTHER_WAYS.has(f.rule) && overlap(f, part));
  const says = addAt === ADD_CLAUSE_AT && inside.length > 0 ? isClause : isSentence;
  if (!says(text.slice(part.start, part.end))) return NONE;
  const from = unitAt(words, part.start);
  const to = unitAt(words, part.end);
  const features = lineFeatures(words.text, from, to, sets, findNames(inside));
  const odds = model.score(features);
  const byRule = model.odds(features);
  let best = 0;
  for (let r = 1; r < byRule.length; r += 1) if (byRule[r]! > byRule[best]!) best = r;
  const added: Match[] = [];
  const undone = new Set<Match>();
  const sure = new Set<Match>();
  const also = (r: number): boolean =>
    byRule[r]! > (inside.length === 0 ? SECOND_AT : alsoAt(inside, model.rules[r]!)) &&
    !inside.some((f) => f.rule === model.rules[r]);
  const add = (r: number): number =>
    added.push({ rule: model.rules[r]!, kind: 'sense', start: part.start, end: part.end });
  if (inside.length === 0) {
    const excused = sets.get(FORGIVEN)?.some((m) => m.start >= from && m.end <= to) === true;
    const likely = byRule[best]!;
    const isHit = excused
      ? Math.max(odds, likely) > ADD_EXCUSED_AT
      : ADD_WHOLE * odds + (1 - ADD_WHOLE) * likely > addAt;
    if (!isHit) return NONE;
    add(best);
  } else {
    if (inside.every((f) => ofLexicon.has(f))) {
      const grave = inside.some((f) => GRAVE.has(f.rule));
      if (odds < (grave ? DROP_GRAVE_AT : DROP_AT)) return { added, undone: new Set(inside), sure };
    }
    for (const f of inside) {
      const r = model.rules.indexOf(f.rule);
      if (!ofLexicon.has(f) || r < 0) continue;
      if (odds > SURE_AT && byRule[r]! > SURE_RULE_AT) sure.add(f);
      if (byRule[best]! > INSTEAD_TO && byRule[r]! < INSTEAD_FROM) undone.add(f);
    }
    if (also(best)) add(best);
  }
  for (let r = 0; r < byRule.length; r += 1) if (r !== best && also(r)) add(r);
  return { added, undone, sure };
}

const alsoAt = (inside: readonly Match[], rule: string): number =>
  inside.some((f) => TWINS.get(f.rule) === rule) ? TWIN_AT : ALSO_AT;

/** The first unit of the view at or after this position of the original. */
function unitAt(view: TextView, place: number): number {
  let low = 0;
  let high = view.start.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (view.start[mid]! < place) low = mid + 1;
    else high = mid;
  }
  return low;
}
