import { join } from 'node:path';
import t from 'tap';
import { readFilmPack } from '../../../src/avatar/filmed/film-manifest.js';
import { readPackVoices } from '../../../src/avatar/presenter-pack.js';
import { alteredPack, consent, loadPack, writePack } from './film-rig.js';

const root = t.testdir();
const good = await writePack(join(root, 'good'));

const altered = (name: string, file: 'pack.json' | 'track.json', change: (value: any) => unknown): string =>
  alteredPack(good, join(root, name), file, change);

t.test('reads a complete pack', async (t) => {
  const { manifest, track } = await readFilmPack(good);
  t.equal(manifest.consent.who, 'Ana Torres');
  t.equal(track.mouths.length, 5);
  t.same(await readPackVoices(good), {});
});

t.test('refuses a pack without complete consent, naming the field', async (t) => {
  for (const field of Object.keys(consent)) {
    const dir = altered(`no-${field}`, 'pack.json', (m) => {
      delete m.consent[field];
      return m;
    });
    await t.rejects(loadPack(dir, join(root, 'cache')), {
      code: 'E_PRESENTER_INVALID',
      where: new RegExp(`consent\\.${field}`),
      todo: /filmed-presenters\.md/,
    });
  }
  const minor = altered('minor', 'pack.json', (m) => ({ ...m, consent: { ...m.consent, adult: false } }));
  await t.rejects(readFilmPack(minor), { code: 'E_PRESENTER_INVALID', expected: /adult/ });
  const none = altered('none', 'pack.json', (m) => ({ ...m, consent: undefined }));
  await t.rejects(readPackVoices(none), { code: 'E_PRESENTER_INVALID' }, 'also where only the voices are read');
});

t.test('refuses files outside the pack', async (t) => {
  for (const file of ['../good/film.mp4', '/etc/passwd']) {
    const dir = altered(`outside-${file.length}`, 'pack.json', (m) => ({ ...m, film: { ...m.film, file } }));
    await t.rejects(readFilmPack(dir), { code: 'E_PRESENTER_INVALID', expected: 'a file inside the pack' });
  }
});

t.test('refuses tables of another length and references that do not exist', async (t) => {
  const short = altered('short', 'track.json', (m) => ({ ...m, poses: m.poses.slice(6) }));
  await t.rejects(readFilmPack(short), { code: 'E_PRESENTER_INVALID', where: /poses/ });
  const blends = altered('blends', 'track.json', (m) => ({ ...m, blends: m.blends.map(() => 3) }));
  await t.rejects(readFilmPack(blends), { code: 'E_PRESENTER_INVALID', where: /blends/ });
  const many = altered('many', 'track.json', (m) => ({ ...m, mouths: Array.from({ length: 300 }, () => m.mouths[0]) }));
  await t.rejects(readFilmPack(many), { code: 'E_PRESENTER_INVALID', where: /mouths/ });
});

t.test('refuses times beyond the film', async (t) => {
  const late = altered('late', 'pack.json', (m) => ({ ...m, gestures: [{ name: 'wave', fromMs: 0, toMs: 9000 }] }));
  await t.rejects(readFilmPack(late), { code: 'E_PRESENTER_INVALID', where: /gestures\[0\]/ });
});
