/**
 * How likely each label is for a comment, by a linear classifier over the sentence model's vectors.
 *
 * Problem: the nearest of ten thousand examples is near by chance; what tells two labels apart is a direction, not one example.
 * Rule: softmax regression, trained on all examples by scripts/tools/data/embed-meanings.ts and kept behind them in vectors.bin. The
 * vectors all lie on one side of the sphere, so the mean of all examples is taken away first.
 */
import { ODDS_SIZE, VECTOR_SIZE } from './example-vectors.js';

/** A length at which one step of training moves the odds enough. */
const LENGTH = 4;

/** The mean of packed vectors, VECTOR_SIZE numbers each. */
export function middleOf(vectors: Int8Array): Float32Array {
  const middle = new Float32Array(VECTOR_SIZE);
  for (let i = 0; i < vectors.length; i += 1) middle[i % VECTOR_SIZE]! += vectors[i]!;
  for (let i = 0; i < VECTOR_SIZE; i += 1) middle[i]! /= vectors.length / VECTOR_SIZE;
  return middle;
}

/** A packed vector seen from the middle of all, of length LENGTH. */
export function centred(vectors: Int8Array, at: number, middle: Float32Array): Float32Array {
  const seen = new Float32Array(VECTOR_SIZE);
  let sum = 0;
  for (let i = 0; i < VECTOR_SIZE; i += 1) {
    seen[i] = vectors[at + i]! - middle[i]!;
    sum += seen[i]! ** 2;
  }
  const scale = sum > 0 ? LENGTH / Math.sqrt(sum) : 0;
  for (let i = 0; i < VECTOR_SIZE; i += 1) seen[i]! *= scale;
  return seen;
}

/** Logarithm of each label's probability; `weights` has ODDS_SIZE numbers a label. */
export function labelOdds(weights: Float32Array, vector: Float32Array): Float64Array {
  const odds = new Float64Array(weights.length / ODDS_SIZE);
  let most = -Infinity;
  for (let label = 0; label < odds.length; label += 1) {
    const at = label * ODDS_SIZE;
    let sum = weights[at + VECTOR_SIZE]!;
    for (let i = 0; i < VECTOR_SIZE; i += 1) sum += weights[at + i]! * vector[i]!;
    odds[label] = sum;
    if (sum > most) most = sum;
  }
  let total = 0;
  for (const one of odds) total += Math.exp(one - most);
  const norm = most + Math.log(total);
  for (let label = 0; label < odds.length; label += 1) odds[label]! -= norm;
  return odds;
}
