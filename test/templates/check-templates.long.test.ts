import t from 'tap';
import { checkTemplate, lintLongTitle, lintTemplate } from '../../scripts/tools/art/templates/lint-template.js';

// `npm run tool -- check-templates` checks all of them.

t.test('engine check finds nothing in a room made from a template', async (t) => {
  t.same(await checkTemplate('office', 'landscape', 'zh'), []);
});

t.test('nothing overlaps with the longest title and a former price', async (t) => {
  t.same(await lintLongTitle('furniture', 'portrait', 'de'), []);
});

t.test('nothing overlaps with the longest label, in the layout where it stands nearest', async (t) => {
  t.same(await lintTemplate('baby', 'landscape', 'ar'), []);
});
