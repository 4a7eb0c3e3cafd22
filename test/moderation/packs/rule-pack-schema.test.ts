import { readFileSync } from 'node:fs';
import t from 'tap';
import { packFiles } from '../../../src/moderation/packs/checked-packs.js';
import { rulePackSchema } from '../../../src/moderation/packs/rule-pack.js';
import { templatePath } from '../../../src/core/files/paths.js';

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

t.test('the committed schema of rule packs equals the generated one', async (t) => {
  t.strictSame(json(templatePath('schema', 'rule-pack.schema.json')), JSON.parse(JSON.stringify(rulePackSchema())));
});

t.test('every pack names the schema', async (t) => {
  for (const file of packFiles(templatePath('rules')))
    t.match(json(file), { $schema: '../../schema/rule-pack.schema.json' }, file);
});
