import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { languagesPage } from '../../scripts/tools/docs/languages-page.js';
import { packageRoot } from '../../src/core/files/paths.js';

t.test('the page of languages lists every language as the table has it', async (t) => {
  const page = readFileSync(join(packageRoot(), 'docs', 'languages.md'), 'utf8');
  t.equal(page, languagesPage(), 'run `npm run tool -- write-languages`');
});
