/**
 * Writes templates/languages/line-model.bin: the weights of the line model (src/compliance/text/line-model.ts), learned
 * from the labelled lines in test/compliance/text/corpus and the fixtures of the rule packs. Run it after either was
 * changed. The same lines give the same file.
 *
 *   npx tsx scripts/train-line-model.ts
 *   npx tsx scripts/train-line-model.ts --without held-out-e.jsonl,held-out-d.jsonl --out FILE    to judge those unseen
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { loadRulePacks } from '../src/compliance/rules/rule-packs.js';
import { TextJudge } from '../src/compliance/text/text-judge.js';
import { packageRoot, templatePath } from '../src/core/paths.js';

const BITS = 20;
const RULE_BITS = 15;
const ROUNDS = 10;
/** From this round on the weights are averaged: the last lines seen count no more than the first. */
const AVERAGED_FROM = 3;
const RATE = 0.3;
const DECAY = 1e-5;
/** Rules that are not about the sense of a line. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['2.3', '5.1', '5.5', '5.6']);
/** Most of the range of a weight; the few beyond are cut off. */
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
  const folder = join(packageRoot(), 'test/compliance/text/corpus');
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.jsonl') || left.has(file)) continue;
    for (const row of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (row.trim() !== '') lines.push(JSON.parse(row) as Line);
    }
  }
  for (const { rule, language, trip, pass } of loadRulePacks()) {
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
const rows: Row[] = readLines().map(({ text, language, rules }) => {
  const { letters, sets } = judge.features(text, language);
  return { letters: Uint32Array.from(letters), sets: Uint32Array.from(sets), rules };
});

let seed = 1;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};

interface Learned {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** Logistic regression by stochastic gradient descent with a rate of its own for each weight (AdaGrad). */
function learn(of: readonly Row[], bits: number, wanted: (row: Row) => boolean): Learned {
  const shift = 32 - bits;
  const weights = new Float32Array(1 << bits);
  const squares = new Float32Array(1 << bits).fill(1e-6);
  const mean = new Float32Array(1 << bits);
  let bias = 0;
  let biasMean = 0;
  const order = [...of];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const row of order) {
      const parts = [
        [row.letters, 1 / Math.sqrt(Math.max(1, row.letters.length))],
        [row.sets, 1 / Math.sqrt(Math.max(1, row.sets.length))],
      ] as const;
      let score = bias;
      for (const [features, share] of parts) for (const f of features) score += weights[f >>> shift]! * share;
      const error = 1 / (1 + Math.exp(-score)) - (wanted(row) ? 1 : 0);
      bias -= 0.05 * error;
      for (const [features, share] of parts) {
        for (const f of features) {
          const at = f >>> shift;
          const slope = error * share + DECAY * weights[at]!;
          squares[at]! += slope * slope;
          weights[at]! -= (RATE * slope) / Math.sqrt(squares[at]!);
        }
      }
    }
    if (round < AVERAGED_FROM) continue;
    const part = 1 / (ROUNDS - AVERAGED_FROM);
    for (let i = 0; i < mean.length; i += 1) mean[i]! += weights[i]! * part;
    biasMean += bias * part;
  }
  return { weights: mean, bias: biasMean };
}

/** The same step for all tables, so that nearly all weights fit. */
function packed(tables: readonly Learned[]): { scale: number; bytes: Int8Array[] } {
  const sizes = tables
    .flatMap((t) =>
      Array.from(
        t.weights.filter((w) => w !== 0),
        Math.abs,
      ),
    )
    .sort((a, b) => a - b);
  const scale = sizes[Math.floor(sizes.length * 0.9995)]! / INT8_MAX;
  const fit = (w: number): number => Math.max(-INT8_MAX, Math.min(INT8_MAX, Math.round(w / scale)));
  return { scale, bytes: tables.map((t) => Int8Array.from(t.weights, fit)) };
}

const line = learn(rows, BITS, (row) => row.rules.length > 0);
const violations = rows.filter((row) => row.rules.length > 0);
const rules = [...new Set(violations.flatMap((row) => row.rules))].sort((a, b) =>
  a.localeCompare(b, 'en', { numeric: true }),
);
const byRule = rules.map((rule) => learn(violations, RULE_BITS, (row) => row.rules.includes(rule)));
const whole = packed([line]);
const parts = packed(byRule);
const header = {
  bits: BITS,
  ruleBits: RULE_BITS,
  rules,
  bias: line.bias,
  scale: whole.scale,
  ruleBiases: byRule.map((t) => t.bias),
  ruleScale: parts.scale,
};
const bytes = Buffer.concat([
  Buffer.from(`${JSON.stringify(header)}\n`),
  ...[...whole.bytes, ...parts.bytes].map((b) => Buffer.from(b.buffer)),
]);
const file = values.out ?? templatePath('languages', 'line-model.bin');
const deflated = deflateRawSync(bytes, { level: 9 });
writeFileSync(file, deflated);
process.stdout.write(`${rows.length} lines, ${rules.length} rules, ${deflated.length} bytes: ${file}\n`);
