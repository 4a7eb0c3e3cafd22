import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { runEngine } from './run-engine.js';

t.test('lists all templates as text and as JSON', async (t) => {
  const text = await runEngine(['template', 'list']);
  t.equal(text.code, 0);
  t.match(text.stdout, /^kitchen +Kitchen +anong +厨房用品$/m);
  const json = await runEngine(['template', 'list', '--json']);
  const all = JSON.parse(json.stdout) as { name: string; pictures: { portrait: string } }[];
  t.equal(all.length, 24);
  for (const { name, pictures } of all) t.ok(existsSync(pictures.portrait), name);
});

t.test('writes a page with two pictures of each', async (t) => {
  const file = join(t.testdir({}), 'templates.html');
  const { code } = await runEngine(['template', 'list', '--html', file]);
  t.equal(code, 0);
  t.equal(
    readFileSync(file, 'utf8').match(/<img alt="[^"]+" width="[0-9]+" height="[0-9]+" src="data:image\/webp;base64,/g)
      ?.length,
    48,
  );
});

t.test('makes a room from a template, and refuses options that need one', async (t) => {
  const dir = t.testdir({});
  const made = await runEngine(['new', join(dir, 'shop'), '--template', 'toys', '--language', 'fr']);
  t.equal(made.code, 0, made.stderr);
  t.match(made.stdout, /from the template toys/);
  t.ok(existsSync(join(dir, 'shop', 'room.json')));
  const without = await runEngine(['new', join(dir, 'x'), '--brand', '#112233']);
  t.not(without.code, 0);
  t.match(without.stderr, /--brand: expected a template as well/);
  const both = await runEngine(['new', join(dir, 'x'), '--from', 'minimal', '--template', 'toys']);
  t.match(both.stderr, /either --from or --template/);
  t.notOk(existsSync(join(dir, 'x')));
});
