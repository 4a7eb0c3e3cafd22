import {
  likeness,
  packVector,
  type TrainedVectors,
  type ExampleRow,
  labelsOf,
  VECTOR_SIZE,
} from './example-vectors.js';
import { foldName } from './attribute-names.js';
import { centred, labelOdds, middleOf } from './label-odds.js';

export interface Ranked {
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
export interface Shown {
  readonly label: string;
  readonly letters: number;
  readonly odds: number;
}

/** What a comment shows; `nearest` compares it with the examples of one label. */
export interface Look {
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
