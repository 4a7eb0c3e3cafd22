/**
 * Writes templates/languages/line-model.bin: the weights of the line model (src/moderation/model/line-model.ts), learned
 * from the labelled lines in test/moderation/corpus and the fixtures of the rule packs. The same lines give
 * the same file. The committed file (4.6 MB) changes at releases only; train for your own measurements at any time.
 *
 *   npm run tool -- train-line-model
 *   npm run tool -- train-line-model --without held-out-e.jsonl,held-out-d.jsonl --out FILE    to judge those unseen
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { loadRulePacks } from '../../../src/moderation/packs/rule-packs.js';
import { clausesOf, findNames } from '../../../src/moderation/model/weigh-lines.js';
import { isSentence, sentencesOf } from '../../../src/moderation/language/sentences.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';

const BITS = 20;
const RULE_BITS = 18;
/** Rules with fewer lines are not learned separately. */
const MIN_LINES = 20;
const ROUNDS = 15;
/** Weights are averaged from this round on: the last lines seen count no more than the first. */
const AVERAGED_FROM = 3;
const RATE = 0.3;
const DECAY = 1e-5;
/**
 * Dropout: the random share of a line's letter runs and words that each lesson leaves out, so no weight depends on a
 * single phrase.
 */
const LEFT_OUT = 0.5;
/** Weight steps below this carry no information and are dropped, which keeps the file small. */
const MIN_STEPS = 3;
/** Rules whose fixtures break them only beside a listing. */
const NEED_ENTRY: ReadonlySet<string> = new Set(['5.1', '5.4', '5.5']);
/** Rules independent of a line's meaning: the text does not show which language is required. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['5.6']);
/** The range that covers most weights; the few beyond are clipped. */
const INT8_MAX = 127;

interface Row {
  readonly letters: Uint32Array;
  readonly sets: Uint32Array;
  readonly rules: readonly string[];
}
interface Line {
  readonly text: string;
  readonly language: string;
  readonly rules: readonly string[];
}

const { values } = parseArgs({ options: { without: { type: 'string' }, out: { type: 'string' } } });
const left = new Set(values.without?.split(','));

function readLines(): Line[] {
  const lines: Line[] = [];
  const folder = join(packageRoot(), 'test/moderation/corpus');
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.jsonl') || left.has(file)) continue;
    for (const row of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (row.trim() !== '') lines.push(JSON.parse(row) as Line);
    }
  }
  for (const { rule, language, trip, pass } of loadRulePacks()) {
    if (NEED_ENTRY.has(rule)) continue;
    for (const [fixtures, rules] of [
      [trip, [rule]],
      [pass, []],
    ] as const) {
      for (const f of fixtures) {
        const fixture = typeof f === 'string' ? { text: f } : f;
        lines.push({ text: fixture.text, language: fixture.language ?? (language === 'any' ? 'en' : language), rules });
      }
    }
  }
  return lines.filter((l) => !l.rules.some((r) => OTHER_WAYS.has(r)));
}

const judge = new TextJudge({ model: null });

/**
 * A line, and for a harmless one also its sentences and clauses: each is judged alone as well. Parts with a find are
 * left out, since they may be harmless only in context; a forbidden line has no label for which part breaks the rule.
 */
function rowsOf({ text, language, rules }: Line): Row[] {
  const row = (of: string): Row | undefined => {
    const { found, features } = judge.analyse(of, language);
    if (of !== text && findNames(found).length > 0) return undefined;
    return { letters: Uint32Array.from(features.letters), sets: Uint32Array.from(features.sets), rules };
  };
  const whole = { start: 0, end: text.length };
  const sentences = rules.length > 0 ? [] : sentencesOf(text, whole, () => false);
  const clauses =
    rules.length > 0 ? [] : (sentences.length > 0 ? sentences : [whole]).flatMap((s) => clausesOf(text, s));
  const parts = [...sentences, ...clauses].map((s) => text.slice(s.start, s.end)).filter((s) => isSentence(s));
  return [text, ...parts].map(row).filter((r) => r !== undefined);
}
const rows = readLines().flatMap(rowsOf);

let seed = 1;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};

const chosen = new Uint32Array(1 << 13);

/** The line's features used this time; valid until the next call. */
function some(features: Uint32Array): Uint32Array {
  const salt = Math.floor(random() * 4294967296);
  const gate = LEFT_OUT * 4294967296;
  let count = 0;
  for (const f of features) {
    const mixed = Math.imul(f ^ salt, 0x85ebca6b) >>> 0;
    if ((mixed ^ (mixed >>> 15)) >>> 0 >= gate) chosen[count++] = f;
  }
  return chosen.subarray(0, count);
}

