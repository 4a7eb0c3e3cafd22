import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { templatePath } from '../../core/files/paths.js';
import type { LineFeatures } from './line-features.js';

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
