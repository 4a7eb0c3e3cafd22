/**
 * Writes the types of the studio's pages from the description of its server:
 *
 *     npm run tool -- write-api-types
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapi, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { packageRoot } from '../../../src/core/files/paths.js';
import { API_TYPES, apiDocument, apiHead } from './api-document.js';

const text = await apiDocument();
const nodes = await openapi(JSON.parse(text) as OpenAPI3, { immutable: true, alphabetize: true });
/** Without the parts of a route that have no type here. */
const answers = astToString(nodes)
  .replaceAll(/^ *readonly \w+\?: never;\n/gm, '')
  .replaceAll(/^ *readonly parameters: \{\s*\};\n/gm, '')
  .replaceAll(/^ *headers: \{\s*readonly \[name: string\]: unknown;\s*\};\n/gm, '')
  .replaceAll(/^ *\/\*\* @description Default Response \*\/\n/gm, '')
  .replaceAll(
    /^export (?:type [$\w]+ = Record<string, never>|interface (?:components|webhooks|operations) \{[\s\S]*?^\});?\n/gm,
    '',
  );
const file = join(packageRoot(), API_TYPES);
writeFileSync(file, `${apiHead(text)}\n${answers}`);
spawnSync('npx', ['oxfmt', file], { stdio: 'inherit' });
console.log(file);