interface Learned {
  /** The weights of one feature side by side, one per rule. */
  readonly weights: Float32Array;
  readonly biases: readonly number[];
}

/**
 * Logistic regression by stochastic gradient descent with an individual rate for each weight (AdaGrad), for several
 * rules at a time.
 */
function learn(bits: number, answers: (row: Row) => readonly boolean[], count: number): Learned {
  const shift = 32 - bits;
  const size = count << bits;
  const weights = new Float32Array(size);
  const squares = new Float32Array(size).fill(1e-6);
  const mean = new Float32Array(size);
  const biases = new Float64Array(count);
  const biasMeans = new Float64Array(count);
  const errors = new Float64Array(count);
  const asked = rows.map((row) => ({ row, wanted: answers(row) }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = asked.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      [asked[i], asked[j]] = [asked[j]!, asked[i]!];
    }
    for (const { row, wanted } of asked) {
      const letters = some(row.letters);
      const parts = [
        [letters, 1 / Math.sqrt(Math.max(1, row.letters.length * (1 - LEFT_OUT)))],
        [row.sets, 1 / Math.sqrt(Math.max(1, row.sets.length))],
      ] as const;
      errors.set(biases);
      for (const [features, share] of parts) {
        for (const f of features) {
          const at = (f >>> shift) * count;
          for (let q = 0; q < count; q += 1) errors[q]! += weights[at + q]! * share;
        }
      }
      for (let q = 0; q < count; q += 1) {
        errors[q] = 1 / (1 + Math.exp(-errors[q]!)) - (wanted[q] ? 1 : 0);
        biases[q]! -= 0.05 * errors[q]!;
      }
      for (const [features, share] of parts) {
        for (const f of features) {
          const from = (f >>> shift) * count;
          for (let q = 0; q < count; q += 1) {
            const at = from + q;
            const slope = errors[q]! * share + DECAY * weights[at]!;
            squares[at]! += slope * slope;
            weights[at]! -= (RATE * slope) / Math.sqrt(squares[at]!);
          }
        }
      }
    }
    if (round < AVERAGED_FROM) continue;
    const part = 1 / (ROUNDS - AVERAGED_FROM);
    for (let i = 0; i < size; i += 1) mean[i]! += weights[i]! * part;
    for (let q = 0; q < count; q += 1) biasMeans[q]! += biases[q]! * part;
  }
  return { weights: mean, biases: [...biasMeans] };
}

/** A quantisation step for the whole table that fits nearly all weights. */
function packed(table: Learned): { scale: number; bytes: Int8Array } {
  const sizes = table.weights
    .filter((w) => w !== 0)
    .map(Math.abs)
    .sort();
  const scale = sizes[Math.floor(sizes.length * 0.9995)]! / INT8_MAX;
  const fit = (w: number): number => {
    const steps = Math.max(-INT8_MAX, Math.min(INT8_MAX, Math.round(w / scale)));
    return Math.abs(steps) < MIN_STEPS ? 0 : steps;
  };
  return { scale, bytes: Int8Array.from(table.weights, fit) };
}

const counts = new Map<string, number>();
for (const row of rows) for (const rule of row.rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
const rules = [...counts.keys()]
  .filter((rule) => counts.get(rule)! >= MIN_LINES)
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const line = learn(BITS, (row) => [row.rules.length > 0], 1);
const byRule = learn(RULE_BITS, (row) => rules.map((rule) => row.rules.includes(rule)), rules.length);
const whole = packed(line);
const parts = packed(byRule);
const header = {
  bits: BITS,
  ruleBits: RULE_BITS,
  rules,
  bias: line.biases[0],
  scale: whole.scale,
  ruleBiases: byRule.biases,
  ruleScale: parts.scale,
};
const bytes = Buffer.concat([
  Buffer.from(`${JSON.stringify(header)}\n`),
  Buffer.from(whole.bytes.buffer),
  Buffer.from(parts.bytes.buffer),
]);
const file = values.out ?? templatePath('languages', 'line-model.bin');
const deflated = deflateRawSync(bytes, { level: 9 });
writeFileSync(file, deflated);
process.stdout.write(`${rows.length} lines, ${rules.length} rules, ${deflated.length} bytes: ${file}\n`);
