import type { RuleAction, Surface, TextHit, TextVerdict } from '../core/verdict.js';
import { runStages, type Stage } from './detector.js';
import { findInWindows } from './lexicon/find-in-windows.js';
import { partsOf, projectModel, projectParts } from './judge-parts.js';
import type { Lexicon } from './lexicon/lexicon.js';
import type { Match } from './match.js';
import { mergeMatches } from './merge-matches.js';
import { type LineFeatures, lineFeatures } from './model/line-features.js';
import type { LineModel } from './model/line-model.js';
import { findNames, type Findings, withSecondOpinion } from './model/weigh-lines.js';
import { saidNames } from './names/said-names.js';
import { saidWords } from './names/said-words.js';
import { wholeName } from './names/whole-name.js';
import { acrossLines } from './normalise/joined-lines.js';
import { type OwnWords, withoutAllowed, withoutSenseOfTerms, withoutTerms } from './own-words/own-words.js';
import { RuleActions } from './packs/rule-actions.js';
import type { RulePacks } from './packs/rule-packs.js';
import { Reading } from './reading.js';
import type { TextContext } from './text-context.js';
import { VerdictMemory } from './verdict-memory.js';

export type { TextContext } from './text-context.js';

/** Actions that let a text through, with a note. */
const MILD: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review']);
const MAX_HITS = 200;
/** Surfaces on which a line is a sentence; text read from a picture is fragments. */
const SPOKEN_OR_WRITTEN: ReadonlySet<Surface> = new Set<Surface>(['speech', 'caption', 'reply']);

/**
 * Judges texts against all text rules. Built once; judging is synchronous, bounded and without side effects.
 *
 * The detectors run in stages; then the line model adds and removes matches, the room's own words are applied, and
 * account names are extended to their ends.
 */
export class TextJudge {
  readonly #lexicon: Lexicon;
  readonly #stages: readonly Stage[];
  readonly #actions: RuleActions;
  readonly #model: LineModel | undefined;
  readonly #own: OwnWords | undefined;
  readonly #remembered = new VerdictMemory();

  /**
   * `actions`: the action for each rule; default: the rule table's. `model`: the line model, null for none; custom
   * packs have none. `own`: the room's words in addition to the packs.
   */
  constructor(opts: { packs?: RulePacks; actions?: RuleActions; model?: LineModel | null; own?: OwnWords } = {}) {
    this.#own = opts.own;
    this.#model = opts.model === null || opts.packs !== undefined ? undefined : (opts.model ?? projectModel());
    this.#actions = opts.actions ?? new RuleActions({});
    const { lexicon, stages } = opts.packs === undefined ? projectParts() : partsOf(opts.packs);
    this.#lexicon = lexicon;
    this.#stages = stages;
    // Telephone tables and patterns are compiled at first use: this moves it before going on air.
    this.judge('call +1 415 555 2671 or www.example.com', { surface: 'speech', language: 'en' });
  }

  /** Hits have UTF-16 offsets of `text`, sorted; the action is the rule table's for the surface. */
  judge(text: string, context: TextContext): TextVerdict {
    return this.#remembered.of(text, context, () => this.#judge(text, context));
  }

  #judge(text: string, context: TextContext): TextVerdict {
    const find = (part: string): Match[] => this.#find(part, context);
    const found = [...findInWindows(text, MAX_HITS, find), ...acrossLines(text, find)];
    const hits: TextHit[] = [];
    for (const f of mergeMatches(found)) {
      const action = this.#actions.action(f.rule, context.surface);
      if (action === undefined || hits.length >= MAX_HITS) continue;
      hits.push({ ...f, match: text.slice(f.start, f.end), action });
    }
    if (hits.length === 0) return { verdict: 'clean', hits };
    return { verdict: hits.every((h) => MILD.has(h.action)) ? 'review' : 'violation', hits };
  }

  /** The line model's input and the matches without the model; used to train it. */
  analyse(text: string, language: string): Findings & { readonly features: LineFeatures } {
    const findings = this.#analyse(text, { surface: 'speech', language });
    const { words, sets, found } = findings;
    return { ...findings, features: lineFeatures(words.text, 0, words.text.length, sets, findNames(found)) };
  }

  #find(text: string, context: TextContext): Match[] {
    let findings = this.#analyse(text, context);
    const { folded } = findings;
    const allowed = this.#own?.allowed(text, findings) ?? [];
    let found: readonly Match[];
    if (allowed.length === 0) found = this.#opinionOn(text, findings, context);
    else {
      const rest = withoutTerms(text, allowed);
      const ofRest = this.#analyse(rest, context);
      findings = withoutAllowed(findings, allowed, ofRest.found);
      found = withoutSenseOfTerms(this.#opinionOn(text, findings, context), this.#opinionOn(rest, ofRest, context));
    }
    if (this.#own !== undefined) found = [...found, ...this.#own.forbidden(text, findings)];
    if (!found.some((f) => f.rule === '3.2')) return [...found];
    const words = saidWords(text, findings.languages);
    return found
      .map((f) => (f.rule === '3.2' ? wholeName(f, text, folded, words, found) : f))
      .concat(saidNames(text, words, found));
  }

  /** The matches after the line model's additions and removals, where it applies. */
  #opinionOn(text: string, findings: Findings, { surface }: TextContext): readonly Match[] {
    if (this.#model === undefined || !SPOKEN_OR_WRITTEN.has(surface)) return findings.found;
    return withSecondOpinion(this.#model, text, findings);
  }

  #analyse(text: string, context: TextContext): Findings {
    const reading = new Reading(text, context, this.#lexicon);
    runStages(this.#stages, reading);
    return reading.findings;
  }
}
