import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import type { PictureRequest } from '../../../src/scene/assets/load-picture.js';
import { PictureProcess, SHOW_LIMITS, type PictureProcessOptions } from '../../../src/scene/drawing/picture-process.js';
import { square } from '../scene-kit.js';

const dir = t.testdir({ 'fine.svg': square('#ff0000') });
const linux = { skip: process.platform !== 'linux' };

function processOf(options: Partial<PictureProcessOptions> = {}): PictureProcess {
  const made = new PictureProcess({ log: silentLog, ...options });
  t.teardown(() => made.close());
  return made;
}

const requestOf = (src: string, side = 40): PictureRequest => ({
  ...{ src, where: 'layer "x".src', width: side, height: side },
  ...{ maxWidth: 1280, maxHeight: 720, fit: 'fill', radius: 0 },
});

const fileOf = (name: string, svg: string): string => {
  writeFileSync(join(dir, name), svg);
  return join(dir, name);
};
/** Below every limit of its markup, and minutes of work. */
const slow = fileOf(
  'slow.svg',
  '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="1280">' +
    '<mask id="m"><rect width="1280" height="1280" fill="#fff"/></mask>' +
    `${'<rect width="1280" height="1280" mask="url(#m)"/>'.repeat(20_000)}</svg>`,
);
/** Its surfaces take 6 GB. */
const large = fileOf(
  'large.svg',
  '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000">' +
    `${'<g opacity=".9">'.repeat(100)}<rect width="4000" height="4000"/>${'</g>'.repeat(100)}</svg>`,
);

t.test('draws a picture in a process that starts with it and ends when idle', async (t) => {
  const pictures = processOf({ idleMs: 100 });
  t.equal(pictures.pid, undefined);
  const { raster, covers, texts } = await pictures.draw(requestOf(join(dir, 'fine.svg')));
  t.same([raster.width, raster.height, raster.rgba.length], [40, 40, 6400]);
  t.same([...raster.rgba.subarray(0, 4)], [255, 0, 0, 255]);
  t.same([covers, texts], [true, []]);
  t.not(pictures.pid, undefined);
  for (let i = 0; i < 200 && pictures.pid !== undefined; i += 1) await new Promise((done) => setTimeout(done, 20));
  t.equal(pictures.pid, undefined);
});

t.test('refuses a drawing over its CPU limit and draws the next one', linux, async (t) => {
  const pictures = processOf({ limits: { ...SHOW_LIMITS, cpuMs: 1000 } });
  await t.rejects(pictures.draw(requestOf(slow, 1280)), {
    code: 'E_ASSET_TOO_COMPLEX',
    where: `layer "x".src: ${slow}`,
    found: 'drawing took longer than 1 s',
    todo: 'simplify the SVG',
    details: { limit: 'cpuMs', most: 1000 },
  });
  t.equal((await pictures.draw(requestOf(join(dir, 'fine.svg')))).raster.width, 40);
});

t.test('refuses a drawing over its memory limit and draws the next one', linux, async (t) => {
  const pictures = processOf({ limits: { ...SHOW_LIMITS, cpuMs: 60_000, memoryMb: 400 } });
  await t.rejects(pictures.draw(requestOf(large, 4000)), { code: 'E_ASSET_TOO_COMPLEX', todo: /simplify the SVG/ });
  t.equal((await pictures.draw(requestOf(join(dir, 'fine.svg')))).raster.width, 40);
});

t.test('refuses a drawing by wall time on a starved machine', async (t) => {
  const pictures = processOf({ limits: { ...SHOW_LIMITS, wallMs: 1 } });
  await t.rejects(pictures.draw(requestOf(join(dir, 'fine.svg'))), { code: 'E_TIMEOUT' });
});

t.test('ends a hanging drawing at once on close', async (t) => {
  const pictures = processOf({ limits: { cpuMs: 600_000, wallMs: 600_000, memoryMb: 2000 } });
  await pictures.draw(requestOf(join(dir, 'fine.svg')));
  const drawing = pictures.draw(requestOf(slow, 1280));
  drawing.catch(() => undefined);
  await new Promise((done) => setTimeout(done, 300));
  const { pid } = pictures;
  await pictures.close();
  await t.rejects(drawing, { code: 'E_CLOSED' });
  t.throws(() => process.kill(pid!, 0), 'the process is gone');
  await t.rejects(pictures.draw(requestOf(join(dir, 'fine.svg'))), { code: 'E_CLOSED' });
});

t.test("returns a file's fault as its own error", async (t) => {
  const pictures = processOf();
  const cases: [string, string][] = [
    [
      fileOf('unsafe.svg', '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://a/b.png"/></svg>'),
      'E_SVG_UNSAFE',
    ],
    [
      fileOf('text.svg', `<svg xmlns="http://www.w3.org/2000/svg"><text>${'a'.repeat(9000)}</text></svg>`),
      'E_ASSET_TOO_COMPLEX',
    ],
    [fileOf('broken.png', 'not a picture'), 'E_ASSET_INVALID'],
    [join(dir, 'none.png'), 'E_ASSET_MISSING'],
  ];
  for (const [src, code] of cases) {
    await t.rejects(pictures.draw(requestOf(src)), { code, message: new RegExp(`layer "x".src.*${src}`) });
  }
  await t.rejects(pictures.draw(requestOf(join(dir, 'fine.svg'), 40_000)), { message: '40000×40000 pixels' });
  const page = await pictures.page({ file: join(dir, 'fine.svg'), page: 0, maxSide: 720 });
  t.same([page.width, page.height, page.page, page.pages], [720, 720, 1, 1]);
});

t.test("runs without the engine's secrets and at low priority on request", linux, async (t) => {
  process.env['STREAM_KEY_FOR_TEST'] = 'secret';
  t.teardown(() => delete process.env['STREAM_KEY_FOR_TEST']);
  const pictures = processOf({ gentle: true });
  await pictures.draw(requestOf(join(dir, 'fine.svg')));
  const { pid } = pictures;
  t.notMatch(readFileSync(`/proc/${pid}/environ`, 'latin1'), 'STREAM_KEY_FOR_TEST');
  t.ok(getPriority(pid) > getPriority() || getPriority() === 19, `nice ${getPriority(pid)}`);
});
