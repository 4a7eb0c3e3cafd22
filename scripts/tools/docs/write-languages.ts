import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { languagesPage } from './languages-page.js';

/** Writes docs/languages.md from the table of languages: `npm run tool -- write-languages`. */
const file = join(packageRoot(), 'docs', 'languages.md');
writeFileSync(file, languagesPage());
console.log(file);
