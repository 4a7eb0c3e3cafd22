import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readersTable } from '../../scripts/tools/docs/readers-table.js';
import { CODE_READERS } from '../../src/codescan/code-reader.js';
import { packageRoot } from '../../src/core/files/paths.js';

const folder = join(packageRoot(), 'src/codescan');
/** Folders of codescan that serve all forms. */
const COMMON = new Set(['admission', 'decoders', 'jobs', 'locate', 'pipeline']);

t.test('every folder of a form has its reader in the table', async (t) => {
  const forms = readdirSync(folder, { withFileTypes: true }).filter(
    (one) => one.isDirectory() && !COMMON.has(one.name),
  );
  t.equal(forms.length, CODE_READERS.length);
});

t.test('a reader that is on by default finds codes that the scan misses without it', async (t) => {
  for (const { name, isOption, gains } of CODE_READERS) {
    if (isOption === true) continue;
    t.ok(
      gains.some(({ found, without }) => found > without),
      name,
    );
    for (const { codes, found, without } of gains) t.ok(without <= found && found <= codes, name);
  }
});

t.test('the page of benchmarks has the table of readers', async (t) => {
  const page = readFileSync(join(packageRoot(), 'docs', 'benchmarks-scan.md'), 'utf8');
  t.ok(page.includes(readersTable()), 'run `npm run tool -- write-readers`');
});
