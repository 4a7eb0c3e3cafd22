import type { Product } from '../config/sections/product.js';
import type { Surface } from '../core/verdict.js';
import { baseLanguage, readLanguages, type ReadLanguages } from './language/detect-language.js';
import type { LanguageGate, Lexicon, LexiconHit, LexiconMatch } from './lexicon/lexicon.js';
import type { Match } from './match.js';
import type { Findings } from './model/weigh-lines.js';
import { normalise } from './normalise/normalise.js';
import { originalRange, type TextView } from './normalise/text-view.js';
import { type DigitRun, digitRuns, type NumberCues, numberCues } from './numbers/digit-runs.js';
import { withFigures } from './numbers/number-words.js';

/**
 * Lines that contradict the listing use the same words as lines that agree with it: "two litres on the page, one and a
 * half in the jug", "two litres on the page, two in the jug". So the line model gets an additional set that states
 * whether the two figures of a line differ.
 */
const LISTING = 'sense-listing-says';
const DIFFER = 'figures-differ';
const AGREE = 'figures-agree';
const FIGURE = /\d{1,9}(?:[.,]\d{1,3})?/g;

/** The sets, with one more where a line about a listing contains two figures. */
function withTwoFigures(
  sets: ReadonlyMap<string, LexiconMatch[]>,
  folded: TextView,
  languages: ReadonlySet<string>,
): ReadonlyMap<string, LexiconMatch[]> {
  const listing = sets.get(LISTING);
  if (listing === undefined) return sets;
  const figures = withFigures(folded, languages).text.match(FIGURE);
  if (figures?.length !== 2) return sets;
  const value = (figure: string): number => Number(figure.replace(',', '.'));
  return new Map(sets).set(value(figures[0]) === value(figures[1]!) ? AGREE : DIFFER, [listing[0]!]);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

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

/** Whether the text is printed on the picture. A short text there stands by itself: a sticker, a label. */
export const isShown = ({ surface }: TextContext): boolean => surface !== 'speech' && surface !== 'reply';

/** One text under judgement: its views, its languages, the lexicon's findings, and the matches so far. */
export class Reading {
  readonly folded: TextView;
  readonly words: TextView;
  /** Base language of the room. */
  readonly room: string;
  readonly languages: ReadonlySet<string>;
  /** Languages whose countries' telephone numbers count. */
  readonly dialled: ReadonlySet<string>;
  readonly counts: ReadLanguages['counts'];
  readonly guess: ReadLanguages['guess'];
  readonly gate: LanguageGate;
  /** Words and combinations of the packs in `words`. */
  readonly hits: readonly LexiconHit[];
  /** Matches of the packs' sets in `words`, before figures were read. */
  readonly named: ReadonlyMap<string, readonly LexiconMatch[]>;
  readonly sets: ReadonlyMap<string, readonly LexiconMatch[]>;
  /** Viewers' names in lower case. */
  readonly viewers: ReadonlySet<string>;
  /** Matches that consist of lexicon words only. */
  ofLexicon: ReadonlySet<Match> = new Set();
  #found: Match[] = [];
  #runs: readonly DigitRun[] | undefined;
  #singles: readonly DigitRun[] | undefined;
  #cues: NumberCues | undefined;

  constructor(
    readonly text: string,
    readonly context: TextContext,
    lexicon: Lexicon,
  ) {
    const { folded, words } = normalise(text);
    this.folded = folded;
    this.words = words;
    this.room = baseLanguage(context.language);
    const { counts, guess, languages, dialled, japanese } = readLanguages(text, this.room);
    this.counts = counts;
    this.guess = guess;
    this.languages = languages;
    this.dialled = dialled;
    this.gate = { languages, japanese };
    const { hits, sets } = lexicon.search(words, this.gate, text);
    this.hits = hits;
    this.named = sets;
    this.sets = withTwoFigures(sets, folded, languages);
    this.viewers = new Set((context.viewerNames ?? []).map((name) => name.toLowerCase()));
  }

  get found(): readonly Match[] {
    return this.#found;
  }

  add(matches: readonly Match[]): void {
    this.#found.push(...matches);
  }

  keepOnly(keeps: (match: Match) => boolean): void {
    this.#found = this.#found.filter(keeps);
  }

  /** Ranges of a set in the original text. */
  ranges(set: string): Range[] {
    return (this.sets.get(set) ?? []).map((m) => originalRange(this.words, m.start, m.end));
  }

  /** Digits in a row, at least two. */
  get runs(): readonly DigitRun[] {
    return (this.#runs ??= digitRuns(this.folded, 2));
  }

  /** The same, with single digits. */
  get singles(): readonly DigitRun[] {
    return (this.#singles ??= digitRuns(this.folded, 1));
  }

  /** Words beside numbers. First asked for after the names of platforms are found: these are among them. */
  get cues(): NumberCues {
    return (this.#cues ??= numberCues(this.text, this.found, (set) => this.ranges(set)));
  }

  get findings(): Findings {
    const { found, ofLexicon, folded, words, sets, languages } = this;
    return { found, ofLexicon, folded, words, sets, languages };
  }
}

/** Finds one kind of violation in a text. */
export interface Detector {
  readonly name: string;
  /** Matches in offsets of the original text. `reading.found` holds the matches of all detectors before this one. */
  detect(reading: Reading): readonly Match[];
}

/** Detectors that run one after the other. The matches of a stage are clues for the stages after it. */
export interface Stage {
  readonly name: string;
  readonly detectors: readonly Detector[];
  /** Called after its detectors, with the matches so far. */
  readonly finish?: (reading: Reading) => void;
}

/** Collects the matches of all stages in `reading.found`, in order. */
export function runStages(stages: readonly Stage[], reading: Reading): void {
  for (const { detectors, finish } of stages) {
    for (const detector of detectors) reading.add(detector.detect(reading));
    finish?.(reading);
  }
}
