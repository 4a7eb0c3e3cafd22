// Runs all tests: first those of single parts, two files at a time; then whole rooms (test/on-air) and the
// command line (test/cli) one file after another, as each of them wants the machine for itself.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tap = join(dirname(createRequire(import.meta.url).resolve('tap/package.json')), 'dist', 'esm', 'run.mjs');
const options = process.argv.slice(2);
const files = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && e.name.endsWith('.test.ts'))
  .map((e) => relative(root, join(e.parentPath, e.name)))
  .sort();
const alone = (file) => /^test[\\/](on-air|cli)[\\/]/.test(file);

let status = 0;
for (const [jobs, list] of [
  [2, files.filter((f) => !alone(f))],
  [1, files.filter(alone)],
]) {
  if (list.length === 0) continue;
  const args = [tap, 'run', `--jobs=${jobs}`, ...options, ...list.map((f) => f.split(sep).join('/'))];
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  status ||= result.status ?? 1;
}
process.exit(status);
