import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { TemplateFilms } from '../../src/server/template-films.js';

t.test('makes previews one at a time, the newest wish first, each once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'films-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'kitchen-portrait-0.0.9.mp4'), 'of an earlier package');
  const made: string[] = [];
  let busy = 0;
  let most = 0;
  const run = async (_task: string, { name, out }: { name: string; out: string }): Promise<void> => {
    most = Math.max(most, (busy += 1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    made.push(name);
    busy -= 1;
    if (name === 'broken') throw new Error('cannot draw');
    writeFileSync(out, 'film');
  };
  const films = new TemplateFilms({ folder, version: '0.1.0', work: { run } as never, log: silentLog });
  const first = films.film('a', 'portrait');
  const rest = ['b', 'c', 'd'].map((name) => films.film(name, 'portrait'));
  const again = films.film('b', 'portrait');
  t.equal(basename(await first), 'a-portrait-0.1.0.mp4');
  await Promise.all([...rest, again]);
  t.same(made, ['a', 'b', 'd', 'c'], 'what somebody points at now comes first');
  t.equal(most, 1);
  await films.film('a', 'portrait');
  t.equal(made.length, 4, 'a film is kept');
  t.notOk(readdirSync(folder).includes('kitchen-portrait-0.0.9.mp4'), 'those of another package go');

  await t.rejects(films.film('broken', 'landscape'), /cannot draw/);
  const many = Array.from({ length: 20 }, (_, n) =>
    films.film(`t${n}`, 'landscape').then(
      () => true,
      () => false,
    ),
  );
  const done = (await Promise.all(many)).filter(Boolean).length;
  t.equal(done, 13, 'the one under way and the newest twelve');
});
