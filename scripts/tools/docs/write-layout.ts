// Writes the layout tables of CONTRIBUTING.md and docs/architecture.md from scripts/lint/arrows.json: `npm run tool -- write-layout`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { LAYOUT_PAGES, withLayout } from './layout-page.js';

for (const page of LAYOUT_PAGES) {
  const file = join(packageRoot(), page);
  writeFileSync(file, withLayout(readFileSync(file, 'utf8')));
}
