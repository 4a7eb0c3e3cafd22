import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { PackDrawer } from '../../src/avatar/drawing/pack-drawer.js';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { readPresenterPack } from '../../src/avatar/presenter-pack.js';
import { presenterSpec } from '../../src/cast/presenter-spec.js';
import { writePack as writeDrawn } from '../../src/cast/write-pack.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { STRANGER_LIMITS } from '../../src/core/processes/limited-process.js';
import { twinKernels } from '../../src/native/twin/twin-kernels.js';
import { loadPack, writePack } from './filmed/film-rig.js';

t.test('hostile packs', async (t) => {
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
      await refused(t, `passwd-${file}`, file, (path) => symlinkSync('/etc/passwd', path), {
        message: /^(?!.*root:)/s,
      });
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
});

t.test('presenter pack', async (t) => {
  /** A complete pack with drawings of its own. */
  const drawn = t.testdir();
  await writeDrawn(
    presenterSpec.parse(JSON.parse(readFileSync(templatePath('presenters', 'mei', 'pack.json'), 'utf8'))),
    drawn,
  );
  const copyOf = (t: Test): string => {
    const dir = t.testdir();
    cpSync(drawn, dir, { recursive: true });
    return dir;
  };
  const edit = (dir: string, change: (pack: Record<string, unknown>) => void): void => {
    const file = join(dir, 'pack.json');
    const pack = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    change(pack);
    writeFileSync(file, JSON.stringify(pack));
  };

  t.test('accepts the three built-in packs, with an adult age in each', async (t) => {
    for (const name of ['mei', 'leo', 'amara']) {
      const { manifest, hash } = await readPresenterPack(templatePath('presenters', name));
      t.equal(manifest.name, name);
      t.ok(manifest.ageYears >= 18);
      t.match(hash, /^[0-9a-f]{64}$/);
    }
  });

  t.test('refuses a presenter under 18', async (t) => {
    const dir = copyOf(t);
    edit(dir, (pack) => (pack['ageYears'] = 17));
    await t.rejects(readPresenterPack(dir), {
      code: 'E_PRESENTER_INVALID',
      where: /pack\.json: ageYears/,
      found: '17',
    });
    edit(dir, (pack) => delete pack['ageYears']);
    await t.rejects(
      readPresenterPack(dir),
      { code: 'E_PRESENTER_INVALID', where: /ageYears/ },
      'and so is one without an age',
    );
  });

  t.test('names a missing part with its file', async (t) => {
    const dir = copyOf(t);
    rmSync(join(dir, 'parts', 'mouths.svg'));
    await t.rejects(readPresenterPack(dir), {
      code: 'E_PRESENTER_INVALID',
      message: /parts\/mouths\.svg/,
      found: 'no such file',
    });
  });

  t.test('names a missing group with its file', async (t) => {
    const dir = copyOf(t);
    const file = join(dir, 'parts', 'eyes.svg');
    writeFileSync(file, readFileSync(file, 'utf8').replace('id="closed"', 'id="shut"'));
    await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', where: file, expected: /"closed"/ });
  });

  t.test('refuses a folder without a pack, a broken pack, and unknown keys', async (t) => {
    await t.rejects(readPresenterPack(t.testdir()), { code: 'E_PRESENTER_INVALID', found: 'no such file' });
    const dir = copyOf(t);
    edit(dir, (pack) => (pack['colour'] = 'red'));
    await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', message: /colour/ });
    writeFileSync(join(dir, 'pack.json'), '{');
    await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', expected: 'JSON' });
  });

  t.test('refuses parts outside the pack and references outside the drawing', async (t) => {
    const dir = copyOf(t);
    edit(dir, (pack) => ((pack['parts'] as Record<string, string>)['body'] = '../../../etc/passwd'));
    await t.rejects(readPresenterPack(dir), { code: 'E_PRESENTER_INVALID', where: /parts\.body/ });

    const evil = [
      '<script>1</script>',
      '<image href="http://example.com/a.png"/>',
      '<use href="file:///etc/passwd#a"/>',
      '<rect fill="url(http://example.com/a.svg#b)"/>',
      '<rect onload="x()"/>',
      '<text x="500">WhatsApp 4155552671</text>',
      '<s:text xmlns:s="http://www.w3.org/2000/svg">微信</s:text>',
    ];
    for (const [i, content] of evil.entries()) {
      const bad = t.testdir();
      cpSync(drawn, bad, { recursive: true });
      const file = join(bad, 'parts', 'body.svg');
      writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg">\n${content}</svg>`);
      await t.rejects(readPresenterPack(bad), { code: 'E_SVG_UNSAFE', where: `${file}:2` }, evil[i]!);
    }
  });
});
