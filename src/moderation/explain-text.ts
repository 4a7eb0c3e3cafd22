import type { OwnWords } from './own-words/own-words.js';
import type { RuleActions } from './packs/rule-table.js';
import { loadRulePacks } from './packs/rule-packs.js';
import { baseLanguage, readLanguages } from './language/detect-language.js';
import { TextJudge } from './text-judge.js';
import { FORGIVEN, Lexicon, type LexiconHit } from './lexicon/lexicon.js';
import { LineModel } from './model/line-model.js';
import { cyrillicWords, doubledWords, leetWords, partedSingles, tightWords } from './normalise/normalise.js';
import { ADD_AT, ADD_WHOLE, DROP_AT } from './model/weigh-lines.js';
import { originalRange, type TextView } from './normalise/text-view.js';
import type { Product } from '../config/sections/product.js';
import type { TextVerdict } from '../core/verdict.js';

/** A word or a combination of words of the rule packs that matches in a text. */
interface WordReason {
  readonly rule: string;
  readonly kind: string;
  readonly match: string;
  /** `3.2/en.json` below templates/rules. */
  readonly pack: string;
  /** `say.contact`, or the sets of a combination. */
  readonly where: string;
  /** Dropped: the line model rejected it, or it is allowed. */
  readonly dropped: boolean;
}

export interface Explanation {
  readonly verdict: TextVerdict;
  readonly words: readonly WordReason[];
  /** Matches that a denial or an excuse forgave. */
  readonly forgiven: readonly string[];
  /** Words in sets that count only in combination: the set and the match. */
  readonly sets: readonly { readonly set: string; readonly match: string }[];
  readonly allowed: readonly string[];
  /** Log odds of the whole text, likeliest rules first. */
  readonly model: {
    readonly line: number;
    readonly rules: readonly { readonly rule: string; readonly odds: number }[];
    /** A line without matches is a hit above this combined score. */
    readonly together: number;
    readonly addAt: number;
    /** Matches of the lexicon are dropped below this score of the line alone. */
    readonly dropAt: number;
  };
}

export interface ExplainOptions {
  readonly surface: 'speech' | 'caption' | 'reply';
  readonly language: string;
  readonly entry?: readonly Product[];
  readonly actions?: RuleActions;
  readonly own?: OwnWords;
}

const MAX_RULES = 3;
const MAX_SETS = 40;

/** Explains the verdict on a text by asking each stage separately. */
export function explainText(text: string, { surface, language, entry, actions, own }: ExplainOptions): Explanation {
  const judge = new TextJudge({ ...(actions && { actions }), ...(own && { own }) });
  const verdict = judge.judge(text, { surface, language, ...(entry && { entry }) });
  const findings = judge.analyse(text, language);
  const packs = loadRulePacks();
  const lexicon = new Lexicon(packs);
  const { languages, japanese } = readLanguages(text, baseLanguage(language));
  const slice = (view: TextView, start: number, end: number): string => {
    const range = originalRange(view, start, end);
    return text.slice(range.start, range.end);
  };
  const words = new Map<string, WordReason>();
  const forgiven = new Set<string>();
  const { folded } = findings;
  for (const view of [
    findings.words,
    leetWords(folded),
    tightWords(folded),
    partedSingles(folded),
    cyrillicWords(text),
    doubledWords(folded),
  ]) {
    if (view === undefined) continue;
    const { hits, sets } = lexicon.search(view, { languages, japanese }, text);
    for (const m of sets.get(FORGIVEN) ?? []) forgiven.add(slice(view, m.start, m.end));
    for (const hit of hits) {
      const { rule, kind, pack } = hit;
      const { start, end } = originalRange(view, hit.start, hit.end);
      const dropped = !verdict.hits.some((h) => h.rule === rule && h.start < end && h.end > start);
      const from = packs[pack]!;
      const reason = {
        rule,
        kind,
        match: text.slice(start, end),
        dropped,
        pack: `${from.rule}/${from.language}.json`,
        where: whereIn(hit),
      };
      words.set(JSON.stringify(reason), reason);
    }
  }
  const model = LineModel.open();
  const line = model.score(findings.features);
  const odds = model.odds(findings.features);
  const rules = model.rules
    .map((rule, at) => ({ rule, odds: round(odds[at]!) }))
    .sort((a, b) => b.odds - a.odds)
    .slice(0, MAX_RULES);
  return {
    verdict,
    words: [...words.values()],
    forgiven: [...forgiven],
    sets: [...findings.sets]
      .filter(([set]) => set !== FORGIVEN)
      .flatMap(([set, all]) => all.map((m) => ({ set, match: slice(findings.words, m.start, m.end) })))
      .slice(0, MAX_SETS),
    allowed: (own?.allowed(text, findings) ?? []).map(({ start, end }) => text.slice(start, end)),
    model: {
      line: round(line),
      rules,
      addAt: ADD_AT,
      dropAt: DROP_AT,
      together: round(ADD_WHOLE * line + (1 - ADD_WHOLE) * (rules[0]?.odds ?? 0)),
    },
  };
}

const whereIn = ({ kind, near }: LexiconHit): string =>
  near === undefined
    ? `say.${kind}`
    : `near: ${near.all.join(near.ordered ? ' then ' : ' + ')} within ${near.within} characters`;

const round = (value: number): number => Math.round(value * 100) / 100;
