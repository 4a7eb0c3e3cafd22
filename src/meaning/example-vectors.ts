import { readFileSync, writeFileSync } from 'node:fs';
import { EngineError } from '../core/errors.js';
import { createHash } from 'node:crypto';
import type { MeaningTables } from './meaning-tables.js';

const DIGEST_BYTES = 32;
const FLOAT_BYTES = 4;
/** The largest number of a vector of length 1 that is met; larger ones are cut. */
const LARGEST = 0.35;
const STEPS = 127;

/** Numbers of a vector. */
export const VECTOR_SIZE = 384;
/** Numbers of a label in the classifier: one per number of the vector, and its bias. */
export const ODDS_SIZE = VECTOR_SIZE + 1;

/** A vector of length 1 as bytes. */
export function packVector(vector: Float32Array, into: Int8Array, at: number): void {
  for (let i = 0; i < VECTOR_SIZE; i += 1)
    into[at + i] = Math.max(-STEPS, Math.min(STEPS, Math.round((vector[i]! * STEPS) / LARGEST)));
}

/** The examples as the model sees them, and the weights of the classifier that was trained on them. */
export interface TrainedVectors {
  readonly vectors: Int8Array;
  readonly weights: Float32Array;
}

/** A question whose meaning is known. */
export interface ExampleRow {
  /** Id of a canonical attribute, or a `Meaning`. */
  readonly label: string;
  readonly language: string;
  readonly text: string;
}

/** All examples in a fixed order; `more` are those of other tables. */
export function exampleRows({ languages }: MeaningTables, more: readonly ExampleRow[] = []): ExampleRow[] {
  const rows: ExampleRow[] = [];
  for (const { language, attributes, intents } of languages.values()) {
    for (const [label, { ask }] of Object.entries(attributes))
      for (const text of ask) rows.push({ label, language, text });
    for (const [label, ask] of Object.entries(intents)) for (const text of ask) rows.push({ label, language, text });
  }
  return [...rows, ...more];
}

/** Changes with every example, its label and its place. */
const digestOf = (rows: readonly ExampleRow[]): string =>
  createHash('sha256')
    .update(rows.map(({ label, language, text }) => `${label}\t${language}\t${text}`).join('\n'))
    .digest('hex');

/** Each label once, in the order of the rows. */
export const labelsOf = (rows: readonly ExampleRow[]): string[] => [...new Set(rows.map(({ label }) => label))];

export function writeVectors(
  path: string,
  rows: readonly ExampleRow[],
  vectors: Int8Array,
  weights: Float32Array,
): void {
  writeFileSync(
    path,
    Buffer.concat([
      Buffer.from(digestOf(rows), 'hex'),
      Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength),
      Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength),
    ]),
  );
}

/** The vectors of the rows. Throws E_ASSET_INVALID where the file was made from other rows. */
export function readVectors(path: string, rows: readonly ExampleRow[]): TrainedVectors {
  const file = readFileSync(path);
  const digest = file.subarray(0, DIGEST_BYTES).toString('hex');
  const weightsAt = DIGEST_BYTES + rows.length * VECTOR_SIZE;
  const count = labelsOf(rows).length * ODDS_SIZE;
  if (digest !== digestOf(rows) || file.length !== weightsAt + count * FLOAT_BYTES)
    throw new EngineError('E_ASSET_INVALID', {
      where: path,
      expected: `the vectors of ${rows.length} examples`,
      found: `${file.length} bytes made from other examples`,
      todo: 'npm run tool -- embed-meanings',
    });
  return {
    vectors: new Int8Array(file.buffer, file.byteOffset + DIGEST_BYTES, rows.length * VECTOR_SIZE),
    weights: Float32Array.from({ length: count }, (_, i) => file.readFloatLE(weightsAt + i * FLOAT_BYTES)),
  };
}

/** Likeness of two packed vectors; 1 is the same. Whole numbers, four at a time: a comment is compared with thousands. */
export function likeness(a: Int8Array, b: Int8Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < VECTOR_SIZE; i += 4)
    sum +=
      Math.imul(a[i]!, b[at + i]!) +
      Math.imul(a[i + 1]!, b[at + i + 1]!) +
      Math.imul(a[i + 2]!, b[at + i + 2]!) +
      Math.imul(a[i + 3]!, b[at + i + 3]!);
  return (sum * LARGEST * LARGEST) / (STEPS * STEPS);
}
