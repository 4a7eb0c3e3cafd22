/**
 * Scores the text judge on labelled lines: recall and precision per rule and language, misses, and the cost of a
 * line. The packs were tuned on the project's own lines, so these figures show regressions, not the score on new lines;
 * docs/words.md has the score on unseen lines.
 *
 *   npm run bench -- text                      the project's own corpus
 *   npm run bench -- text --corpus DIR      other JSON lines files: {"text", "language", "rules": ["3.2"]},
 *                                           said (speech) unless "source" is caption or reply
 *   npm run bench -- text --rounds N        cost measurements per line (5)
 *   npm run bench -- text --json            one JSON object
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { scriptOptions } from './kit/script-options.js';

interface Line {
  readonly text: string;
  readonly language: string;
  /** Rules the line breaks; empty for a harmless line. */
  readonly rules: readonly string[];
  readonly source?: 'speech' | 'caption' | 'reply';
}

interface Tally {
  lines: number;
  caught: number;
  missed: number;
  /** Hits on harmless lines. */
  false: number;
}

const values = scriptOptions(import.meta.url, {
  json: { type: 'boolean', default: false },
  corpus: { type: 'string' },
  rounds: { type: 'string', default: '5' },
});
const folder = values.corpus ?? join(packageRoot(), 'test/moderation/corpus');

function readCorpus(): Line[] {
  const lines: Line[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.jsonl')) continue;
    for (const row of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (row.trim() !== '') lines.push(JSON.parse(row) as Line);
    }
  }
  return lines;
}

const tally = (table: Map<string, Tally>, key: string): Tally => {
  let t = table.get(key);
  if (t === undefined) table.set(key, (t = { lines: 0, caught: 0, missed: 0, false: 0 }));
  return t;
};
const ratio = (part: number, rest: number): number => (part + rest === 0 ? 1 : part / (part + rest));
const round = (n: number): number => Math.round(n * 10_000) / 10_000;

const corpus = readCorpus();
const buildStart = performance.now();
const judge = new TextJudge();
const buildMs = performance.now() - buildStart;

const byRule = new Map<string, Tally>();
const byLanguage = new Map<string, Tally>();
const all: Tally = { lines: 0, caught: 0, missed: 0, false: 0 };
const missed: { language: string; rule: string; text: string; found: string[] }[] = [];
const alarms: { language: string; text: string; found: string[] }[] = [];

for (const line of corpus) {
  const { hits } = judge.judge(line.text, { surface: line.source ?? 'speech', language: line.language });
  const found = hits.map((h) => `${h.rule} ${h.match}`);
  const language = tally(byLanguage, line.language);
  language.lines += 1;
  all.lines += 1;
  for (const rule of line.rules) {
    const hit = hits.some((h) => h.rule === rule);
    for (const t of [tally(byRule, rule), language, all]) {
      if (t !== language && t !== all) t.lines += 1;
      if (hit) t.caught += 1;
      else t.missed += 1;
    }
    if (!hit) missed.push({ language: line.language, rule, text: line.text, found });
  }
  if (line.rules.length === 0 && hits.length > 0) {
    language.false += 1;
    all.false += 1;
    for (const rule of new Set(hits.map((h) => h.rule))) tally(byRule, rule).false += 1;
    alarms.push({ language: line.language, text: line.text, found });
  }
}

/** Median over the rounds for every line, which excludes interference from other programs. */
const rounds = Math.max(1, Number(values.rounds));
const samples = corpus.map(() => new Float64Array(rounds));
for (let r = 0; r < rounds; r += 1) {
  for (const [i, line] of corpus.entries()) {
    const start = performance.now();
    judge.judge(line.text, { surface: line.source ?? 'speech', language: line.language });
    samples[i]![r] = (performance.now() - start) * 1000;
  }
}
const times = samples.map((s) => s.sort()[Math.floor(rounds / 2)]).sort((a, b) => a! - b!);
const at = (q: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0);

const table = (m: Map<string, Tally>): Record<string, Tally & { recall: number; precision: number }> =>
  Object.fromEntries(
    [...m]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([k, t]) => [
        k,
        { ...t, recall: round(ratio(t.caught, t.missed)), precision: round(ratio(t.caught, t.false)) },
      ]),
  );
const harmless = corpus.filter((l) => l.rules.length === 0).length;
const result = {
  lines: corpus.length,
  harmless,
  recall: round(ratio(all.caught, all.missed)),
  precision: round(ratio(all.caught, all.false)),
  falseAlarmShare: round(all.false / Math.max(1, harmless)),
  buildMs: Math.round(buildMs),
  usPerLine: { p50: at(0.5), p99: at(0.99), max: at(1) },
  byRule: table(byRule),
  byLanguage: table(byLanguage),
  missed,
  alarms,
};

const out = (text: string): boolean => process.stdout.write(`${text}\n`);
if (values.json) out(JSON.stringify(result));
else {
  out(`${result.lines} lines, ${harmless} harmless: recall ${result.recall}, precision ${result.precision}`);
  out(`judge built in ${result.buildMs} ms; a line costs p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, max ${at(1)} µs`);
  if (values.corpus === undefined) out('The rule packs were tuned on these lines: new ones will do worse.');
  for (const [title, rows] of [
    ['rule', result.byRule],
    ['language', result.byLanguage],
  ] as const) {
    out(`\n${title.padEnd(10)} recall  precision  caught missed false`);
    for (const [k, t] of Object.entries(rows)) {
      out(
        `${k.padEnd(10)} ${t.recall.toFixed(3)}   ${t.precision.toFixed(3)}      ${String(t.caught).padStart(5)} ${String(t.missed).padStart(6)} ${String(t.false).padStart(5)}`,
      );
    }
  }
  if (missed.length > 0)
    out(
      `\nmissed:\n${missed.map((m) => `  ${m.language} ${m.rule}  ${m.text}${m.found.length > 0 ? `  (found ${m.found.join(', ')})` : ''}`).join('\n')}`,
    );
  if (alarms.length > 0)
    out(`\nfalse alarms:\n${alarms.map((a) => `  ${a.language}  ${a.text}  (${a.found.join(', ')})`).join('\n')}`);
}
