import type { ExampleRow } from './example-vectors.js';
import type { MeaningIndex, Shown } from './meaning-index.js';
import type { Meaning } from './meaning-tables.js';

/**
 * From a comment to what it asks.
 *
 * Problem: a small model is nearly always near to something, and the nearest of a hundred attributes is the wrong one
 * for a fifth of what viewers type.
 * Rule: each label gets a probability, from the classifier's odds, the letters that it shares with an example, and what is
 * likelier to be asked: what the listing has rather than what it lacks. Below `chance`, or where
 * the nearest example is far away, nobody answers.
 * Weights and limits are set on scripts/bench/answers/comments.tsv.
 */
const LIMITS = {
  /** What the logarithm of the classifier's probability, and a full share of equal letters, count. */
  odds: 1.2,
  letters: 12.8,
  /** Added to labels that the listing answers. */
  listed: 2.05,
  /** Added to comments that ask nothing, and once more where no word asks. */
  noQuestion: 1.7,
  noAsking: 1.2,
  /** Taken from labels that nearly every question is near to. */
  broad: 0.8,
  /** Added where the comment holds a word of the listed value. */
  value: 0.5,
  /** Added for a known word, and for a question that asks by itself. */
  weakWord: 0,
  strongWord: 0.5,
  /** Minimum probability; less where a known word or the listed value says the same. */
  chance: 0.86,
  agreedChance: 0.78,
  /** Minimum likeness of the nearest example. */
  score: 0.86,
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

export interface Hints {
  /** Labels that the listing can answer. */
  readonly listed: ReadonlySet<string>;
  /** Labels whose listed value has a word of the comment. */
  readonly byValue?: ReadonlySet<string>;
  /** Labels that the model never finds without a known word. */
  readonly byWords?: ReadonlySet<string>;
  /** Labels of the known words in the comment. */
  readonly known?: { readonly labels: readonly string[]; readonly isStrong: boolean };
  /** A word or a sign of the comment asks. */
  readonly isAsking?: boolean;
}

export interface Understood {
  /** The question; undefined where nobody can be sure. */
  readonly label: string | undefined;
  readonly isSure: boolean;
  /** Likeness of the nearest example. */
  readonly score: number;
  /** Probability of the first label less that of the second. */
  readonly margin: number;
  /** The likeliest labels, the likeliest first. */
  readonly ranked: readonly Likely[];
}

interface Likely {
  readonly label: string;
  /** Probability. */
  readonly score: number;
  /** The nearest example. */
  readonly row: ExampleRow;
}
const MAX_RANKED = 3;

/** The content of one question. */
export function understand(index: MeaningIndex, text: string, vector: Float32Array, hints: Hints): Understood {
  const { byValue, byWords, known } = hints;
  const { labels, nearest } = index.look(text, vector);
  const weighed = labels
    .filter(({ label }) => byWords?.has(label) !== true || known?.labels.includes(label) === true)
    .map((one) => ({ label: one.label, weight: weightOf(one, hints) }));
  const most = Math.max(...weighed.map(({ weight }) => weight));
  const total = weighed.reduce((sum, { weight }) => sum + Math.exp(weight - most), 0);
  const likely = weighed
    .map(({ label, weight }) => ({ label, score: Math.exp(weight - most) / total }))
    .toSorted((a, b) => b.score - a.score);
  const [first] = likely;
  if (first === undefined) return { label: undefined, isSure: false, score: 0, margin: 0, ranked: [] };
  const alike = likely.filter(({ label }) => label === first.label || areAlike(first.label, label));
  const chance = alike.reduce((sum, { score }) => sum + score, 0);
  const second = likely.find((one) => !alike.includes(one));
  const isAgreed = byValue?.has(first.label) === true || known?.labels.includes(first.label) === true;
  const { near } = nearest(first.label);
  const isSure = near >= LIMITS.score && chance >= (isAgreed ? LIMITS.agreedChance : LIMITS.chance);
  return {
    label: isSure ? first.label : undefined,
    isSure,
    score: near,
    margin: chance - (second?.score ?? 0),
    ranked: likely.slice(0, MAX_RANKED).map((one) => ({ ...one, row: nearest(one.label).row })),
  };
}

function weightOf({ label, odds, letters }: Shown, { listed, byValue, known, isAsking }: Hints): number {
  let weight = LIMITS.odds * odds + LIMITS.letters * letters;
  if (isNoQuestion(label)) weight += LIMITS.noQuestion + (isAsking === true ? 0 : LIMITS.noAsking);
  else if (listed.has(label)) weight += LIMITS.listed;
  if (BROAD.has(label)) weight -= LIMITS.broad;
  if (byValue?.has(label) === true) weight += LIMITS.value;
  if (known?.labels.includes(label) === true) weight += known.isStrong ? LIMITS.strongWord : LIMITS.weakWord;
  return weight;
}

const MAX_PARTS = 3;
const MIN_PART_CHARS = 3;
const BETWEEN = String.raw`[?？؟]+|[;；\n!！。]+|，|,\s+|(?<=吗)|还有|以及`;
/** What joins two questions is a word of another meaning elsewhere: Polish "i", Dutch "en". */
const AND: Readonly<Record<string, string>> = {
  ar: 'و',
  de: 'und',
  en: 'and',
  es: 'y|e',
  fr: 'et',
  hi: 'और|aur',
  id: 'dan',
  it: 'e|ed',
  ko: '그리고',
  nl: 'en',
  pl: 'i|oraz',
  pt: 'e',
  ru: 'и',
  tr: 've',
  vi: 'và',
};
const between = new Map<string, RegExp>();
function betweenOf(language: string): RegExp {
  let pattern = between.get(language);
  if (pattern === undefined) {
    const and = AND[language];
    pattern = new RegExp(and === undefined ? BETWEEN : String.raw`${BETWEEN}|\s+(?:${and})\s+`, 'giu');
    between.set(language, pattern);
  }
  return pattern;
}

/** Figures of quantities and prices say nothing about what is asked; "220v", "4k" and the mains voltages do. */
const FIGURES =
  /(?:[$€£¥₹]\s*)?(?<![\p{L}\p{N}])\d{1,3}(?:[.,\s]\d{3})+(?!\p{N})|(?<![\p{L}\p{N}.])(?!(?:110|127|220|230|240)(?!\d))\d{3,}(?![\p{L}\p{N}])|[$€£¥₹]\s*\d+/gu;

/** A part of a comment. */
export interface CommentPart {
  readonly text: string;
  /** A quantity or a price was taken out of it: "I need 500". */
  readonly hadFigure: boolean;
}

/** The comment without its quantities, and its questions one by one where it has several. */
export function takeApart(
  text: string,
  language: string,
): { readonly whole: string; readonly parts: readonly CommentPart[] } {
  const plain = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const without = (one: string): string => {
    const left = one.replace(FIGURES, ' ').replace(/\s+/g, ' ').trim();
    return left.length >= 2 ? left : one;
  };
  const parts = plain
    .split(betweenOf(language))
    .map((one) => one.trim())
    .filter((one) => Array.from(one).length >= MIN_PART_CHARS && /\p{L}/u.test(one));
  return {
    whole: without(plain),
    parts:
      parts.length < 2 || parts.length > MAX_PARTS
        ? []
        : parts.map((one) => ({ text: without(one), hadFigure: without(one) !== one })),
  };
}
