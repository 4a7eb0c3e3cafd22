import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { PackDrawer } from '../../src/avatar/drawing/pack-drawer.js';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { readPresenterPack } from '../../src/avatar/presenter-pack.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { STRANGER_LIMITS } from '../../src/core/processes/limited-process.js';
import { twinKernels } from '../../src/native/twin/twin-kernels.js';
import { presenterSpec } from '../../src/cast/presenter-spec.js';
import { writePack as writeDrawn } from '../../src/cast/write-pack.js';
import { loadPack, writePack } from './filmed/film-rig.js';

const linux = { skip: process.platform !== 'linux' };
const root = t.testdir();
const good = await writePack(join(root, 'good'));
const cache = join(root, 'cache');

const copyOf = (name: string): string => {
  const dir = join(root, name);
  cpSync(good, dir, { recursive: true });
  return dir;
};
/** Replaces a file of a copy; the pack must be refused. */
async function refused(t: Test, name: string, file: string, put: (path: string) => void, expected: object) {
  const dir = copyOf(name);
  rmSync(join(dir, file));
  put(join(dir, file));
  const beganMs = performance.now();
  await t.rejects(loadPack(dir, cache), { code: 'E_PRESENTER_INVALID', ...expected }, name);
  t.ok(performance.now() - beganMs < 10_000, `${name}: at once`);
}

t.test('takes mouths as PNG or WebP by their bytes alone', async (t) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="24"><text>${'W'.repeat(400_000)}</text></svg>`;
  const expected = { expected: 'a sheet of mouths as PNG or WebP' };
  await refused(t, 'svg', 'mouths.webp', (path) => writeFileSync(path, svg), expected);
  const gif = await sharp(join(good, 'mouths.webp')).gif().toBuffer();
  await refused(t, 'gif', 'mouths.webp', (path) => writeFileSync(path, gif), expected);
  const png = await sharp(join(good, 'mouths.webp')).png().toBuffer();
  const dir = copyOf('png');
  writeFileSync(join(dir, 'mouths.webp'), png);
  t.equal((await loadPack(dir, cache)).name, 'ana', 'a PNG of any name');
});

t.test('reads no pipe, no device and no file outside of the pack', linux, async (t) => {
  const pipe = (path: string): void => void execFileSync('mkfifo', [path]);
  for (const file of ['mouths.webp', 'film.mp4', 'track.json', 'pack.json'])
    await refused(t, `pipe-${file}`, file, pipe, {});
  await refused(t, 'zero', 'mouths.webp', (path) => symlinkSync('/dev/zero', path), {});
  const outside = join(good, 'film.mp4');
  await refused(t, 'film', 'film.mp4', (path) => symlinkSync(outside, path), { expected: 'a file inside the pack' });
  for (const file of ['pack.json', 'track.json'])
    await refused(t, `passwd-${file}`, file, (path) => symlinkSync('/etc/passwd', path), { message: /^(?!.*root:)/s });
});

t.test('shows nothing of a file that is no JSON', async (t) => {
  for (const file of ['pack.json', 'track.json'])
    await refused(t, `secret-${file}`, file, (path) => writeFileSync(path, 'hunter2: a secret'), {
      message: /^(?!.*hunter2)/s,
    });
});

/** Turbulence and blurs that take minutes. */
const slow = `<defs><filter id="f" x="0" y="0" width="1" height="1">${'<feTurbulence baseFrequency="0.9" numOctaves="9"/><feMorphology operator="dilate" radius="300"/><feGaussianBlur stdDeviation="300"/>'.repeat(40)}</filter></defs><rect width="600" height="800" filter="url(#f)"/>`;

t.test('draws the drawings of a stranger in a limited process', linux, async (t) => {
  const dir = join(root, 'drawn');
  const spec = JSON.parse(readFileSync(templatePath('presenters', 'mei', 'pack.json'), 'utf8')) as unknown;
  await writeDrawn(presenterSpec.parse(spec), dir);
  const { manifest } = await readPresenterPack(dir);
  const body = join(dir, manifest.parts.body!);
  writeFileSync(body, readFileSync(body, 'utf8').replace(/(<svg\b[^>]*>)/, `$1${slow}`));
  const box = { x: 0, y: 0, width: 360, height: 480 };
  const beganMs = performance.now();
  await t.rejects(
    loadPresenter(dir, { box, kernels: twinKernels(), log: silentLog, cacheDir: join(root, 'drawn-cache') }),
    { code: 'E_PRESENTER_INVALID', expected: /at most 5 s/ },
  );
  t.ok(performance.now() - beganMs < 60_000);
  symlinkSync('/etc/passwd', join(dir, 'out.svg'));
  writeFileSync(
    join(dir, 'pack.json'),
    readFileSync(join(dir, 'pack.json'), 'utf8').replace(manifest.parts.body!, 'out.svg'),
  );
  await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', message: /^(?!.*root:).*inside the pack/s });
});

t.test('counts the CPU time of all sheets of a pack', async (t) => {
  const drawer = new PackDrawer({ packCpuMs: 0, limits: STRANGER_LIMITS });
  t.teardown(() => drawer.close());
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><rect width="9" height="7"/></svg>',
  );
  const { width, height, data } = await drawer.rasterise(svg, 'x');
  t.same([width, height, data.length], [9, 7, 252]);
  await t.rejects(drawer.rasterise(svg, 'x'), { code: 'E_PRESENTER_INVALID', todo: /simplify/ });
  const closed = new PackDrawer();
  await closed.close();
  await t.rejects(closed.rasterise(svg, 'x'), { code: 'E_CLOSED' });
});
