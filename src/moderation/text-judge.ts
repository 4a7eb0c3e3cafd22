import type { RuleAction, Surface, TextHit, TextVerdict } from '../core/verdict.js';
import type { Product } from '../config/sections/product.js';
import { Reading, runStages, type Stage, type TextContext } from './reading.js';
import { Lexicon } from './lexicon/lexicon.js';
import type { Match } from './match.js';
import { type LineFeatures, lineFeatures, LineModel } from './model/line-model.js';
import { findNames, type Findings, withSecondOpinion } from './model/weigh-lines.js';
import { saidNames, saidWords, wholeName } from './names/said-names.js';
import { type OwnWords, withoutAllowed, withoutSenseOfTerms, withoutTerms } from './own-words/own-words.js';
import { RuleActions } from './packs/rule-table.js';
import { type RulePacks, loadRulePacks } from './packs/rule-packs.js';
import { contactStage } from './stages/contact-stage.js';
import { disguiseStage } from './stages/disguise-stage.js';
import { lexiconStage } from './stages/lexicon-stage.js';
import { listingStage } from './stages/listing-stage.js';
import { nameStage } from './stages/name-stage.js';
import { numberStage } from './stages/number-stage.js';
import { senseStage } from './stages/sense-stage.js';
import { originalRange, type TextView, ViewBuilder } from './normalise/text-view.js';
import { isRowOfFigures } from './numbers/digit-runs.js';

/**
 * A text of several lines as a reader joins them: a word written in a column, one or two characters per line, and an
 * address broken at its dot.
 *
 * Whole words at the end of one line and the beginning of the next are not joined: only very short lines form a column.
 */
const LINE = /\r\n|[\n\r\u0085\u2028\u2029]/;
const MAX_COLUMN_LETTERS = 3;
/** Chinese words have two signs: a couplet of those is not a column. */
const MAX_COLUMN_SIGNS = 1;
const SIGNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;
/**
 * The name ends its line and the ending begins the next, or the dot ends the line and the ending does not begin a
 * sentence.
 */
