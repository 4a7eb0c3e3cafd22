import type { Product } from '../config/sections/product.js';
import type { RuleAction, Surface, TextHit, TextVerdict } from '../core/verdict.js';
import { loadRulePacks, type RulePacks } from './packs/rule-packs.js';
import { RuleActions } from './packs/rule-actions.js';
import { type OwnWords, withoutAllowed, withoutSenseOfTerms, withoutTerms } from './own-words/own-words.js';
import { detectAccounts } from './contacts/detect-accounts.js';
import { detectBrokenNames } from './names/broken-names.js';
import { detectBrands } from './names/detect-brands.js';
import { detectChatIds } from './contacts/detect-chat-ids.js';
import { detectListingConflicts } from './listing/detect-listing.js';
import { detectHandles, handleAlone } from './contacts/detect-handles.js';
import { detectLabelledNames } from './contacts/detect-labelled-names.js';
import { LinkDetector } from './contacts/detect-links.js';
import { detectMail } from './contacts/detect-mail.js';
import { detectNamedAccounts } from './contacts/detect-named-accounts.js';
import { detectNumberParts } from './contacts/detect-number-parts.js';
import { detectPersonal } from './contacts/detect-personal.js';
import { isPhone } from './contacts/detect-phones.js';
import { detectSpam } from './rules/detect-spam.js';
import { detectSpelledNames } from './contacts/detect-spelled-names.js';
import { withLookalikes } from './normalise/digit-lookalikes.js';
import { type DigitRun, digitRuns, runsBetweenCommas } from './numbers/digit-runs.js';
import { isDisguised } from './normalise/disguised-figures.js';
import { isRowOfFigures } from './numbers/figure-rows.js';
import { findInWindows } from './lexicon/find-in-windows.js';
import type { Match } from './match.js';
import { insultsAlone } from './rules/insults-alone.js';
import { acrossLines } from './normalise/joined-lines.js';
import { baseLanguage, detectWrongLanguage, readLanguages } from './language/detect-language.js';
import { type LanguageGate, Lexicon, type LexiconMatch } from './lexicon/lexicon.js';
import { type LineFeatures, lineFeatures } from './model/line-features.js';
import { LineModel } from './model/line-model.js';
import { linkView } from './normalise/link-view.js';
import { mergeMatches } from './merge-matches.js';
import { detectMisspelledNames } from './names/misspelled-names.js';
import { MixedPinyinDetector } from './normalise/mixed-pinyin.js';
import { isModelName } from './numbers/model-names.js';
import { doubledWords, leetWords, normalise, partedSingles, tightWords } from './normalise/normalise.js';
import { insideLabels, isDialled, isLabelled, isPartNumber, labelsOutside } from './numbers/number-labels.js';
import { mayBePaused, withoutPauses } from './numbers/paused-digits.js';
import { PhoneticDetector } from './normalise/phonetic.js';
import { PinyinDetector } from './normalise/pinyin-terms.js';
import { rankAlone } from './rules/rank-alone.js';
import { saidNames } from './names/said-names.js';
import { saidWords } from './names/said-words.js';
import { findNames, type Findings, withSecondOpinion } from './model/weigh-lines.js';
import { isSelfMockery } from './rules/self-mockery.js';
import { SkeletonDetector } from './normalise/skeleton.js';
import { withSpreadDigits } from './normalise/spread-digits.js';
import { StarredWords } from './names/starred-words.js';
import { originalRange, type TextView } from './normalise/text-view.js';
import { detectTimedResults } from './rules/timed-results.js';
import { wholeName } from './names/whole-name.js';
import { VerdictMemory } from './verdict-memory.js';
import { withTwoFigures } from './numbers/two-figures.js';

/** The context of a text to be judged. */
export interface TextContext {
  readonly surface: Surface;
  /** BCP-47 language that the text should be in. */
  readonly language: string;
  /** The listing or listings that the text is about. */
  readonly entry?: readonly Product[];
  /** Names of viewers in the room: they may be greeted, not exposed. */
  readonly viewerNames?: readonly string[];
}

