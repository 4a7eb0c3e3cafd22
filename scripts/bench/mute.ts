/**
 * What stays audible of an account after the mute, and what goes silent for nothing. Finds are no measure: with the app silent
 * the account beside it is still an account.
 *
 *   npm run bench -- mute                   the project's own lines
 *   npm run bench -- mute --corpus DIR   other lines: accounts.jsonl, near-misses.jsonl
 *   npm run bench -- mute --json         one JSON object
 *
 * A row is {"language", "say": ["a line", "the next line"]}, with the account between [ and ]. Exit code 1 when an account is
 * audible or shown, or a near miss loses more than the sentence of its find.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { muteResult, readLines, type MuteResult } from './mute/account-lines.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(import.meta.url, {
  json: { type: 'boolean', default: false },
  corpus: { type: 'string' },
});
const folder = values.corpus ?? join(packageRoot(), 'test/moderation/unheard/corpus');
const judge = new TextJudge();
const of = (name: string): MuteResult[] => {
  const file = join(folder, name);
  return existsSync(file) ? readLines(file).map((lines) => muteResult(judge, lines)) : [];
};

const accounts = ['reported.jsonl', 'accounts.jsonl'].map((name) => ({ name, results: of(name) }));
const nearMisses = of('near-misses.jsonl');
const sum = (results: readonly MuteResult[], count: (r: MuteResult) => number): number =>
  results.reduce((all, r) => all + count(r), 0);
const percent = (part: number, all: number): string => `${((100 * part) / Math.max(1, all)).toFixed(1)} %`;
const out = (text: string): boolean => process.stdout.write(`${text}\n`);

const all = accounts.flatMap(({ results }) => results);
const audible = all.filter((r) => r.audible !== '');
const captioned = all.filter((r) => r.captioned);
const over = nearMisses.filter((r) => r.beyondSentence > 0);
if (values.json) out(JSON.stringify({ lines: all.length, audible, captioned, nearMisses: nearMisses.length, over }));
else {
  for (const { name, results } of accounts) {
    const heard = results.filter((r) => r.audible !== '').length;
    const shown = results.filter((r) => r.captioned).length;
    out(
      `${name.padEnd(20)} ${results.length} lines: account audible in ${heard} (${percent(heard, results.length)}), ` +
        `shown in ${shown}, with no more silent than each find's clause in ${results.filter((r) => r.audibleByClause).length}, nothing found in ${results.filter((r) => r.unfound).length}; of the words beside the accounts ` +
        `${percent(
          sum(results, (r) => r.silenced),
          sum(results, (r) => r.harmless),
        )} silent`,
    );
  }
  out(
    `near-misses.jsonl    ${nearMisses.length} lines: more silent than the sentence of a find in ${over.length}; ` +
      `of their words ${percent(
        sum(nearMisses, (r) => r.silenced),
        sum(nearMisses, (r) => r.harmless),
      )} silent, ${percent(
        sum(nearMisses, (r) => r.beyondSentence),
        sum(nearMisses, (r) => r.harmless),
      )} beyond the sentence`,
  );
  for (const r of audible)
    out(`AUDIBLE ${r.language}${r.unfound ? ' (nothing found)' : ''}: ${r.say.join(' | ')}: ${r.audible}`);
  for (const r of captioned.filter((c) => c.audible === '')) out(`SHOWN ${r.language}: ${r.say.join(' | ')}`);
  for (const r of over)
    out(`OVER ${r.language}: ${r.say.join(' | ')}: ${r.beyondSentence} letters beyond the sentence`);
}
if (audible.length + captioned.length + over.length > 0) process.exitCode = 1;
