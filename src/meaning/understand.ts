import {
  centred,
  type ExampleRow,
  foldName,
  labelOdds,
  labelsOf,
  likeness,
  type Meaning,
  middleOf,
  packVector,
  type TrainedVectors,
  VECTOR_SIZE,
} from './meaning-tables.js';

interface Ranked {
  readonly label: string;
  /** `near`, with what all examples of the label add. */
  readonly score: number;
  /** Likeness of the nearest example, with what its letters add. */
  readonly near: number;
  /** The largest share of letters in common with an example, from 0 to 1. */
  readonly letters: number;
  /** Logarithm of the label's probability by the classifier. */
  readonly odds: number;
  /** The nearest example. */
  readonly row: ExampleRow;
}

/** A label as a comment shows it before its examples are compared one by one. */
interface Shown {
  readonly label: string;
  readonly letters: number;
  readonly odds: number;
}

/** What a comment shows; `nearest` compares it with the examples of one label. */
interface Look {
  readonly labels: readonly Shown[];
  readonly nearest: (label: string) => { readonly near: number; readonly row: ExampleRow };
}

/** What equal letters add to the likeness of two vectors: the model is weak on single words, letters on paraphrases. */
const LETTERS_WEIGHT = 0.12;
/**
 * What the mean of a label's examples adds: one example may be near to a comment by chance, all of them together are
 * not. All vectors lie on one side of the sphere, so means are compared after the mean of everything is taken away.
 */
const MEAN_WEIGHT = 0.6;
const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\p{Script=Arabic}]/u;

/** Finds the examples nearest to a comment, by meaning and by letters. */
export class MeaningIndex {
  /** Rows that hold a run of letters, and how much it counts in each. */
  private readonly runs = new Map<string, { rows: number[]; rarity: number }>();
  private readonly norms: Float64Array;
  private readonly labels: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly labelOfRow: Int16Array;
  /** Positions of the examples of each label. */
  private readonly rowsOf: readonly number[][];
  private readonly middle: Float32Array;
  private readonly vectors: Int8Array;
  /** Of length 1, VECTOR_SIZE numbers a label. */
  private readonly means: Float32Array;

  constructor(
    private readonly rows: readonly ExampleRow[],
    private readonly trained: TrainedVectors,
  ) {
    this.vectors = trained.vectors;
    this.middle = middleOf(trained.vectors);
    for (const [at, { text }] of rows.entries()) {
      for (const run of runsOf(text)) {
        const known = this.runs.get(run);
        if (known === undefined) this.runs.set(run, { rows: [at], rarity: 0 });
        else known.rows.push(at);
      }
    }
    this.labels = labelsOf(rows);
    this.numbers = new Map(this.labels.map((label, i) => [label, i]));
    this.labelOfRow = Int16Array.from(rows, ({ label }) => this.numbers.get(label)!);
    this.rowsOf = this.labels.map(() => []);
    for (const [at, label] of this.labelOfRow.entries()) this.rowsOf[label]!.push(at);
    this.norms = new Float64Array(rows.length);
    for (const entry of this.runs.values()) {
      entry.rarity = Math.log(1 + rows.length / entry.rows.length);
      for (const at of entry.rows) this.norms[at]! += entry.rarity ** 2;
    }
    this.means = this.meansOfLabels();
  }

  /**
   * The odds and the letters of all labels. A comparison with twelve thousand examples takes longer than all the rest of an
   * answer, so each label's examples are compared when they are asked for.
   */
  look(text: string, vector: Float32Array): Look {
    const { packed, seen } = this.packed(vector);
    return this.lookAt(text, packed, seen);
  }

  /** The labels, the nearest first. */
  rank(text: string, vector: Float32Array, count = 5): Ranked[] {
    const { packed, seen } = this.packed(vector);
    const { labels, nearest } = this.lookAt(text, packed, seen);
    const means = this.nearMeans(seen);
    return labels
      .map((one, i) => {
        const found = nearest(one.label);
        return { ...one, ...found, score: found.near + MEAN_WEIGHT * means[i]! };
      })
      .toSorted((one, other) => other.score - one.score)
      .slice(0, count);
  }

