// Runs all tests, bundled into plain JavaScript. First the unit and command tests, which compute, in parallel with
// encoders, outputs and small rooms on air, which mostly wait in real time: either group alone would leave one of two
// cores idle for half of its time. Then, one by one, the rooms in which every frame or every second counts.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleTests } from './tests/bundle-tests.mjs';
import { isJoined, writeJoined, writeProgram } from './tests/join-tests.mjs';
import { LONG_TESTS } from './tests/long-tests.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs');
const nameOf = (file) => relative('test', file).split(sep).join('/').replace('.test.ts', '');
const long = process.argv.includes('--long');
/** Whether a test takes a sample of its cases, unless run by `npm test -- --long`. */
const takesSample = (file) => readFileSync(join(root, file), 'utf8').includes('kit/whole.js');
/** Long tests that run as well: `npm test -- --also=cli/package`. */
const also = process.argv.filter((option) => option.startsWith('--also=')).map((option) => option.slice(7));
const options = process.argv.slice(2).filter((option) => option !== '--long' && !option.startsWith('--also='));
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && e.name.endsWith('.test.ts'))
  .map((e) => relative(root, join(e.parentPath, e.name)))
  .filter(
    (file) => LONG_TESTS.includes(nameOf(file)) === long || also.includes(nameOf(file)) || (long && takesSample(file)),
  )
  .sort();
const streams = (file) =>
  /synthetic-room|made-up-stream|EmbeddedServer|whip|werift/.test(readFileSync(join(root, file), 'utf8'));
const realTime = (file) =>
  /^test[\\/]on-air[\\/]congestion\./.test(file) ||
  (/^test[\\/](encoder|outputs|external-avatar[\\/]whip)/.test(file) && streams(file));
const onAir = (file) =>
  /^test[\\/](on-air[\\/]|cli[\\/](install|kill-resume|sleep|start)\.)/.test(file) && !realTime(file);
/** Rooms that wait for events, however late. */
const SMALL =
  'install kill-resume start count-codes crowd full-disk live-script replies gate obscure rule-stop sync watch-page';
const small = (file) => SMALL.split(' ').includes(basename(file, '.test.ts'));

const parts = files.filter((f) => !onAir(f) && !realTime(f));
const joined = parts.filter((f) => isJoined(root, f));
const built = await bundleTests(root, files, joined);
const { 'node-arg': _, include: __, ...settings } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).tap;
const settingsFile = join(built, 'tap.json');
const preload = (name) => `--import=${pathToFileURL(join(root, 'scripts', 'tests', name)).href}`;
writeFileSync(settingsFile, JSON.stringify({ ...settings, 'node-arg': [preload('prepare-tests.mjs')] }));
const failedParts = join(built, 'failed-parts.txt');
const env = { ...process.env, TAP_RCFILE: settingsFile, TEST_WHOLE: long ? '1' : '0', TEST_FAILED: failedParts };
// Models of this machine's user would change what speaks.
env.ENGINE_MODELS = join(built, 'no-models');
const builtName = (file) => [relative(root, built), file.replace(/\.ts$/, '.js')].join('/').split(sep).join('/');

/** Priority of compute-only tests: rooms and outputs in parallel come first. */
const NICE = 10;
/** More failures than this are no accident of timing. */
const MAX_AGAIN = 3;
let runs = 0;

/** Runs test files with tap, this many in parallel; its output goes to `out`. */
function runTap(jobs, list, nice, out) {
  if (list.length === 0) return Promise.resolve({ status: 0, failed: [] });
  const failures = join(built, `failed-${(runs += 1)}.txt`);
  const args = [
    preload('plain-processes.mjs'),
    tap,
    'run',
    `--jobs=${jobs}`,
    `--save=${failures}`,
    ...options,
    ...list,
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ENGINE_NICE: String(nice) },
    stdio: ['inherit', out, out],
  });
  if (nice !== 0) setPriority(child.pid, nice);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      const failed = existsSync(failures) ? readFileSync(failures, 'utf8').split('\n').filter(Boolean) : [];
      resolve({ status: code ?? 1, failed });
    }),
  );
}

const programs = writeJoined(root, built, joined, 7);
const computing = [...[...programs.keys()].map(builtName), ...parts.filter((f) => !joined.includes(f)).map(builtName)];
const waiting = files.filter((f) => realTime(f) || (onAir(f) && small(f))).map(builtName);
const alone = files.filter((f) => onAir(f) && !small(f)).map(builtName);
// Both in parallel; the output of one is held until the other has ended.
const printed = join(built, 'waiting.txt');
const kept = openSync(printed, 'w');
const results = await Promise.all([runTap(3, computing, NICE, 'inherit'), runTap(2, waiting, 0, kept)]);
closeSync(kept);
process.stdout.write(readFileSync(printed));
results.push(await runTap(1, alone, 0, 'inherit'));

// Many tests wait for something in real time, which other work on the machine can take from them: those that failed run
// once more, by themselves, and the summary names them. Leak tests are never run again: a leak counts, however rare it is.
const LEAKS = /on-air\/(gate|obscure|count-codes|watch-risk)|embedded\/strangers|compliance\//;
const failed = results.flatMap((result) => result.failed);
const badParts = existsSync(failedParts) ? readFileSync(failedParts, 'utf8').split('\n').filter(Boolean) : [];
/** The parts of a joined program that failed; none where the program itself did. */
const partsIn = (file) => {
  const own = [...programs].find(([path]) => builtName(path) === file)?.[1] ?? [];
  return own.filter((one) => badParts.includes(one.split(sep).join('/')));
};
const runsAgain = failed.flatMap((file) => (file.includes('/joined/') ? partsIn(file) : [file]));
let status = results.find((result) => result.status !== 0)?.status ?? 0;
const isKnown = failed.every((file) => !file.includes('/joined/') || partsIn(file).length > 0);
if (failed.length > 0 && isKnown && runsAgain.length <= MAX_AGAIN && !runsAgain.some((file) => LEAKS.test(file))) {
  process.stdout.write(`# once more, with nothing beside it: ${runsAgain.join(', ')}\n`);
  for (const [path] of programs)
    if (failed.includes(builtName(path))) writeProgram(built, path, partsIn(builtName(path)));
  ({ status } = await runTap(1, failed, 0, 'inherit'));
}
process.exitCode = status;
