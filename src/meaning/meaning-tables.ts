import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';

/**
 * Questions that are not about an attribute. The listing's fields answer `price`, `stock`, `discount`, `link`, `who` and `ai`;
 * the others are never answered with a fact.
 */
const MEANINGS = [
  'price',
  'stock',
  'discount',
  'link',
  'who',
  'ai',
  'greeting',
  'praise',
  'complaint',
  'contact',
  'insult',
  'shops',
  'chat',
] as const;
export type Meaning = (typeof MEANINGS)[number];
const WITH_EXAMPLES = MEANINGS.filter((one) => one !== 'link' && one !== 'who');

const text = z.string().min(1).max(120);
const id = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);

const attribute = z.strictObject({
  id,
  value: z
    .enum(['measure', 'list', 'yesno', 'either', 'count'])
    .describe('Grammar of the value; `either` is yes, no or words'),
  say: z.boolean().describe('Whether a host says it in a script; asked, it is answered in any case'),
  names: z
    .strictObject({ en: z.array(text).min(1), zh: z.array(text).min(1) })
    .describe('Names that sellers write in listings, without units'),
  goodFor: z.record(z.string(), text).describe('What it is good for, by category of goods, in English'),
});

const attributeTable = z
  .strictObject({
    attributes: z.array(attribute).min(1),
    wordAliases: z.record(id, z.array(text).min(1)).describe('Further names of `words` in listings'),
  })
  .describe('Canonical attributes of goods');

const plural = z.partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), text);
const sentence = text.refine((one) => one.split('{value}').length === 2, 'expected {value} once');

const languageTable = z
  .strictObject({
    language: z.string().regex(/^[a-z]{2,3}$/),
    units: z
      .strictObject({
        range: text.describe('From {a} to {b}'),
        watt: plural,
        volt: plural,
        decibel: plural,
        lumen: plural,
        yes: text,
        no: text,
      })
      .describe('Units that Intl has no names for; `#瓦` joins the number'),
    words: z.record(id, text).describe('Words of values that are said in every language'),
    intents: z.strictObject(
      Object.fromEntries(WITH_EXAMPLES.map((one) => [one, z.array(text).min(2)])) as Record<
        (typeof WITH_EXAMPLES)[number],
        z.ZodArray<typeof text>
      >,
    ),
    attributes: z.record(
      id,
      z.strictObject({
        name: text.describe('As the answer to "what did they ask about"'),
        sentence: sentence.describe('The answer with {value}'),
        list: sentence.optional().describe('The answer where a value of figures is a list of names: sizes S, M, L'),
        count: sentence.optional().describe('The answer where the value is a plain number of two or more'),
        yes: text.optional().describe('The answer where the value is yes'),
        no: text.optional(),
        ask: z.array(text).min(1).describe('Questions as viewers type them'),
      }),
    ),
  })
  .describe('Canonical attributes in one language');

type Attribute = z.infer<typeof attribute>;
export type LanguageTable = z.infer<typeof languageTable>;

export interface MeaningTables {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly wordAliases: Readonly<Record<string, readonly string[]>>;
  readonly languages: ReadonlyMap<string, LanguageTable>;
}

/** Throws E_ASSET_INVALID with the place of the fault. */
export function loadMeaningTables(folder = templatePath('meaning')): MeaningTables {
  const { attributes, wordAliases } = read(`${folder}/attributes.json`, attributeTable);
  const ids = attributes.map((one) => one.id);
  const languages = new Map<string, LanguageTable>();
  for (const file of readdirSync(folder).toSorted()) {
    if (!/^[a-z]{2,3}\.json$/.test(file)) continue;
    const table = read(`${folder}/${file}`, languageTable);
    const missing = ids.find((one) => table.attributes[one] === undefined);
    if (missing !== undefined) throw fault(`${folder}/${file}: attributes`, `nothing for "${missing}"`);
    languages.set(table.language, table);
  }
  return { attributes: new Map(attributes.map((one) => [one.id, one])), wordAliases, languages };
}

let shared: MeaningTables | undefined;
/** The tables of the package, read once. */
export const meaningTables = (): MeaningTables => (shared ??= loadMeaningTables());

function read<T extends z.ZodType>(path: string, schema: T): z.infer<T> {
  const result = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fault(`${path}: ${issue!.path.join('.')}`, issue!.message);
}

const fault = (where: string, found: string): EngineError =>
  new EngineError('E_ASSET_INVALID', {
    where,
    expected: 'a table that follows src/meaning/meaning-tables.ts',
    found,
    todo: 'mend the file; templates/meaning/README.md says what it holds',
  });

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

/**
 * How likely each label is for a comment, by a linear classifier over the sentence model's vectors.
 *
 * Problem: the nearest of ten thousand examples is near by chance; what tells two labels apart is a direction, not one example.
 * Rule: softmax regression, trained on all examples by scripts/tools/data/embed-meanings.ts and kept behind them in vectors.bin. The
 * vectors all lie on one side of the sphere, so the mean of all examples is taken away first.
 */

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

/** Words that say nothing about which attribute it is: "Product weight", "Rated power". */
const IDLE =
  /^(?:the|product|item|single|total|rated|main|max|maximum|standard|overall|available|custom|type of)\s+(?=\S)/;

/** Compared without case, accents and signs. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** "Power (W)" and "Net weight/kg": the name and the unit that it carries. */
export function nameWithUnit(name: string): { readonly name: string; readonly unit: string | undefined } {
  const found =
    /^(.{2,60}?)\s*[(（[]\s*([^()（）[\]]{1,12})\s*[)）\]]\s*[:：]?$/u.exec(name.trim()) ??
    /^(.{2,60}?)\s*[/,，]\s*(\p{L}{1,3})$/u.exec(name.trim());
  return found === null ? { name: name.trim(), unit: undefined } : { name: found[1]!, unit: found[2]!.trim() };
}

/** Which canonical attribute a listing's attribute is, by its name in any of the languages. */
export class AttributeNames {
  private readonly ids = new Map<string, string>();

  constructor({ attributes, languages }: MeaningTables) {
    for (const { id, names } of attributes.values())
      for (const name of [...names.en, ...names.zh])
        if (!this.ids.has(foldName(name))) this.ids.set(foldName(name), id);
    for (const table of languages.values())
      for (const [id, { name }] of Object.entries(table.attributes))
        if (!this.ids.has(foldName(name))) this.ids.set(foldName(name), id);
  }

  of(listed: string): string | undefined {
    const { name } = nameWithUnit(listed);
    let folded = foldName(name);
    for (;;) {
      const id = this.ids.get(folded) ?? this.ids.get(folded.replace(/s$/, ''));
      if (id !== undefined) return id;
      const shorter = folded.replace(IDLE, '');
      if (shorter === folded) return undefined;
      folded = shorter;
    }
  }
}
