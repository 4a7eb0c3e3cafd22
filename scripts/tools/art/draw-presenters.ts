/**
 * Draws the contact sheet docs/presenters.png of all presenters in templates/presenters.
 *
 *     npm run tool -- draw-presenters
 */
import { join } from 'node:path';
import { listCast } from '../../../src/avatar/list-cast.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { contactSheet } from './cast/contact-sheet.js';

const people = await listCast();
await contactSheet(people, join(packageRoot(), 'docs/presenters.png'));
process.stdout.write(`${people.length} presenters\n`);
