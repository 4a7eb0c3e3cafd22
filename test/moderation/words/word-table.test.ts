import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';
import { wordTable } from '../../../src/moderation/words/word-table.js';
import { wordTableFile, wordTableSchema } from '../../../src/moderation/words/word-table-schema.js';

const files = readdirSync(templatePath('words')).filter((file) => file.endsWith('.json'));
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

t.test('the committed schema of word tables equals the generated one', async (t) => {
  t.strictSame(json(templatePath('schema', 'word-table.schema.json')), JSON.parse(JSON.stringify(wordTableSchema())));
});

t.test('every word table follows the schema, and each of its lists is a regular expression', async (t) => {
  t.ok(files.length > 20);
  for (const file of files) {
    const { lists } = wordTableFile.parse(json(templatePath('words', file)));
    const table = wordTable(file.slice(0, -'.json'.length));
    for (const name of Object.keys(lists)) t.doesNotThrow(() => new RegExp(table.any(name), 'u'), `${file}: ${name}`);
  }
});

t.test('every list is read by the detector that reads its file', async (t) => {
  const folder = join(packageRoot(), 'src/moderation');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
  for (const file of files) {
    const { lists } = wordTableFile.parse(json(templatePath('words', file)));
    const source = sources.find((text) => text.includes(`'${file.slice(0, -'.json'.length)}'`));
    for (const name of Object.keys(lists)) t.ok(source?.includes(`'${name}'`), `${file}: ${name}`);
  }
});

t.test('gives terms in the order of the file, by language and together', async (t) => {
  const table = wordTable('self-mockery');
  const groups = table.groups('before');
  t.equal(groups[0]?.[0], 'en');
  t.same(
    table.list('before'),
    groups.flatMap(([, terms]) => terms),
  );
  t.equal(table.any('before'), table.list('before').join('|'));
});

t.test('reads words with their numbers', async (t) => {
  const digits = new Map(wordTable('spelled-digits').values('digits'));
  t.equal(digits.get('sieben'), 7);
  t.equal(digits.get('零'), 0);
});

t.test('names the file when it or one of its lists is missing', async (t) => {
  t.throws(() => wordTable('no-such-table'), { code: 'E_ASSET_INVALID', where: /no-such-table\.json$/ });
  t.throws(() => wordTable('said-domain').list('nothing'), { code: 'E_ASSET_INVALID', where: /said-domain\.json$/ });
  t.throws(() => wordTable('said-domain').groups('mail'), { code: 'E_ASSET_INVALID' });
});
