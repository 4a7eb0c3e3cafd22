/**
 * Writes templates/meaning/vectors.bin: the examples of the meaning tables as the sentence model sees them, and behind them
 * the classifier of labels (src/meaning/meaning-tables.ts) trained on them. The same tables give the same file.
 *
 *     npm run tool -- embed-meanings
 */
import { templatePath } from '../../../src/core/files/paths.js';
import { seededRandom } from '../../../src/core/random.js';
import {
  centred,
  type ExampleRow,
  labelOdds,
  labelsOf,
  middleOf,
  ODDS_SIZE,
  packVector,
  VECTOR_SIZE,
  writeVectors,
} from '../../../src/meaning/index.js';
import { MAX_TEXTS, ModelProcess } from '../../../src/models/index.js';
import { meaningRows } from '../../../src/viewers/replies/meaning/comment-meanings.js';

const ROUNDS = 10;
const RATE = 0.05;
/** Examples of one step. */
const BATCH = 16;
const DECAY = 1e-4;
const BIAS_RATE = 0.1;
/** Requests between two lines of progress. */
const BATCHES_A_LINE = 20;

/** Softmax regression by gradient descent; labels with few examples count more. */
function train(rows: readonly ExampleRow[], packed: Int8Array): Float32Array {
  const labels = labelsOf(rows);
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const label = rows.map((row) => numbers.get(row.label)!);
  const middle = middleOf(packed);
  const vectors = rows.map((_, i) => centred(packed, i * VECTOR_SIZE, middle));
  const counts = labels.map((_, i) => label.filter((one) => one === i).length);
  const weigh = label.map((one) => 1 / Math.sqrt(counts[one]!));
  const mean = weigh.reduce((sum, one) => sum + one, 0) / rows.length;
  const weights = new Float32Array(labels.length * ODDS_SIZE);
  const random = seededRandom(1);
  const order = rows.map((_, i) => i);
  for (let round = 0; round < ROUNDS; round += 1) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    const rate = RATE * (1 - round / ROUNDS);
    for (let i = order.length - 1; i > 0; i -= 1) {
      const k = Math.floor(random() * (i + 1));
      [order[i], order[k]] = [order[k]!, order[i]!];
    }
    for (let at = 0; at < order.length; at += BATCH) {
      const batch = order.slice(at, at + BATCH);
      const wrong = batch.map((row) => {
        const odds = labelOdds(weights, vectors[row]!).map((one) => Math.exp(one));
        odds[label[row]!]! -= 1;
        return odds.map((one) => (one * weigh[row]!) / mean);
      });
      for (let i = 0; i < weights.length; i += 1) weights[i]! *= 1 - rate * DECAY;
      for (const [k, row] of batch.entries()) {
        const vector = vectors[row]!;
        for (let one = 0; one < labels.length; one += 1) {
          const step = rate * wrong[k]![one]!;
          const from = one * ODDS_SIZE;
          for (let i = 0; i < VECTOR_SIZE; i += 1) weights[from + i]! -= step * vector[i]!;
          weights[from + VECTOR_SIZE]! -= step * BIAS_RATE;
        }
      }
    }
  }
  return weights;
}

const rows = meaningRows();
const packed = new Int8Array(rows.length * VECTOR_SIZE);
const models = new ModelProcess({ timeoutMs: 120_000 });
for (let at = 0; at < rows.length; at += MAX_TEXTS) {
  const texts = rows.slice(at, at + MAX_TEXTS).map(({ text }) => text);
  const { vectors } = await models.run('meaning', { texts });
  for (let i = 0; i < texts.length; i += 1)
    packVector(vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE), packed, (at + i) * VECTOR_SIZE);
  if ((at / MAX_TEXTS) % BATCHES_A_LINE === 0)
    process.stderr.write(`${at + texts.length} of ${rows.length} examples\n`);
}
await models.close();
writeVectors(templatePath('meaning', 'vectors.bin'), rows, packed, train(rows, packed));
console.log(`${rows.length} examples`);
