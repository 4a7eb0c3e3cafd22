/**
 * Draws what the presenters of templates/presenters need beyond their specs: mei, leo and amara as complete packs, and
 * the contact sheet docs/presenters.png.
 *
 *     npm run tool -- draw-presenters
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presenterSpec } from '../../../src/cast/presenter-spec.js';
import { writePack } from '../../../src/cast/write-pack.js';
import { listCast } from '../../../src/avatar/list-cast.js';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';
import { contactSheet } from './cast/contact-sheet.js';

for (const name of ['mei', 'leo', 'amara']) {
  const spec = presenterSpec.parse(
    JSON.parse(readFileSync(join(packageRoot(), 'scripts/tools/art/cast', `${name}.json`), 'utf8')),
  );
  await writePack(spec, templatePath('presenters', name));
}
const people = await listCast();
await contactSheet(people, join(packageRoot(), 'docs/presenters.png'));
process.stdout.write(`${people.length} presenters\n`);