/** Actions that let a text through, with a note. */
const MILD: ReadonlySet<RuleAction> = new Set<RuleAction>(['warn', 'review']);
/** Maximum distance of a word such as "call" before a number, in characters. */
const CUE_CHARS = 28;
const MAX_HITS = 200;
/** Surfaces on which a line is a sentence; text read from a picture is fragments. */
const SPOKEN_OR_WRITTEN: ReadonlySet<Surface> = new Set<Surface>(['speech', 'caption', 'reply']);

/** Judges texts against all text rules. Built once; judging is synchronous, bounded and without side effects. */
export class TextJudge {
  readonly #lexicon: Lexicon;
  readonly #actions: RuleActions;
  readonly #links = new LinkDetector();
  readonly #skeletons: readonly SkeletonDetector[];
  readonly #phonetic: PhoneticDetector;
  readonly #mixed: MixedPinyinDetector;
  readonly #pinyin: PinyinDetector;
  readonly #spelled: readonly string[];
  readonly #starred: StarredWords;
  readonly #model: LineModel | undefined;
  readonly #own: OwnWords | undefined;
  readonly #remembered = new VerdictMemory();

  /**
   * `actions`: the action for each rule; default: the rule table's. `model`: the line model, null for none; custom
   * packs have none. `own`: the room's words in addition to the packs.
   */
  constructor(opts: { packs?: RulePacks; actions?: RuleActions; model?: LineModel | null; own?: OwnWords } = {}) {
    this.#own = opts.own;
    this.#model = opts.model === null || opts.packs !== undefined ? undefined : (opts.model ?? LineModel.open());
    this.#actions = opts.actions ?? new RuleActions({});
    const packs = opts.packs ?? loadRulePacks();
    this.#lexicon = new Lexicon(packs);
    this.#starred = new StarredWords(packs);
    const disguised = (rule: string, kind: string): SkeletonDetector => {
      const names = packs.flatMap((p) => (p.rule === rule ? (p.say[kind] ?? []) : []));
      return new SkeletonDetector(
        names.map((n) => n.replace('*', '')).filter((n) => /^[a-z]{6,}$/.test(n)),
        rule,
        kind,
      );
    };
    this.#skeletons = [disguised('3.2', 'platform'), disguised('3.1', 'payment')];
    const phonetic = packs.flatMap((p) =>
      (p.sets['phonetic'] ?? []).map((word) => ({ word, rule: p.rule, kind: 'homophone' })),
    );
    this.#phonetic = new PhoneticDetector(
      phonetic,
      packs.flatMap((p) => p.sets['phonetic-except'] ?? []),
    );
    this.#mixed = new MixedPinyinDetector(
      packs.flatMap((p) => (p.sets['mixed-pinyin'] ?? []).map((word) => ({ word, rule: p.rule, kind: 'homophone' }))),
    );
    this.#pinyin = new PinyinDetector(
      packs.flatMap((p) => (p.sets['in-pinyin'] ?? []).map((word) => ({ word, rule: p.rule, kind: 'pinyin' }))),
    );
    this.#spelled = packs
      .flatMap((p) => p.sets['spelled-app'] ?? [])
      .map((name) => normalise(name).words.text.replaceAll(' ', ''));
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

  /** Matches that need repeated letters reduced to two. */
  #doubled(view: TextView, gate: LanguageGate, text: string, found: readonly Match[]): Match[] {
    return this.#lexicon
      .search(view, gate, text)
      .hits.map((h) => ({ rule: h.rule, kind: h.kind, ...originalRange(view, h.start, h.end) }))
      .filter((h) => !found.some((f) => f.rule === h.rule && f.start < h.end && f.end > h.start));
  }

  #analyse(text: string, context: TextContext): Findings {
    const { folded, words } = normalise(text);
    const room = baseLanguage(context.language);
    const { counts, guess, languages, dialled: countries, japanese } = readLanguages(text, room);
    const { hits, sets: named } = this.#lexicon.search(words, { languages, japanese }, text);
    const sets = withTwoFigures(named, folded, languages);
    let found: Match[] = hits.map((h) => ({ rule: h.rule, kind: h.kind, ...originalRange(words, h.start, h.end) }));
    const withinLabel = insideLabels(named, words);
    found = found.filter((f) => f.rule !== '3.2' || !withinLabel(f));
    found = found.filter((f) => f.kind !== 'insult' || !isSelfMockery(text, f.start, f.end));
    // "Lamp dot com" is an address, not an ambiguous word.
    const dots = (sets.get('dot-tld') ?? []).map((m) => originalRange(words, m.start, m.end));
    const isAddress = (f: Match): boolean => f.rule === '3.2' && dots.some((d) => d.start < f.end && d.end > f.start);
    const doubled = doubledWords(folded);
    if (doubled !== undefined) found.push(...this.#doubled(doubled, { languages, japanese }, text, found));
    const ofLexicon = new Set(found.filter((f) => !isAddress(f)));
    for (const view of [leetWords(folded), tightWords(folded), partedSingles(folded)]) {
      if (view === undefined) continue;
      for (const h of this.#lexicon.search(view, { languages, japanese }, text).hits) {
        found.push({ rule: h.rule, kind: h.kind, ...originalRange(view, h.start, h.end) });
      }
    }
    for (const skeleton of this.#skeletons) found.push(...skeleton.detect(folded));
    if (counts.byScript['han'] !== undefined && !japanese) {
      for (const h of [...this.#phonetic.detect(words), ...this.#mixed.detect(words)])
        found.push({ rule: h.rule, kind: h.kind, ...originalRange(words, h.start, h.end) });
    }
    if (counts.byScript['latin'] === counts.letters) found.push(...this.#pinyin.detect(words, text));
    found.push(
      ...detectChatIds(folded),
      ...detectLabelledNames(folded),
      ...detectMisspelledNames(folded),
      ...detectBrokenNames(folded),
      ...detectSpelledNames(folded, this.#spelled),
    );
    found = found.filter((f) => f.rule !== '3.2' || !isModelName(f, text));
    const links = linkView(folded);
    found.push(...this.#links.detect(text, links), ...detectMail(links));
    const viewers = new Set((context.viewerNames ?? []).map((n) => n.toLowerCase()));
    found.push(...detectHandles(folded, viewers, sets.has('contact-verb')));
    if (context.surface !== 'speech' && context.surface !== 'reply') {
      found.push(...handleAlone(folded, viewers), ...rankAlone(text));
    }

    const runs = digitRuns(folded, 2);
    const ranges = (name: string): { start: number; end: number }[] =>
      (sets.get(name) ?? []).map((m: LexiconMatch) => originalRange(words, m.start, m.end));
    const phoneCues = ranges('phone-cue').concat(
      found.filter((f) => f.rule === '3.2' && f.kind === 'platform'),
      phoneSigns(text),
    );
    const accountCues = ranges('offline').concat(ranges('account-cue'));
    const near = (cues: readonly { start: number; end: number }[], start: number): boolean => {
      return cues.some((c) => c.end <= start + 1 && start - c.end <= CUE_CHARS);
    };
    const orderCues = ranges('order-cue');
    const labels = labelsOutside(ranges('number-label'), phoneCues);
    const partLabels = labelsOutside(ranges('part-label'), phoneCues);
    const dialled = ranges('dial-verb').concat(found.filter((f) => f.rule === '3.2' && f.kind === 'platform'));
    found.push(
      ...detectNamedAccounts(text, folded, {
        reach: ranges('find-us')
          .concat(ranges('app-icon'))
          .concat(ranges('contact-verb'), ranges('soft-name'))
          .filter((c) => c.end - c.start > 1),
        name: ranges('handle-word').concat(ranges('short-name')),
        label: labels.concat(orderCues),
      }),
    );
    const telephones = (view: TextView, of: readonly DigitRun[], spread = false): void => {
      for (const run of of) {
        if (telephone(view, run, spread)) continue;
        for (const part of runsBetweenCommas(view.text, run, 9)) telephone(view, part, spread);
      }
    };
    const telephone = (view: TextView, run: DigitRun, spread: boolean): boolean => {
      const at = view.start[run.start];
      const cue = near(phoneCues, at);
      const asked = isDialled(text, at, labels.concat(orderCues), dialled);
      if (!cue && !asked && near(orderCues, at)) return false;
      // A number with a country code has no label.
      if (!run.plus && !asked && isLabelled(text, at, labels, phoneCues)) return false;
      if (!run.plus && !asked && !cue && isPartNumber(text, at, partLabels)) return false;
      if (!asked && !cue && run.spelled === 0 && isRowOfFigures(view.text.slice(run.start, run.end))) return false;
      const range = originalRange(view, run.start, run.end);
      const keycaps = isDisguised(run.digits, text.slice(range.start, range.end), counts);
      const after = view.end[run.end - 1];
      const cueAfter = phoneCues.some((c) => c.start >= after && c.start - after <= CUE_CHARS);
      if (!keycaps && !isPhone(run, { text: view.text, languages: countries, cue, cueAfter, spread, asked }))
        return false;
      const from = run.plus ? plusAt(view.text, run.start) : run.start;
      found.push({ rule: '3.2', kind: 'phone', ...originalRange(view, from, run.end) });
      return true;
    };
    telephones(folded, runs);
    const alike = withLookalikes(folded);
    if (alike.text !== folded.text) telephones(alike, digitRuns(alike, 7));
    const single = digitRuns(folded, 1);
    if (single.length >= 2) {
      const spread = withSpreadDigits(folded);
      if (spread !== folded) telephones(spread, digitRuns(spread, 7), true);
      const paused = withoutPauses(folded);
      if (paused !== folded) telephones(paused, digitRuns(paused, 7).filter(mayBePaused));
    }
    const denied = ['claim-negation', 'unsaid', 'not-said-after'].flatMap(ranges);
    found.push(...detectTimedResults(text, folded, ranges('body-result'), denied));
    found.push(...insultsAlone(text, ranges('insult-alone')), ...this.#starred.detect(folded));
    found.push(...detectNumberParts(folded, single, ranges('number-part'), labels.concat(orderCues)));
    found.push(...detectAccounts(text, folded, runs, (at) => near(accountCues, folded.start[at])));
    found.push(
      ...detectPersonal({
        original: text,
        folded,
        words,
        runs,
        sets,
        viewerNames: context.viewerNames ?? [],
        contacts: found.filter((f) => f.kind === 'phone' || f.kind === 'mail'),
      }),
    );
    found.push(...detectSpam(text, words, sets.has('sense-robot-sent')));
    if (context.entry !== undefined && context.entry.length > 0) {
      found.push(...detectListingConflicts(folded, context.entry, ranges('gift'), ranges('scarcity'), languages));
      if (context.surface !== 'speech' && context.surface !== 'reply')
        found.push(...detectBrands(words, sets, context.entry));
    }
    if (context.surface !== 'frame') found.push(...detectWrongLanguage(text, room, counts, guess));
    return { found, ofLexicon, folded, words, sets, languages };
  }
}

/** A drawn receiver means "call". */
function phoneSigns(text: string): { start: number; end: number }[] {
  return Array.from(text.matchAll(/[\u{1F4DE}\u{1F4F2}\u260E]\uFE0F?/gu), (m) => ({
    start: m.index,
    end: m.index + m[0].length,
  }));
}

function plusAt(text: string, start: number): number {
  const at = text.lastIndexOf('+', start);
  return at >= 0 && start - at <= 3 ? at : start;
}
