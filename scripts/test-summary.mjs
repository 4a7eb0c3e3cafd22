// Reads a TAP log and closes with "N passed, N failed"; exit 1 when a test failed, was skipped, or none ran.
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').split('\n');
let passed = 0;
let failed = 0;
const skipped = [];
for (const line of lines) {
  const result = /^\s*(not )?ok \d+ - (.*)$/.exec(line);
  if (result === null) continue;
  const [, not, title] = result;
  if (/# SKIP/i.test(title)) skipped.push(title);
  else if (not !== undefined) failed += 1;
  // A subtest's own line repeats its assertions; only assertions have no time.
  else if (!/# time=/.test(title)) passed += 1;
}
for (const title of skipped) process.stderr.write(`skipped: ${title}\n`);
process.stdout.write(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`);
process.exit(failed > 0 || skipped.length > 0 || passed === 0 ? 1 : 0);
