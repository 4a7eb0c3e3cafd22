import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { errorsPage } from '../../scripts/tools/docs/errors-page.js';
import { ERROR_MEANINGS } from '../../src/core/error-meanings.js';
import { packageRoot } from '../../src/core/files/paths.js';

t.test('the page of errors lists every code as the table has it', async (t) => {
  const page = readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8');
  t.equal(page, errorsPage(), 'run `npm run tool -- write-errors`');
});

t.test('every code has a meaning and a thing to do, of one line that a table can hold', async (t) => {
  for (const [code, { meaning, todo }] of Object.entries(ERROR_MEANINGS)) {
    for (const text of [meaning, todo]) t.match(text, /^[^|\n]{10,130}\.$/, code);
  }
});