  private packed(vector: Float32Array): { packed: Int8Array; seen: Float32Array } {
    const packed = new Int8Array(VECTOR_SIZE);
    packVector(vector, packed, 0);
    return { packed, seen: centred(packed, 0, this.middle) };
  }

  private lookAt(text: string, packed: Int8Array, seen: Float32Array): Look {
    const letters = this.letters(text);
    const odds = labelOdds(this.trained.weights, seen);
    const shares = new Float64Array(this.labels.length);
    for (const [at, label] of this.labelOfRow.entries())
      if (letters[at]! > shares[label]!) shares[label] = letters[at]!;
    return {
      labels: this.labels.map((label, i) => ({ label, letters: shares[i]!, odds: odds[i]! })),
      nearest: (label) => {
        let [near, row] = [-Infinity, 0];
        for (const at of this.rowsOf[this.numbers.get(label)!]!) {
          const found = likeness(packed, this.vectors, at * VECTOR_SIZE) + LETTERS_WEIGHT * letters[at]!;
          if (found > near) [near, row] = [found, at];
        }
        return { near, row: this.rows[row]! };
      },
    };
  }

  private meansOfLabels(): Float32Array {
    const means = new Float32Array(this.labels.length * VECTOR_SIZE);
    for (const [row, label] of this.labelOfRow.entries()) {
      const seen = centred(this.vectors, row * VECTOR_SIZE, this.middle);
      for (let i = 0; i < VECTOR_SIZE; i += 1) means[label * VECTOR_SIZE + i]! += seen[i]!;
    }
    for (let label = 0; label < this.labels.length; label += 1)
      shorten(means.subarray(label * VECTOR_SIZE, (label + 1) * VECTOR_SIZE));
    return means;
  }

  /** Likeness to the mean of each label's examples, from −1 to 1. */
  private nearMeans(seen: Float32Array): Float64Array {
    const one = seen.slice();
    shorten(one);
    const near = new Float64Array(this.labels.length);
    for (let label = 0; label < near.length; label += 1)
      for (let i = 0; i < VECTOR_SIZE; i += 1) near[label]! += one[i]! * this.means[label * VECTOR_SIZE + i]!;
    return near;
  }

  /** Share of letters that the text has in common with each row, from 0 to 1. */
  private letters(text: string): Float64Array {
    const shares = new Float64Array(this.rows.length);
    let norm = 0;
    for (const run of runsOf(text)) {
      const entry = this.runs.get(run);
      if (entry === undefined) {
        norm += Math.log(1 + this.rows.length) ** 2;
        continue;
      }
      norm += entry.rarity ** 2;
      for (const at of entry.rows) shares[at]! += entry.rarity ** 2;
    }
    if (norm > 0)
      for (let at = 0; at < shares.length; at += 1)
        if (shares[at]! > 0) shares[at]! /= Math.sqrt(norm * this.norms[at]!);
    return shares;
  }
}

/** To length 1. */
function shorten(vector: Float32Array): void {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += vector[i]! ** 2;
  const length = Math.sqrt(sum);
  if (length > 0) for (let i = 0; i < vector.length; i += 1) vector[i]! /= length;
}

/** Three letters that follow one another, with the word's edges; two signs and single ones where words have no edges. */
function runsOf(text: string): Set<string> {
  const runs = new Set<string>();
  for (const word of foldName(text).split(' ')) {
    if (DENSE.test(word)) {
      const signs = Array.from(word);
      for (const [i, sign] of signs.entries()) {
        runs.add(sign);
        if (i > 0) runs.add(signs[i - 1]! + sign);
      }
      continue;
    }
    const edged = `_${word}_`;
    for (let i = 0; i + 3 <= edged.length; i += 1) runs.add(edged.slice(i, i + 3));
  }
  return runs;
}

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
/** Words that join two questions mean something else in other languages: Polish "i", Dutch "en". */
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
interface CommentPart {
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