const BROKEN_DOT = /[\p{L}\p{N}]\n\.\p{L}{2,}|[\p{L}\p{N}]\.\n[a-z]{2,6}(?![\p{L}'’ ])/gu;
/** Rules whose matches consist of parts that are harmless by themselves. */
const OF_CONTACTS = new Set(['3.1', '3.2']);

/** The text without such breaks, or undefined when it has none. */
function joinedLines(text: string): TextView | undefined {
  if (!LINE.test(text)) return undefined;
  const lines = text.split(LINE).filter((line) => line.trim() !== '');
  const isColumn = lines.length > 1 && lines.every((line) => isShort(line.trim()));
  return isColumn ? without(text, (c) => LINE.test(c)) : withoutBrokenDots(text);
}

const isShort = (line: string): boolean => {
  const length = Array.from(line).length;
  return length <= (SIGNS.test(line) ? MAX_COLUMN_SIGNS : MAX_COLUMN_LETTERS);
};

function withoutBrokenDots(text: string): TextView | undefined {
  const breaks = new Set<number>();
  for (const m of text.matchAll(BROKEN_DOT)) breaks.add(m.index + m[0].indexOf('\n'));
  return breaks.size === 0 ? undefined : without(text, (_, at) => breaks.has(at));
}

function without(text: string, leaves: (unit: string, at: number) => boolean): TextView {
  const view = new ViewBuilder();
  for (let i = 0; i < text.length; i += 1) if (!leaves(text[i]!, i)) view.push(text[i]!, i, i + 1);
  return view.build();
}

/** Contacts that only the joined lines show, in offsets of the original text. */
function acrossLines(text: string, find: (joined: string) => readonly Match[]): Match[] {
  const joined = joinedLines(text);
  if (joined === undefined) return [];
  return find(joined.text)
    .filter(({ rule, start, end }) => OF_CONTACTS.has(rule) && end > start)
    .map((f) => ({ ...f, ...originalRange(joined, f.start, f.end) }))
    .filter(({ start, end }) => LINE.test(text.slice(start, end)));
}

/** The inputs of a verdict besides the text and the rules. */
interface Context {
  readonly surface: Surface;
  readonly language: string;
  readonly entry?: readonly Product[];
  readonly viewerNames?: readonly string[];
}

/** Lines of a script with all their wordings; a show repeats them for weeks. */
const MAX_VERDICTS = 400;
/** Longer texts are rarely judged twice. */
const MAX_CHARACTERS = 600;

/**
 * Verdicts on the texts judged last. A verdict depends on the text, its context and the judge's rules, which never
 * change; listings are compared as objects, since changed ones come in a new array.
 */
export class VerdictMemory {
  private readonly byListings = new WeakMap<readonly Product[], Map<string, TextVerdict>>();
  private readonly withoutListings = new Map<string, TextVerdict>();

  /** The verdict on a text, judged only if it is not remembered. */
  of(text: string, context: Context, judge: () => TextVerdict): TextVerdict {
    const { surface, language, entry, viewerNames = [] } = context;
    if (text.length > MAX_CHARACTERS || viewerNames.length > 0) return judge();
    const known = this.verdicts(entry);
    const key = `${surface} ${language} ${text}`;
    const found = known.get(key) ?? judge();
    // Most recently used last.
    known.delete(key);
    known.set(key, found);
    if (known.size > MAX_VERDICTS) known.delete(known.keys().next().value!);
    return found;
  }

  private verdicts(entry: readonly Product[] | undefined): Map<string, TextVerdict> {
    if (entry === undefined) return this.withoutListings;
    let known = this.byListings.get(entry);
    if (known === undefined) this.byListings.set(entry, (known = new Map()));
    return known;
  }
}

/** Longer texts are judged in windows of this many UTF-16 units… */
const WINDOW_CHARS = 2000;
/** …that overlap by this many, so that nothing is lost at a seam. */
const OVERLAP_CHARS = 200;

/**
 * Applies `find` to each window of a text, with offsets of the whole. More than `maxMatches` matches end the search as a
 * flood; the remainder is not read.
 */
function findInWindows(text: string, maxMatches: number, find: (part: string) => readonly Match[]): Match[] {
  if (text.length <= WINDOW_CHARS) return [...find(text)];
  const found: Match[] = [];
  for (let from = 0; from < text.length; from += WINDOW_CHARS - OVERLAP_CHARS) {
    for (const f of find(text.slice(from, from + WINDOW_CHARS))) {
      found.push({ ...f, start: f.start + from, end: f.end + from });
    }
    if (from + WINDOW_CHARS >= text.length) break;
    if (found.length > maxMatches) {
      // The flood of matches covers the remainder.
      found.push({ rule: '2.3', kind: 'flood', start: from, end: text.length });
      break;
    }
  }
  return found;
}

/** All detectors of the text judge, in their order. A new one is added to the stage whose clues it needs. */
export const judgeStages = (packs: RulePacks, lexicon: Lexicon): readonly Stage[] => [
  lexiconStage(lexicon),
  disguiseStage(packs, lexicon),
  nameStage(packs),
  contactStage(),
  numberStage,
  senseStage(packs),
  listingStage,
];

/** The parts of a text judge that depend on the rule packs alone. */
interface JudgeParts {
  readonly lexicon: Lexicon;
  readonly stages: readonly Stage[];
}

function partsOf(packs: RulePacks): JudgeParts {
  const lexicon = new Lexicon(packs);
  return { lexicon, stages: judgeStages(packs, lexicon) };
}

let parts: JudgeParts | undefined;
let model: LineModel | undefined;

/** Of the project's packs, read once: the judges of a process (its room, a check, a preview) share them. */
const projectParts = (): JudgeParts => (parts ??= partsOf(loadRulePacks()));

/** The project's line model, read once. */
const projectModel = (): LineModel => (model ??= LineModel.open());

/** Maximum gap between merged hits of one rule, so that "add me on" is not muted with an audible "on". */
const JOIN_CHARS = 6;

/** Sorts matches by position; matches of one rule that overlap or nearly touch are merged. */
function mergeMatches(found: readonly Match[]): Match[] {
  const sorted = [...found].sort((a, b) => a.rule.localeCompare(b.rule) || a.start - b.start || b.end - a.end);
  const out: Match[] = [];
  for (const f of sorted) {
    const last = out[out.length - 1];
    if (last !== undefined && last.rule === f.rule && f.start <= last.end + JOIN_CHARS) {
      out[out.length - 1] = { ...last, end: Math.max(last.end, f.end) };
    } else out.push(f);
  }
  return out.sort((a, b) => a.start - b.start || a.end - b.end);
}

export type { TextContext } from './reading.js';

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

/** Maximum characters of the earlier text. */
const REACH = 80;
/** The contact rule: only its matches consist of parts that are harmless by themselves. */
const CONTACT_RULE = '3.2';
/** Maximum distance of a match's beginning from the seam. */
const MAX_SEAM_CHARS = 24;
/** Maximum letters of a split app name. */
const MAX_CUT_LETTERS = 10;
const STOP = /[.!?…。！？।؟][\s"'”’)\]]*$/u;
const END_SIGNS = /[\s.,;:!?…。，、；：！？।؟-]+$/u;
/** Scripts without blanks between words. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Features of account names that usual words lack. */
const NAME_LIKE = /[\d_@]|[零〇一二三四五六七八九幺]{4,}/u;

/** The last words that a viewer has seen or heard, as context for the next text. */
export const recentText = (before: string, text: string): string => `${before} ${text}`.slice(-REACH * 2).trim();

/**
 * Matches that only the end of one text and the beginning of the next show together: half a number in each, 微 and 信.
 * Offsets are those of `text`; the action is that of a frame. Empty where one of the texts matches by itself.
 *
 * Only contacts: two harmless lines too often form an absolute claim or an insult by chance.
 */
export function judgeAcross(
  judge: Pick<TextJudge, 'judge'>,
  before: string,
  text: string,
  language: string,
): TextHit[] {
  const head = before.slice(-REACH).replace(END_SIGNS, '').trimStart();
  // Nothing that begins before the seam reaches further.
  const tail = text.trimStart().slice(0, REACH * 2);
  if (head === '' || tail === '') return [];
  // On the picture surface lines are fragments of sentences: neither language nor overall sense is judged.
  const context: TextContext = { surface: 'frame', language };
  const contacts = (of: string): readonly TextHit[] =>
    judge.judge(of, context).hits.filter((h) => h.rule === CONTACT_RULE);
  const dense = DENSE.test(head.at(-1)!) && DENSE.test(tail[0]!);
  const joint = dense ? '' : ' ';
  const seam = head.length + joint.length;
  const skipped = text.length - text.trimStart().length;
  const across = contacts(head + joint + tail).filter(
    (h) =>
      h.start < head.length &&
      h.start >= head.length - MAX_SEAM_CHARS &&
      h.end > seam &&
      !(h.kind === 'phone' && isRowOfFigures(h.match)),
  );
  if (across.length === 0) return [];
  // After a stop or a match, only a name or a number may continue; otherwise a split name may as well.
  const ends = STOP.test(before) || contacts(head).some((h) => h.end === head.length);
  const isCut = (h: TextHit): boolean => !ends && h.kind === 'platform' && h.match.length <= MAX_CUT_LETTERS;
  const alone = contacts(tail);
  return across
    .filter((h) => h.kind === 'phone' || NAME_LIKE.test(tail.slice(0, h.end - seam)) || isCut(h))
    .map((h) => ({ ...h, start: 0, end: h.end - seam }))
    .filter(({ end }) => !alone.some((a) => a.start === 0 && a.end >= end))
    .map((h) => ({ ...h, start: skipped, end: h.end + skipped, match: tail.slice(0, h.end) }));
}
