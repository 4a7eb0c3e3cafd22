import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LAYOUT_PAGES, withLayout } from '../../scripts/tools/docs/layout-page.js';
import { packageRoot } from '../../src/core/files/paths.js';

const arrows = JSON.parse(readFileSync(join(packageRoot(), 'scripts', 'lint', 'arrows.json'), 'utf8')) as {
  floors: string[][];
  holds: Record<string, string>;
};

t.test('the pages show the layout that the lint rule checks', async (t) => {
  for (const page of LAYOUT_PAGES) {
    const text = readFileSync(join(packageRoot(), page), 'utf8');
    t.match(text, /<!-- floors -->/, page);
    t.equal(text, withLayout(text), `${page}: run \`npm run tool -- write-layout\``);
  }
});

t.test('says of every room what it holds', async (t) => {
  t.strictSame(Object.keys(arrows.holds), arrows.floors.flat(), 'in the order of the floors');
  for (const [room, contents] of Object.entries(arrows.holds)) t.match(contents, /^[^|\n]{10,}$/, room);
  for (const room of readdirSync(join(packageRoot(), 'src'))) t.ok(arrows.holds[room], `src/${room}`);
});

t.test('replaces stale tables by those of the arrows', async (t) => {
  const stale = '# x\n<!-- floors -->\nold\n<!-- end -->\n<!-- rooms -->\nold\n<!-- end -->\nkept\n';
  const fresh = withLayout(stale);
  t.match(fresh, /^# x\n<!-- floors -->\n```\ncli\n/);
  t.match(fresh, /\n\| `loop` \| .* \|\n/);
  t.match(fresh, /<!-- end -->\nkept\n$/);
});
