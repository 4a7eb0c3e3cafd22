import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fitFilm } from '../../../src/avatar/filmed/fit-film.js';
import { filmManifest } from '../../../src/avatar/filmed/film-manifest.js';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { silentLog } from '../../../src/core/log.js';
import { alteredPack, BOX, kernels, loadPack, manifest, writePack } from './film-rig.js';

const root = t.testdir();
const cache = join(root, 'cache');
const opaque = await writePack(join(root, 'opaque'));

t.test('decodes the film once for each size and keeps it', async (t) => {
  const data = await loadPack(opaque, cache);
  t.equal(data.film!.frames, 40);
  t.equal(data.name, 'ana');
  t.ok(data.bytes <= 60 * 1024 * 1024);
  const [file] = readdirSync(cache);
  const { mtimeMs, size } = statSync(join(cache, file!));
  t.equal(size, 4096 + 40 * 96 * 128 * 1.5 + 41 * 8);
  await loadPack(opaque, cache);
  t.equal(readdirSync(cache).length, 1);
  await loadPack(opaque, cache, { ...BOX, width: 48, height: 64 });
  t.equal(readdirSync(cache).length, 2, 'another size is another film');
  writeFileSync(join(cache, file!), 'short');
  await loadPack(opaque, cache);
  t.equal(statSync(join(cache, file!)).size, size, 'a damaged film is decoded again');
  t.ok(mtimeMs > 0);
});

t.test('joins picture and matte to a premultiplied picture', async (t) => {
  const cut = await writePack(join(root, 'cut'), { alpha: true });
  const { film, sprites } = await loadPack(cut, cache);
  const { data, width, height } = sprites[film!.still]!.bitmap;
  t.equal(film!.opaque, false);
  const alphaAt = width * height * 1.5;
  const middle = (height / 2) * width;
  t.equal(data[alphaAt + middle + width / 2], 255);
  t.equal(data[alphaAt + middle + 1], 0);
  t.equal(data[middle + 1], 0, 'nothing is left where nobody is');
  t.ok(width < 80 && film!.x > BOX.x + 8, `only where the person moves: ${width} of ${BOX.width} pixels`);
  const file = statSync(film!.path);
  t.ok(file.size < 40 * width * height * 1.65 + 8192, 'and of the matte its edges');
});

t.test('covers the box with a film that keeps its background, and stands a cut-out person on its edge', async (t) => {
  const wide = { x: 0, y: 0, width: 200, height: 128 };
  const covering = fitFilm(filmManifest.parse(manifest(false)), wide);
  t.same([covering.width, covering.height], [200, 128]);
  const standing = fitFilm(filmManifest.parse(manifest(true)), wide);
  t.same([standing.height, standing.y], [128, 0]);
  const tall = filmManifest.parse(manifest(true));
  const below = fitFilm(
    {
      ...tall,
      film: { ...tall.film, height: 2 * tall.film.height },
      person: [tall.person[0], tall.person[1] + tall.film.height, tall.person[2], tall.person[3]],
    },
    wide,
  );
  t.same([below.height, below.y], [128, 0], 'and empty picture above the head takes nothing from the height');
  t.ok(below.scaleY >= standing.scaleY * 0.95, `the person is as tall: ${below.scaleY}, ${standing.scaleY}`);
  const narrow = fitFilm(filmManifest.parse(manifest(true)), { x: 0, y: 0, width: 32, height: 128 });
  t.equal(narrow.y + narrow.height, 128);
  t.ok(narrow.scaleX <= 0.51, 'the person became smaller instead of losing an arm');
});

t.test('refuses poses that would leave the picture or fold it', async (t) => {
  for (const pose of [
    [0, 0, 0, 0, 48, 48],
    [1, 0, 0, -1, 48, 48],
    [3.9, 0, 0, 3.9, 48, 48],
  ]) {
    const poses = Array.from({ length: 40 }, () => pose).flat();
    const dir = alteredPack(opaque, join(root, `pose${pose[0]}${pose[3]}`), 'track.json', (m) => ({ ...m, poses }));
    await t.rejects(loadPack(dir, cache), { code: 'E_PRESENTER_INVALID', where: /poses/ });
  }
});

t.test('refuses a sheet of another size and a film of fewer frames', async (t) => {
  const sheet = alteredPack(opaque, join(root, 'sheet'), 'track.json', (m) => ({ ...m, columns: 4 }));
  await t.rejects(loadPack(sheet, cache), { code: 'E_PRESENTER_INVALID', where: /mouths\.webp/ });
  const broken = alteredPack(opaque, join(root, 'broken'), 'pack.json', (m) => m);
  writeFileSync(join(broken, 'film.mp4'), 'no film');
  await t.rejects(loadPack(broken, cache), { code: 'E_PRESENTER_INVALID', where: /film\.mp4/ });
});

t.test('says that a filmed presenter needs a decoder', async (t) => {
  const options = { box: BOX, kernels, log: silentLog, cacheDir: cache };
  await t.rejects(loadPresenter(opaque, options), { code: 'E_PRESENTER_INVALID' });
});
