import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { errorsPage } from './errors-page.js';

/** Writes docs/errors.md: `npm run tool -- write-errors`. */
const file = join(packageRoot(), 'docs', 'errors.md');
writeFileSync(file, errorsPage());
console.log(file);
