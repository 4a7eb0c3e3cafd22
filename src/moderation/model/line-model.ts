import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { templatePath } from '../../core/files/paths.js';
import type { LexiconMatch } from '../lexicon/lexicon.js';

/**
 * A second opinion on whole lines, trained on the labelled lines in test/moderation/corpus.
 *
 * The lexicon contains only known phrases; a line with the same meaning in other words has similar letters and sets.
 * The model is linear: a weight per feature, added up; a positive sum means a violation. A second table does the same
 * for each rule. `npm run tool -- train-line-model` writes the file.
 *
 * The file, deflated: one line of JSON (see Header), then the weights as Int8, then the rules' weights, those of one
 * feature adjacent.
 */
interface Header {
  /** Binary logarithm of the number of weights. */
  readonly bits: number;
  /** Binary logarithm of the number of rows in the rules' table. */
  readonly ruleBits: number;
  readonly rules: readonly string[];
  readonly bias: number;
  /** Value of one unit of a weight. */
  readonly scale: number;
  readonly ruleBiases: readonly number[];
  readonly ruleScale: number;
}

const FILE = 'line-model.bin';
/** Inflated in few pieces: zlib's hundreds of default chunks would be garbage to collect during the start. */
const INFLATE_BYTES = 1 << 20;

/**
 * The line model's features of a text: its runs of two to five letters, its words with their neighbours, and the
 * lexicon sets that occur in it, alone and in pairs. Runs are specific to one language; sets ("my", "number",
 * "outside") mean the same in all of them, so training in one language helps the others.
 */
export interface LineFeatures {
  /** Hashes of letters and words; valid until the next call. */
  readonly letters: Uint32Array;
  /** Hashes of sets and pairs of sets. */
  readonly sets: ReadonlySet<number>;
}

const MIN_RUN = 2;
const MAX_RUN = 5;
/** Pairs grow quadratically; only the first sets of a text are paired. */
const MAX_SETS = 40;
const SEED = 2166136261;
const WORD_SEED = 0x57a1;
const PAIR_SEED = 0xb1f3;
const SKIP_SEED = 0x3c99;
const ZERO = 48;
const SPACE = 32;

const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, 16777619);

/** Spreads a hash over 32 bits. */
function finish(hash: number): number {
  let x = hash ^ (hash >>> 15);
  x = Math.imul(x, 0x2c1b3c6d);
  return (x ^ (x >>> 12)) >>> 0;
}

/** A reusable set of hashes that allocates no memory per text. */
class Distinct {
  readonly #slots = new Uint32Array(1 << 13);
  readonly #stamps = new Uint32Array(1 << 13);
  readonly #values = new Uint32Array(1 << 12);
  #stamp = 0;
  #count = 0;

  clear(): void {
    this.#stamp += 1;
    this.#count = 0;
  }

