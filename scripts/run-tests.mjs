// Runs all tests, joined into plain JavaScript. First those of single parts and commands, one more at once than two cores
// carry, as each waits at times; then encoders and outputs, which mostly wait for real seconds to pass; then rooms on air of
// which two fit on two cores; and one by one the rooms in which every frame or every second counts.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './bundle-tests.mjs';
import { isJoined, writeJoined } from './join-tests.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs');
const options = process.argv.slice(2);
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && e.name.endsWith('.test.ts'))
  .map((e) => relative(root, join(e.parentPath, e.name)))
  .sort();
const realTime = (file) => /^test[\\/](encoder|outputs|on-air[\\/]congestion\.)/.test(file);
const onAir = (file) =>
  /^test[\\/](on-air[\\/]|cli[\\/](install|kill-resume|sleep|start)\.)/.test(file) && !realTime(file);
const SMALL = [
  ...['install', 'kill-resume', 'start', 'camera-devices', 'clips', 'count-codes', 'hls-browser'],
  ...['watch-page', 'watch-risk'],
];
const small = (file) => SMALL.includes(basename(file, '.test.ts'));

const parts = files.filter((f) => !onAir(f) && !realTime(f));
const joined = parts.filter((f) => isJoined(root, f));
const built = await bundleTests(root, files, joined);
const { 'node-arg': _, include: __, ...settings } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).tap;
const settingsFile = join(built, 'tap.json');
writeFileSync(settingsFile, JSON.stringify(settings));
const env = { ...process.env, TAP_RCFILE: settingsFile };
const builtName = (file) => [relative(root, built), file.replace(/\.ts$/, '.js')].join('/').split(sep).join('/');

let status = 0;
for (const [jobs, list] of [
  [3, [...writeJoined(built, joined, 5), ...parts.filter((f) => !joined.includes(f))]],
  [4, files.filter(realTime)],
  [2, files.filter((f) => onAir(f) && small(f))],
  [1, files.filter((f) => onAir(f) && !small(f))],
]) {
  if (list.length === 0) continue;
  const args = [tap, 'run', `--jobs=${jobs}`, ...options, ...list.map(builtName)];
  const result = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  status ||= result.status ?? 1;
}
process.exit(status);
