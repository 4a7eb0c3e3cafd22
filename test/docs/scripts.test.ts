import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SCRIPTS_PAGE, withScripts } from '../../scripts/tools/docs/scripts-page.js';
import { packageRoot } from '../../src/core/files/paths.js';

t.test('the scripts of the documentation are those that the writer writes', async (t) => {
  const page = readFileSync(join(packageRoot(), SCRIPTS_PAGE), 'utf8');
  t.equal(page, await withScripts(page), 'run `npm run tool -- write-scripts`');
});
