import type { RuleWords } from '../../config/room.js';
import { rulePack } from '../packs/rule-table.js';
import { baseLanguage } from '../language/detect-language.js';
import type { Place } from '../language/sentences.js';
import type { Match } from '../match.js';
import { type LanguageGate, Lexicon } from '../lexicon/lexicon.js';
import { cyrillicWords, doubledWords, leetWords, partedSingles, tightWords } from '../normalise/normalise.js';
import type { Findings } from '../model/weigh-lines.js';
import { originalRange } from '../normalise/text-view.js';

/**
 * The room's own words: forbidden terms, and terms that the rule packs must not match.
 *
 * Rule: a match that touches an allowed term is dropped when its rule has no match without that term; the same applies
 * to the line model. For contacts, payments, codes and personal data only lexicon matches inside the term are dropped:
 * a telephone number, an address or an account remains a hit.
 */

/** The kind of a hit on a forbidden term. */
const OWN_KIND = 'own';
const ALLOWED = 'allowed';
/** Rules with matches by form as well as by lexicon words. */
const BY_FORM: ReadonlySet<string> = new Set(['3.1', '3.2', '3.3', '5.3']);
const SENSE = 'sense';

export class OwnWords {
  readonly #forbidden: Lexicon | undefined;
  readonly #allowed: Lexicon | undefined;

  /** The rules must be in the rule table. */
  constructor({ forbid, allow }: RuleWords) {
    const language = (tag: string): string => (tag === 'any' ? tag : baseLanguage(tag));
    if (forbid.length > 0) {
      this.#forbidden = new Lexicon(
        forbid.map((f) =>
          rulePack.parse({ rule: f.rule, language: language(f.language), say: { [OWN_KIND]: f.terms } }),
        ),
      );
    }
    if (allow.length > 0) {
      // The rule of an allowed set has no meaning.
      this.#allowed = new Lexicon(
        allow.map((a) => rulePack.parse({ rule: '2.1', language: language(a.language), sets: { [ALLOWED]: a.terms } })),
      );
    }
  }

  /** Ranges of allowed terms in a text. */
  allowed(text: string, { words, languages }: Pick<Findings, 'words' | 'languages'>): Place[] {
    if (this.#allowed === undefined) return [];
    const { sets } = this.#allowed.search(words, { languages, japanese: false }, text);
    return (sets.get(ALLOWED) ?? []).map((m) => originalRange(words, m.start, m.end));
  }

  /** Matches of forbidden terms, with the same disguises as for the packs' words. */
  forbidden(text: string, { folded, words, languages }: Pick<Findings, 'folded' | 'words' | 'languages'>): Match[] {
    if (this.#forbidden === undefined) return [];
    const gate: LanguageGate = { languages, japanese: false };
    const found: Match[] = [];
    for (const view of [
      words,
      leetWords(folded),
      tightWords(folded),
      partedSingles(folded),
      doubledWords(folded),
      cyrillicWords(text),
    ]) {
      if (view === undefined) continue;
      for (const { rule, kind, start, end } of this.#forbidden.search(view, gate, text).hits)
        found.push({ rule, kind, ...originalRange(view, start, end) });
    }
    return found;
  }
}

/** The text with allowed terms replaced by blanks; offsets are kept. */
export function withoutTerms(text: string, allowed: readonly Place[]): string {
  let rest = text;
  for (const { start, end } of allowed) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
  return rest;
}

const overlap = (a: Place, b: Place): boolean => a.start < b.end && a.end > b.start;

/** The packs' matches in a text with allowed terms. `rest`: the matches in the text without them. */
export function withoutAllowed(findings: Findings, allowed: readonly Place[], rest: readonly Match[]): Findings {
  const isAllowed = (f: Match): boolean => {
    if (BY_FORM.has(f.rule))
      return findings.ofLexicon.has(f) && allowed.some((a) => a.start <= f.start && f.end <= a.end);
    return allowed.some((a) => overlap(a, f)) && !rest.some((r) => r.rule === f.rule && overlap(r, f));
  };
  return { ...findings, found: findings.found.filter((f) => !isAllowed(f)) };
}

/** The matches without those of the line model that depend on an allowed term. */
export const withoutSenseOfTerms = (found: readonly Match[], rest: readonly Match[]): Match[] =>
  found.filter((f) => f.kind !== SENSE || rest.some((r) => r.rule === f.rule && r.kind === SENSE && overlap(r, f)));
