import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { presenterSpec } from '../../src/cast/presenter-spec.js';
import { listCast } from '../../src/avatar/list-cast.js';
import { writePack } from '../../src/cast/write-pack.js';
import { readPackVoices, readPresenterPack } from '../../src/avatar/presenter-pack.js';
import { templatePath } from '../../src/core/files/paths.js';

const specOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(templatePath('presenters', name, 'pack.json'), 'utf8')) as Record<string, unknown>;
const written = (t: Test, spec: unknown): string => {
  const dir = join(t.testdir(), 'own');
  mkdirSync(dir);
  writeFileSync(join(dir, 'pack.json'), JSON.stringify(spec));
  return dir;
};

t.test('names at least 120 adults, half of each gender, from the regions of the world', async (t) => {
  const people = (await listCast()).filter(({ gender }) => gender !== undefined);
  t.ok(people.length >= 120, `${people.length}`);
  const share = (of: (one: (typeof people)[number]) => boolean): number => people.filter(of).length / people.length;
  const women = people.filter(({ gender }) => gender === 'female').length;
  t.ok(Math.abs(2 * women - people.length) <= people.length % 2, `${women} of ${people.length}`);
  t.ok(Math.abs(share(({ region = '' }) => /asia/.test(region)) - 0.5) < 0.02, 'half from Asia');
  t.ok(Math.abs(share(({ region }) => region === 'europe') - 1 / 3) < 0.02, 'a third from Europe');
  for (const region of ['africa', 'middle-east', 'north-america', 'latin-america'])
    t.ok(
      people.some((one) => one.region === region),
      region,
    );
  t.ok(people.every(({ ageYears }) => ageYears >= 20 && ageYears <= 60));
  for (const { name, title, about } of people)
    t.ok(
      title.en !== '' && /\p{Script=Han}/u.test(title.zh) && about.en !== '' && /\p{Script=Han}/u.test(about.zh),
      name,
    );
});

t.test('keeps a spec near a kilobyte', async (t) => {
  for (const { dir, gender } of await listCast()) {
    if (gender === undefined) continue;
    const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(readFileSync(join(dir, 'pack.json'), 'utf8'))));
    t.ok(bytes < 1400, `${dir}: ${bytes}`);
  }
});

t.test('says where a spec is wrong, what was expected and what was found', async (t) => {
  const young = { ...specOf('aiko'), ageYears: 17 };
  await t.rejects(readPresenterPack(written(t, young)), {
    code: 'E_PRESENTER_INVALID',
    where: /ageYears/,
    found: '17',
  });
  const look = specOf('aiko')['look'] as Record<string, unknown>;
  const bald = { ...specOf('aiko'), look: { ...look, hair: { style: 'mohawk' } } };
  await t.rejects(readPresenterPack(written(t, bald)), {
    code: 'E_PRESENTER_INVALID',
    where: /look\.hair\.style/,
    found: '"mohawk"',
  });
  const extra = { ...specOf('aiko'), look: { ...look, wings: true } };
  await t.rejects(readPresenterPack(written(t, extra)), {
    code: 'E_PRESENTER_INVALID',
    where: /look/,
    message: /wings/,
  });
});

t.test('dresses a presenter in a look of its wardrobe, an outfit of the library, or clothes', async (t) => {
  const dir = templatePath('presenters', 'aiko');
  const own = await readPresenterPack(dir);
  const looks = ['festival', 'chef', { outfit: { kind: 'lab-coat', accent: '#88aacc' } }];
  const hashes = new Set([own.hash]);
  for (const look of looks) {
    const pack = await readPresenterPack(dir, look);
    hashes.add(pack.hash);
    t.equal(pack.parts.mouths, own.parts.mouths, 'the face stays');
    t.not(pack.parts.body, own.parts.body);
  }
  t.equal(hashes.size, 4, 'each look is cached by itself');
  await t.rejects(readPresenterPack(dir, 'armour'), {
    code: 'E_PRESENTER_INVALID',
    where: /look/,
    found: 'armour',
    expected: /festival, /,
  });
  await t.rejects(readPresenterPack(dir, { outfit: { kind: 'armour' } }), {
    code: 'E_PRESENTER_INVALID',
    where: /look/,
    found: '"armour"',
  });
  const drawn = join(t.testdir(), 'drawn');
  await writePack(presenterSpec.parse(specOf('mei')), drawn);
  await t.rejects(readPresenterPack(drawn, 'chef'), {
    code: 'E_PRESENTER_INVALID',
    expected: /spec/,
  });
});

t.test('gives presenters voices that fit and differ', async (t) => {
  const voices = new Set<string>();
  const speakers = {
    female: /^heart(?:-(?:ivy|june|sage|wren|pearl|hazel|nora|olive|ruth))?$/,
    male: /^heart-(?:finn|jude|max|noah|reed|hugo|axel|theo|otis|amos)$/,
  };
  for (const name of ['aiko', 'wei', 'priya', 'kwame', 'ingrid', 'omar']) {
    const { gender } = presenterSpec.parse(specOf(name));
    const own = await readPackVoices(templatePath('presenters', name));
    t.match(own['en']!.name, speakers[gender], name);
    t.match(own['*']!.name, gender === 'female' ? /^f\d$/ : /^m\d$/, name);
    voices.add(JSON.stringify(own));
  }
  t.equal(voices.size, 6);
});