  add(hash: number): void {
    if (this.#count === this.#values.length) return;
    let at = hash & (this.#slots.length - 1);
    while (this.#stamps[at] === this.#stamp) {
      if (this.#slots[at] === hash) return;
      at = (at + 1) & (this.#slots.length - 1);
    }
    this.#stamps[at] = this.#stamp;
    this.#slots[at] = hash;
    this.#values[this.#count] = hash;
    this.#count += 1;
  }

  /** Valid until the next text. */
  get values(): Uint32Array {
    return this.#values.subarray(0, this.#count);
  }
}

const distinct = new Distinct();
const names = new Map<string, number>();

function hashOfName(name: string): number {
  let hash = names.get(name);
  if (hash === undefined) {
    hash = SEED;
    for (let i = 0; i < name.length; i += 1) hash = step(hash, name.charCodeAt(i));
    names.set(name, hash);
  }
  return hash;
}

/** Features of the units [start, end) of a words view's text; `sets`: the lexicon's matches in that view. */
export function lineFeatures(
  text: string,
  start: number,
  end: number,
  sets: ReadonlyMap<string, readonly LexiconMatch[]>,
  finds: readonly string[],
): LineFeatures {
  const letters = distinct;
  letters.clear();
  const units = [SPACE];
  for (let i = start; i < end; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === SPACE && units[units.length - 1] === SPACE) continue;
    units.push(unit >= ZERO && unit <= ZERO + 9 ? ZERO : unit);
  }
  if (units[units.length - 1] !== SPACE) units.push(SPACE);
  for (let i = 0; i < units.length; i += 1) {
    let hash = SEED;
    for (let n = 1; n <= MAX_RUN && i + n <= units.length; n += 1) {
      hash = step(hash, units[i + n - 1]!);
      if (n >= MIN_RUN) letters.add(finish(hash + n));
    }
  }
  let word = WORD_SEED;
  let last = 0;
  let lastButOne = 0;
  for (let i = 1; i < units.length; i += 1) {
    if (units[i] !== SPACE) {
      word = step(word, units[i]!);
      continue;
    }
    letters.add(finish(word));
    if (last !== 0) letters.add(finish(step(word, last) ^ PAIR_SEED));
    if (lastButOne !== 0) letters.add(finish(step(word, lastButOne) ^ SKIP_SEED));
    lastButOne = last;
    last = word;
    word = WORD_SEED;
  }
  const present: number[] = finds.map(hashOfName);
  for (const [name, matches] of sets) {
    if (present.length >= MAX_SETS) break;
    if (matches.some((m) => m.start >= start && m.end <= end)) present.push(hashOfName(name));
  }
  present.sort((a, b) => a - b);
  const found = new Set<number>();
  for (let i = 0; i < present.length; i += 1) {
    found.add(finish(present[i]!));
    for (let j = i + 1; j < present.length; j += 1) found.add(finish(step(present[i]!, present[j]!) ^ PAIR_SEED));
  }
  return { letters: letters.values, sets: found };
}

export class LineModel {
  readonly #header: Header;
  readonly #weights: Int8Array;
  readonly #ruleWeights: Int8Array;
  readonly #odds: Float64Array;

  constructor(packed: Uint8Array) {
    const all = inflateRawSync(packed, { chunkSize: INFLATE_BYTES });
    const line = all.indexOf(10);
    this.#header = JSON.parse(all.toString('utf8', 0, line)) as Header;
    const table = (from: number, length: number): Int8Array => new Int8Array(all.buffer, all.byteOffset + from, length);
    const { bits, ruleBits, rules } = this.#header;
    this.#weights = table(line + 1, 1 << bits);
    this.#ruleWeights = table(line + 1 + (1 << bits), rules.length << ruleBits);
    this.#odds = new Float64Array(rules.length);
  }

  static open(): LineModel {
    return new LineModel(readFileSync(templatePath('languages', FILE)));
  }

  /** The known rules, in the order of `odds`. */
  get rules(): readonly string[] {
    return this.#header.rules;
  }

  /**
   * Log odds that the line breaks a rule. Each sum is divided by the root of its number of terms, so that long lines
   * and lines with many sets do not dominate.
   */
  score({ letters, sets }: LineFeatures): number {
    const { bits, scale, bias } = this.#header;
    const shift = 32 - bits;
    const weights = this.#weights;
    let sum = 0;
    for (let i = 0; i < letters.length; i += 1) sum += weights[letters[i]! >>> shift]!;
    let meant = 0;
    for (const f of sets) meant += weights[f >>> shift]!;
    return bias + scale * (sum * share(letters.length) + meant * share(sets.size));
  }

  /** Log odds for each rule; valid until the next call. */
  odds({ letters, sets }: LineFeatures): Float64Array {
    const { ruleBits, rules, ruleBiases, ruleScale } = this.#header;
    const shift = 32 - ruleBits;
    const weights = this.#ruleWeights;
    const count = rules.length;
    const sums = this.#odds.fill(0);
    for (let i = 0; i < letters.length; i += 1) {
      const at = (letters[i]! >>> shift) * count;
      for (let r = 0; r < count; r += 1) sums[r]! += weights[at + r]!;
    }
    const part = share(sets.size) / share(letters.length);
    for (const f of sets) {
      const at = (f >>> shift) * count;
      for (let r = 0; r < count; r += 1) sums[r]! += weights[at + r]! * part;
    }
    const unit = ruleScale * share(letters.length);
    for (let r = 0; r < count; r += 1) sums[r] = ruleBiases[r]! + unit * sums[r]!;
    return sums;
  }

  /** The rule that is most likely broken, if any. */
  rule(features: LineFeatures): string {
    const odds = this.odds(features);
    return this.rules[odds.indexOf(Math.max(...odds))]!;
  }
}

const share = (terms: number): number => 1 / Math.sqrt(Math.max(1, terms));
