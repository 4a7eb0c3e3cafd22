import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { readersTable } from './readers-table.js';

/** Writes the table of readers into docs/benchmarks-scan.md: `npm run tool -- write-readers`. */
const file = join(packageRoot(), 'docs', 'benchmarks-scan.md');
const page = readFileSync(file, 'utf8');
writeFileSync(file, page.replace(/(## Readers\n(?:(?!\n## )[^])*?\n\n)\| reader[^]*?\n(?=\n)/, `$1${readersTable()}`));
console.log(file);
