import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { API_TYPES, apiDocument, apiHead } from '../../scripts/tools/docs/api-document.js';
import { packageRoot } from '../../src/core/files/paths.js';

t.test('the types of the pages are those of the server as it is', async (t) => {
  const [head] = readFileSync(join(packageRoot(), API_TYPES), 'utf8').split('\n');
  t.equal(head, apiHead(await apiDocument()), 'run: npm run tool -- write-api-types');
});
