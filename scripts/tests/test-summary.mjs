// Reads a TAP log and closes with "N passed, N failed"; exit 1 when a test failed, was skipped for want of anything but
// Kokoro's files, or none ran. A file that
// ran once more counts by its last run, and is named.
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').split('\n');
const counts = () => ({ passed: 0, failed: 0, skipped: [] });
/** Results by test file; those outside of any file under ''. */
const files = new Map();
const again = [];
let open = counts();
for (const line of lines) {
  const result = /^\s*(not )?ok \d+ - (.*)$/.exec(line);
  if (result === null) continue;
  const [, not, title] = result;
  if (/# SKIP/i.test(title)) open.skipped.push(title);
  else if (not !== undefined) open.failed += 1;
  // A subtest's own line repeats its assertions; only assertions have no time.
  else if (!/# time=/.test(title)) open.passed += 1;
  const file = /^(?:not )?ok \d+ - (\S+\.test\.js)/.exec(line)?.[1];
  if (file === undefined) continue;
  if (files.has(file)) again.push(file);
  files.set(file, open);
  open = counts();
}
files.set('', open);
const all = [...files.values()];
const sum = (name) => all.reduce((total, one) => total + one[name], 0);
const skipped = all.flatMap((one) => one.skipped);
for (const title of skipped) process.stderr.write(`skipped: ${title}\n`);
for (const file of again) process.stderr.write(`ran once more: ${file}\n`);
const [passed, failed] = [sum('passed'), sum('failed')];
process.stdout.write(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`);
// The files of Kokoro do not come with the package.
const refused = skipped.filter((title) => process.env.KOKORO_FOLDER !== undefined || !title.includes('KOKORO_FOLDER'));
process.exit(failed > 0 || refused.length > 0 || passed === 0 ? 1 : 0);
