import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { templatePath } from '../../core/paths.js';
import type { LineFeatures } from './line-features.js';

/**
 * A second opinion on whole lines, learned from the labelled ones in test/compliance/text/corpus.
 *
 * The lexicon knows what somebody thought of; a line that says the same in other words has the same neighbours in
 * letters and meanings. The model is linear: a weight per feature, added up; above zero it takes the line for a
 * violation. A second table says of which rule. `npx tsx scripts/train-line-model.ts` writes the file.
 *
 * The file, deflated: one line of JSON (see Header), then the weights as Int8, then those of each rule in turn.
 */
interface Header {
  /** Binary logarithm of the number of weights. */
  readonly bits: number;
  /** The same for each rule's table. */
  readonly ruleBits: number;
  readonly rules: readonly string[];
  readonly bias: number;
  /** What one unit of a weight is worth. */
  readonly scale: number;
  readonly ruleBiases: readonly number[];
  readonly ruleScale: number;
}

const FILE = 'line-model.bin';

export class LineModel {
  readonly #header: Header;
  readonly #weights: Int8Array;
  readonly #ruleWeights: readonly Int8Array[];

  constructor(packed: Uint8Array) {
    const all = inflateRawSync(packed);
    const line = all.indexOf(10);
    this.#header = JSON.parse(all.toString('utf8', 0, line)) as Header;
    const table = (from: number, bits: number): Int8Array =>
      new Int8Array(all.buffer, all.byteOffset + from, 1 << bits);
    const { bits, ruleBits, rules } = this.#header;
    this.#weights = table(line + 1, bits);
    const first = line + 1 + (1 << bits);
    this.#ruleWeights = rules.map((_, i) => table(first + i * (1 << ruleBits), ruleBits));
  }

  static open(): LineModel {
    return new LineModel(readFileSync(templatePath('languages', FILE)));
  }

  /** Logarithm of the odds that the line breaks a rule. */
  score(features: LineFeatures): number {
    const { bits, scale, bias } = this.#header;
    return bias + scale * weigh(this.#weights, 32 - bits, features);
  }

  /** The rule that it most likely breaks, if any. */
  rule(features: LineFeatures): string {
    const { ruleBits, rules, ruleBiases, ruleScale } = this.#header;
    let best = 0;
    let most = -Infinity;
    for (let r = 0; r < rules.length; r += 1) {
      const score = ruleBiases[r]! + ruleScale * weigh(this.#ruleWeights[r]!, 32 - ruleBits, features);
      if (score > most) {
        best = r;
        most = score;
      }
    }
    return rules[best]!;
  }
}

/** Long lines and those with many sets must not shout down short ones: each sum is over the root of its terms. */
function weigh(weights: Int8Array, shift: number, { letters, sets }: LineFeatures): number {
  let sum = 0;
  for (let i = 0; i < letters.length; i += 1) sum += weights[letters[i]! >>> shift]!;
  let meant = 0;
  for (const f of sets) meant += weights[f >>> shift]!;
  return sum / Math.sqrt(Math.max(1, letters.length)) + meant / Math.sqrt(Math.max(1, sets.size));
}
