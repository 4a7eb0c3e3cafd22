// Writes the three scripts of docs/make-a-script.md as the writer writes them: `npm run tool -- write-scripts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { SCRIPTS_PAGE, withScripts } from './scripts-page.js';

const file = join(packageRoot(), SCRIPTS_PAGE);
writeFileSync(file, await withScripts(readFileSync(file, 'utf8')));
