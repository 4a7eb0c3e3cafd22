import type { Found } from './found.js';
import { FORGIVEN, type LexiconMatch } from './lexicon.js';
import { lineFeatures } from './line-features.js';
import type { LineModel } from './line-model.js';
import type { TextView } from './text-view.js';

/**
 * What the line model adds to the finds of the lexicon, and what it takes back.
 *
 * A line in which nothing was found, but which reads like those that break a rule, is a hit as a whole. A line in which
 * only words of the lexicon were found, but which reads quite like a harmless one ("the telegram printed on this mug"), is
 * none. Numbers, links, addresses and disguised words stay hits whatever the rest of the line sounds like.
 */

/**
 * Above this a line without a find is a hit: its odds (as logarithms) as a whole and those of its likeliest rule, added in these
 * shares. What sounds wrong and breaks no rule in particular is mostly a harmless line of a new kind.
 */
const ADD_AT = -0.75;
const ADD_WHOLE = 0.7;
/** Where the lexicon did find something and forgave it ("never message strangers on …"), one of both has to be above this. */
const ADD_EXCUSED_AT = 1.6;
/** Odds of one rule by itself that name it beside a rule of the same opinion, and beside one that something in the line was found to break… */
const SECOND_AT = 0;
const ALSO_AT = -1.5;
/** …and between which words of the lexicon count as those of the rule that the line is about. */
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
 * Odds below which the lexicon's finds are taken back: those of the line alone. The odds of the rules say less of a line in which one
 * sentence of three breaks one…
 */
const DROP_AT = -1.75;
/** …for rules that cost the account, and for codes, whose words are those of scanners and labels as well. */
const DROP_GRAVE_AT = -4;
const GRAVE: ReadonlySet<string> = new Set(['1.1', '1.2', '1.3', '3.3']);
/** Finds that say nothing of the sense of a line. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['2.3', '5.1', '5.4', '5.5', '5.6']);
/** Longer texts are looked at sentence by sentence. */
const WHOLE_CHARS = 200;
const PART_CHARS = 120;
/** Shorter ones say too little: letters of an alphabet, those of scripts that write few vowels or no blanks, and signs that are words. */
const LEAST_LETTERS = 20;
const LEAST_DENSE = 14;
const LEAST_SIGNS = 8;

const SENTENCE = /[.!?…。！？；।؟]+(?=\s|$)|[。！？；।؟]|\n/g;
const SIGN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const LETTER = /\p{L}/gu;
const DENSE = /[\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}]/gu;

interface Part {
  readonly start: number;
  readonly end: number;
}

/** What the judge found in a text, and in what. */
export interface Look {
  readonly found: readonly Found[];
  /** Those of `found` that are nothing but words of the lexicon. */
  readonly ofLexicon: ReadonlySet<Found>;
  readonly folded: TextView;
  readonly words: TextView;
  readonly sets: ReadonlyMap<string, readonly LexiconMatch[]>;
  /** Those that the text may be in. */
  readonly languages: ReadonlySet<string>;
}

/** Finds as the model sees them: "3.2/phone". */
export function findNames(found: readonly Found[]): string[] {
  return [...new Set(found.filter((f) => !OTHER_WAYS.has(f.rule)).map((f) => `${f.rule}/${f.kind}`))];
}

export function withSecondOpinion(model: LineModel, text: string, { found, ofLexicon, words, sets }: Look): Found[] {
  let out = [...found];
  for (const part of partsOf(text)) {
    const inside = out.filter((f) => !OTHER_WAYS.has(f.rule) && f.start < part.end && f.end > part.start);
    if (!isSentence(text.slice(part.start, part.end))) continue;
    const from = unitAt(words, part.start);
    const to = unitAt(words, part.end);
    const features = lineFeatures(words.text, from, to, sets, findNames(inside));
    const odds = model.score(features);
    const byRule = model.odds(features);
    let best = 0;
    for (let r = 1; r < byRule.length; r += 1) if (byRule[r]! > byRule[best]!) best = r;
    const also = (r: number): boolean =>
      byRule[r]! > (inside.length === 0 ? SECOND_AT : alsoAt(inside, model.rules[r]!)) &&
      !inside.some((f) => f.rule === model.rules[r]);
    const add = (r: number): number => out.push({ rule: model.rules[r]!, kind: 'sense', ...part });
    if (inside.length === 0) {
      const excused = sets.get(FORGIVEN)?.some((m) => m.start >= from && m.end <= to) === true;
      const likely = byRule[best]!;
      const isHit = excused
        ? Math.max(odds, likely) > ADD_EXCUSED_AT
        : ADD_WHOLE * odds + (1 - ADD_WHOLE) * likely > ADD_AT;
      if (!isHit) continue;
      add(best);
    } else {
      if (inside.every((f) => ofLexicon.has(f))) {
        const grave = inside.some((f) => GRAVE.has(f.rule));
        if (odds < (grave ? DROP_GRAVE_AT : DROP_AT)) {
          out = out.filter((f) => !inside.includes(f));
          continue;
        }
      }
      if (byRule[best]! > INSTEAD_TO) {
        const other = (f: Found): boolean => {
          const r = model.rules.indexOf(f.rule);
          return ofLexicon.has(f) && r >= 0 && byRule[r]! < INSTEAD_FROM;
        };
        out = out.filter((f) => !inside.includes(f) || !other(f));
      }
      if (also(best)) add(best);
    }
    for (let r = 0; r < byRule.length; r += 1) if (r !== best && also(r)) add(r);
  }
  return out;
}

const alsoAt = (inside: readonly Found[], rule: string): number =>
  inside.some((f) => TWINS.get(f.rule) === rule) ? TWIN_AT : ALSO_AT;

/** The text itself, or groups of its sentences without the blanks around them. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const close = (to: number): void => {
    let start = from;
    let end = to;
    while (start < end && text[start]!.trim() === '') start += 1;
    while (end > start && text[end - 1]!.trim() === '') end -= 1;
    if (end > start) parts.push({ start, end });
    from = to;
  };
  if (text.length > WHOLE_CHARS) {
    for (const m of text.matchAll(SENTENCE))
      if (m.index + m[0].length - from >= PART_CHARS) close(m.index + m[0].length);
  }
  close(text.length);
  return parts;
}

function isSentence(part: string): boolean {
  const signs = part.match(SIGN)?.length ?? 0;
  if (signs >= LEAST_SIGNS || (part.match(LETTER)?.length ?? 0) >= LEAST_LETTERS) return true;
  return (part.match(DENSE)?.length ?? 0) >= LEAST_DENSE;
}

/** The first unit of the view that comes from this place of the original or a later one. */
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
