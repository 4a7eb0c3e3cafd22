/**
 * Checks every template in both orientations: `engine check` with the longest titles in German, Chinese, Arabic and
 * Thai, where titles may end in an ellipsis and nothing else may be found; `engine check` with its placeholders; and
 * the layout of its own texts in languages that rotate, so that all 18 have their turn.
 *
 * `--part titles`, `--part placeholders` or `--part texts` does one of them; `--part layout` measures the longest titles
 * without the rest of `engine check`. `--titles de,ar` names languages of titles. `--jobs N` uses N processes.
 * `--results FILE` keeps the results, and goes on where an interrupted run with the same file stopped.
 *
 *     npm run tool -- check-templates [-- --part titles --jobs 2 --results FILE template…]
 */
import { parseArgs } from 'node:util';
import { ORIENTATIONS, TEMPLATE_LANGUAGES } from '../../../src/config/templates/template.js';
import { createLog } from '../../../src/core/log.js';
import { ProcessBackend } from '../../../src/core/processes/process-backend.js';
import { CheckTools } from '../../../src/check/check-tools.js';
import { templateNames } from '../../../src/templates/load-template.js';
import { checkOne, type Part, PARTS, type RoomJob, type RoomResult } from './templates/check-one.js';
import { KeptResults } from './templates/kept-results.js';
import { LONG_LANGUAGES } from './templates/long-products.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    part: { type: 'string' },
    titles: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    results: { type: 'string' },
  },
});
const part = PARTS.find((one) => one === values.part);
if (values.part !== undefined && part === undefined) throw new Error(`--part: expected ${PARTS.join(', ')}`);
const processes = Number(values.jobs);
if (!Number.isInteger(processes) || processes < 1) throw new Error('--jobs: expected a whole number from 1');
const parts: readonly Part[] = part === undefined ? ['titles', 'placeholders', 'texts'] : [part];
const titles = values.titles?.split(',') ?? LONG_LANGUAGES;
/** Each template is laid out with every sixth language in either orientation. */
const TURNS = 6;

const names = templateNames();
const jobs = (positionals.length > 0 ? positionals : names).flatMap((template) => {
  const i = names.indexOf(template);
  return ORIENTATIONS.map((orientation, o): RoomJob => ({
    template,
    orientation,
    parts,
    language: LONG_LANGUAGES[(i + 2 * o) % LONG_LANGUAGES.length]!,
    titles,
    texts: TEMPLATE_LANGUAGES.filter((_, l) => (l + i + 3 * o) % TURNS === 0),
  }));
});
const kept = values.results === undefined ? undefined : new KeptResults(values.results);
const waiting = jobs.values();
let [rooms, checks, faults] = [0, 0, 0];

function report({ template, orientation }: RoomJob, result: RoomResult, how: string): void {
  rooms += 1;
  checks += result.checks;
  faults += result.faults.length;
  const mark = result.faults.length === 0 ? '✓' : '✗';
  console.log(`${mark} ${rooms}/${jobs.length} ${template} ${orientation}: ${result.checks} checks, ${how}`);
  for (const { check, fault } of result.faults)
    console.log(`    ${check}: ${fault.severity} ${fault.where}: expected ${fault.expected}, found ${fault.found}`);
}

/** Takes rooms until none is left. */
async function work(check: (job: RoomJob) => Promise<RoomResult>): Promise<void> {
  for (const job of waiting) {
    const before = kept?.get(job);
    const result = before ?? (await check(job));
    if (before === undefined) kept?.keep(job, result);
    report(job, result, before === undefined ? `${result.seconds.toFixed(1)} s` : 'unchanged since');
  }
}

async function workInProcess(): Promise<void> {
  const module = new URL('./templates/check-child.js', import.meta.url);
  const child = new ProcessBackend<RoomJob, RoomResult>({ module, caller: import.meta.url });
  try {
    await work((job) => child.ask(job));
  } finally {
    await child.end();
  }
}

if (processes > 1) await Promise.all(Array.from({ length: processes }, workInProcess));
else {
  const tools = new CheckTools({ log: createLog('error') });
  try {
    await work((job) => checkOne(job, tools));
  } finally {
    await tools.close();
  }
}
const languages = new Set(
  jobs.flatMap((job) => [
    ...(part === undefined || part === 'titles' || part === 'layout' ? job.titles : []),
    ...(part === 'placeholders' ? [job.language] : []),
    ...(part === 'texts' ? job.texts : []),
  ]),
).size;
console.log(`${rooms} rooms, ${languages} languages, ${checks} checks, ${faults} faults`);
if (faults > 0) process.exitCode = 1;
