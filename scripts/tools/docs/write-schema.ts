import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rulePackSchema } from '../../../src/moderation/packs/rule-table.js';
import { wordTableSchema } from '../../../src/moderation/words/word-table.js';
import { languagesSchema } from '../../../src/config/languages/language-table.js';
import { templateSchema } from '../../../src/config/templates/template.js';
import { roomSchema } from '../../../src/config/room-schema.js';
import { templatePath } from '../../../src/core/files/paths.js';

/** Writes the JSON Schemas that the `$schema` of the demo rooms, the rule packs, the word tables, the templates and the languages name: `npm run tool -- write-schema`. */
for (const [name, schema] of [
  ['room.schema.json', roomSchema()],
  ['rule-pack.schema.json', rulePackSchema()],
  ['word-table.schema.json', wordTableSchema()],
  ['template.schema.json', templateSchema()],
  ['languages.schema.json', languagesSchema()],
] as const) {
  const file = templatePath('schema', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  console.log(file);
}
