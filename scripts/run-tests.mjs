// Runs all tests, bundled into plain JavaScript. First the unit and command tests, which compute, in parallel with
// encoders, outputs and small rooms on air, which mostly wait in real time: either group alone would leave one of two
// cores idle for half of its time. Then, one by one, the rooms in which every frame or every second counts.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleTests } from './bundle-tests.mjs';
import { isJoined, writeJoined } from './join-tests.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs');
/** Whole scenarios, and checks of what seldom changes, that take long: run by `npm run test:long`, alone, and not by `npm test`. */
const LONG = [
  ...['on-air/camera', 'on-air/camera-comment-lists', 'on-air/camera-devices', 'on-air/camera-tools', 'on-air/clips'],
  ...['on-air/external-avatar', 'on-air/hls-browser', 'on-air/live-products', 'on-air/obscure-blur'],
  ...[
    'on-air/presenter-change',
    'on-air/takeover',
    'on-air/watch-risk',
    'avatar/filmed/film-feeder',
    'cli/check-demo-rooms',
  ],
  ...[
    'cli/sleep',
    'codescan/coarse-noise',
    'codescan/equal-luma',
    'codescan/hard-codes',
    'codescan/locate/textured-regions',
  ],
  ...['control/console-alarms', 'control/console-viewers', 'engine/check/check-cover', 'engine/render-aligned-voice'],
  ...['engine/render-cut-in', 'engine/render-on-cue', 'engine/retail-barcodes', 'engine/templates/check-templates'],
  ...[
    'moderation/embedded-lines',
    'moderation/normalise/joined-lines',
    'scene/external/external-avatar',
    'speech/align/align-speech',
  ],
];
const isLong = (file) => LONG.includes(relative('test', file).split(sep).join('/').replace('.test.ts', ''));
const long = process.argv.includes('--long');
const options = process.argv.slice(2).filter((option) => option !== '--long');
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && e.name.endsWith('.test.ts'))
  .map((e) => relative(root, join(e.parentPath, e.name)))
  .filter((file) => isLong(file) === long)
  .sort();
const realTime = (file) => /^test[\\/](encoder|outputs|on-air[\\/]congestion\.)/.test(file);
const onAir = (file) =>
  /^test[\\/](on-air[\\/]|cli[\\/](install|kill-resume|package|sleep|start)\.)/.test(file) && !realTime(file);
const SMALL = [
  ...[
    'install',
    'kill-resume',
    'start',
    'count-codes',
    'live-script',
    'replies',
    'gate',
    'obscure',
    'sync',
    'watch-page',
  ],
];
const small = (file) => SMALL.includes(basename(file, '.test.ts'));

const parts = files.filter((f) => !onAir(f) && !realTime(f));
const joined = parts.filter((f) => isJoined(root, f));
const built = await bundleTests(root, files, joined);
const { 'node-arg': _, include: __, ...settings } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).tap;
const settingsFile = join(built, 'tap.json');
const ending = pathToFileURL(join(root, 'scripts', 'end-tests.mjs')).href;
writeFileSync(settingsFile, JSON.stringify({ ...settings, 'node-arg': [`--import=${ending}`] }));
const env = { ...process.env, TAP_RCFILE: settingsFile };
const builtName = (file) => [relative(root, built), file.replace(/\.ts$/, '.js')].join('/').split(sep).join('/');

/** Priority of compute-only tests: rooms and outputs in parallel come first. */
const NICE = 10;

/** Runs test files with tap, this many in parallel, and returns its exit code; its output goes to `out`. */
function runTap(jobs, list, nice, out) {
  if (list.length === 0) return Promise.resolve(0);
  const args = [tap, 'run', `--jobs=${jobs}`, ...options, ...list.map(builtName)];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, ENGINE_NICE: String(nice) },
    stdio: ['inherit', out, out],
  });
  if (nice !== 0) setPriority(child.pid, nice);
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

const computing = [...writeJoined(built, joined, 8), ...parts.filter((f) => !joined.includes(f))];
const waiting = files.filter((f) => realTime(f) || (onAir(f) && small(f)));
const alone = files.filter((f) => onAir(f) && !small(f));
// Both in parallel; the output of one is held until the other has ended.
const printed = join(built, 'waiting.txt');
const kept = openSync(printed, 'w');
const statuses = await Promise.all([runTap(3, computing, NICE, 'inherit'), runTap(2, waiting, 0, kept)]);
closeSync(kept);
process.stdout.write(readFileSync(printed));
statuses.push(await runTap(1, alone, 0, 'inherit'));
process.exitCode = statuses.find((status) => status !== 0) ?? 0;
