import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/core/files/paths.js';
import { errorsPage } from './docs/errors-page.js';

/** Writes docs/errors.md: `npx tsx scripts/write-errors.ts`. */
const file = join(packageRoot(), 'docs', 'errors.md');
writeFileSync(file, errorsPage());
console.log(file);
