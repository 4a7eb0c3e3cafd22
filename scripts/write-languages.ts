import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/core/files/paths.js';
import { languagesPage } from './docs/languages-page.js';

/** Writes docs/languages.md from the table of languages: `npx tsx scripts/write-languages.ts`. */
const file = join(packageRoot(), 'docs', 'languages.md');
writeFileSync(file, languagesPage());
console.log(file);
