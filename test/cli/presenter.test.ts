import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readPresenterPack } from '../../src/avatar/presenter-pack.js';
import { runEngine } from './run-engine.js';

t.test('lists all presenters as text and as JSON', async (t) => {
  const text = await runEngine(['presenter', 'list']);
  t.equal(text.code, 0, text.stderr);
  t.match(text.stdout, /^aiko +JP +27 +female +Bright/m);
  const json = await runEngine(['presenter', 'list', '--json']);
  const all = JSON.parse(json.stdout) as { name: string; looks: string[] }[];
  t.ok(all.length >= 120);
  t.notMatch(json.stdout, process.cwd(), 'no paths of this machine');
});

t.test('writes a presenter out as a pack of its own', async (t) => {
  const out = join(t.testdir({}), 'mine');
  const { code, stderr } = await runEngine(['presenter', 'draw', 'aiko', '--look', 'festival', '--out', out]);
  t.equal(code, 0, stderr);
  const pack = await readPresenterPack(out);
  t.equal(pack.manifest.name, 'aiko');
  t.match(readFileSync(join(out, 'parts', 'mouths.svg'), 'utf8'), /^<svg/);
  const unknown = await runEngine(['presenter', 'draw', 'aiko', '--look', 'armour', '--out', join(out, 'x')]);
  t.not(unknown.code, 0);
  t.match(unknown.stderr, /festival/);
  t.notOk(existsSync(join(out, 'x')));
  const drawn = await runEngine(['presenter', 'draw', out, '--out', join(out, 'x')]);
  t.match(drawn.stderr, /drawings already/);
});
