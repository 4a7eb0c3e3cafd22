import type { MeaningIndex, Ranked } from './meaning-index.js';
import type { Meaning } from './meaning-tables.js';

/**
 * From a comment to what it asks.
 *
 * Problem: a small model is nearly always near to something, and the nearest of a hundred attributes is the wrong one
 * for a fifth of what viewers type.
 * Rule: what the listing has is likelier to be asked than what it lacks. The known words of the reply packs and the
 * model vote; where they agree it is sure, where they disagree or the margin to the second is small nobody answers.
 * Limits are set on the tuning half of the bench's comments.
 */
const LIMITS = {
  /** Taken from labels that the listing has no value for. */
  unlisted: 0.09,
  /** Taken from labels that nearly every question is near to. */
  broad: 0.05,
  /** Taken from comments that ask nothing: greetings are near to all short slang. */
  noQuestion: 0.03,
  /** Added where the comment holds a word of the listed value. */
  value: 0.08,
  /** Added for a known word, and for a question that asks by itself. */
  weakWord: 0.05,
  strongWord: 0.1,
  /** Minimum likeness of the nearest example, and minimum margin to the second; less where a known word or the listed value says the same. */
  score: 0.88,
  margin: 0.07,
  agreedMargin: 0.035,
  /** Minimum margin to a label that is asked for with the same words. */
  twinMargin: 0.09,
} as const;

/** Comments that a fact never answers. */
const NO_QUESTION: ReadonlySet<string> = new Set<Meaning>([
  'greeting',
  'praise',
  'complaint',
  'contact',
  'insult',
  'shops',
  'chat',
]);
const BROAD: ReadonlySet<string> = new Set([
  'price',
  'stock',
  'shipping',
  'lead-time',
  'minimum-order',
  'material',
  'size',
  'usage',
]);
export const isNoQuestion = (label: string): boolean => NO_QUESTION.has(label);

/** Labels that are one question to a viewer: the second of them takes no margin from the first. */
const ALIKE: readonly (readonly string[])[] = [
  ['price', 'discount'],
  ['who', 'ai'],
  ['shipping', 'lead-time'],
  ['charging-port', 'connection'],
];
const areAlike = (a: string, b: string): boolean => ALIKE.some((family) => family.includes(a) && family.includes(b));

/** Labels that are asked for with the same words, and are different facts. */
const TWINS: readonly (readonly string[])[] = [
  ['weight', 'load', 'capacity'],
  ['runtime', 'charging-time', 'range', 'lead-time'],
  ['size', 'capacity', 'screen-size', 'thickness'],
  ['power', 'battery', 'voltage', 'power-source'],
  ['material', 'upper', 'sole', 'lining', 'filling'],
  ['washing', 'dishwasher', 'waterproof'],
  ['age', 'gender', 'skin-type'],
  ['stock', 'sample', 'minimum-order'],
];
const areTwins = (a: string, b: string): boolean => TWINS.some((family) => family.includes(a) && family.includes(b));

export interface Hints {
  /** Labels that the listing can answer. */
  readonly listed: ReadonlySet<string>;
  /** Labels whose listed value has a word of the comment. */
  readonly byValue?: ReadonlySet<string>;
  /** Labels that the model never finds without a known word. */
  readonly byWords?: ReadonlySet<string>;
  /** Labels of the known words in the comment. */
  readonly known?: { readonly labels: readonly string[]; readonly isStrong: boolean };
}

export interface Understood {
  /** The question; undefined where nobody can be sure. */
  readonly label: string | undefined;
  readonly isSure: boolean;
  readonly score: number;
  readonly margin: number;
  /** The nearest labels, the nearest first. */
  readonly ranked: readonly Ranked[];
}

/** The content of one question. */
export function understand(index: MeaningIndex, text: string, vector: Float32Array, hints: Hints): Understood {
  const { listed, byValue, byWords, known } = hints;
  const ranked = index
    .rank(text, vector, Infinity)
    .filter(({ label }) => byWords?.has(label) !== true || known?.labels.includes(label) === true)
    .map((one) => {
      let { score } = one;
      if (isNoQuestion(one.label)) score -= LIMITS.noQuestion;
      else if (!listed.has(one.label)) score -= LIMITS.unlisted;
      if (BROAD.has(one.label)) score -= LIMITS.broad;
      if (byValue?.has(one.label) === true) score += LIMITS.value;
      if (known?.labels.includes(one.label) === true) score += known.isStrong ? LIMITS.strongWord : LIMITS.weakWord;
      return { ...one, score };
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, 5);
  const [first] = ranked;
  if (first === undefined) return { label: undefined, isSure: false, score: 0, margin: 0, ranked };
  const second = ranked.slice(1).find(({ label }) => !areAlike(first.label, label));
  const margin = first.score - (second?.score ?? 0);
  const isAgreed = byValue?.has(first.label) === true || known?.labels.includes(first.label) === true;
  const twin = ranked.slice(1).find(({ label }) => areTwins(first.label, label));
  const isTwin = !isAgreed && twin !== undefined && first.score - twin.score < LIMITS.twinMargin;
  const isSure = !isTwin && first.near >= LIMITS.score && margin >= (isAgreed ? LIMITS.agreedMargin : LIMITS.margin);
  return { label: isSure ? first.label : undefined, isSure, score: first.near, margin, ranked };
}

const MAX_PARTS = 3;
const MIN_PART_CHARS = 3;
const BETWEEN = /[?？؟;；\n!！。]+|\s+(?:and|und|et|y|e|en|i|ve|и|dan|và|और|aur|و)\s+|，|,\s+|(?<=吗)|还有|以及/giu;
/** Figures of quantities and prices say nothing about what is asked; "220v" and "4k" do. */
const FIGURES =
  /(?:[$€£¥₹]\s*)?(?<![\p{L}\p{N}])\d{1,3}(?:[.,\s]\d{3})+(?!\p{N})|(?<![\p{L}\p{N}.])\d{3,}(?![\p{L}\p{N}])|[$€£¥₹]\s*\d+/gu;

/** The comment without its quantities, and its questions one by one where it has several. */
export function takeApart(text: string): { readonly whole: string; readonly parts: readonly string[] } {
  const plain = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const without = (one: string): string => {
    const left = one.replace(FIGURES, ' ').replace(/\s+/g, ' ').trim();
    return left.length >= 2 ? left : one;
  };
  const parts = plain
    .split(BETWEEN)
    .map((one) => one.trim())
    .filter((one) => Array.from(one).length >= MIN_PART_CHARS && /\p{L}/u.test(one));
  return {
    whole: without(plain),
    parts: parts.length < 2 || parts.length > MAX_PARTS ? [] : parts.map(without),
  };
}
