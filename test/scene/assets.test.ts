import { writeFileSync } from 'node:fs';
import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { frameIndex } from '../../src/core/time.js';
import { loadSharp } from '../../src/scene/sharp.js';
import { compilerOf, roomOf, square, Stage, near } from './scene-kit.js';

t.test('reports each asset fault as one error that names layer and file', async (t) => {
  const dir = t.testdir({
    'broken.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    'text.png': 'not a picture',
    'unsafe.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://a/b.png"/></svg>',
    'large.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"/>',
    'ok.svg': square('#ff0000'),
  });
  writeFileSync(`${dir}/heavy.png`, Buffer.alloc(21 * 1024 * 1024));
  const cases: [string, string][] = [
    ['none.png', 'E_ASSET_MISSING'],
    ['broken.png', 'E_ASSET_INVALID'],
    ['text.png', 'E_ASSET_INVALID'],
    ['unsafe.svg', 'E_SVG_UNSAFE'],
    ['large.svg', 'E_ASSET_TOO_LARGE'],
    ['heavy.png', 'E_ASSET_TOO_LARGE'],
  ];
  for (const [file, code] of cases) {
    const room = roomOf(dir, { layers: [{ id: 'pic', type: 'image', src: file }] });
    await t.rejects(compilerOf(room).open(), { code, message: new RegExp(`"pic".*${file}`) }, file);
  }
});

t.test('never shows a picture the gate refuses, and keeps the room running', async (t) => {
  const dir = t.testdir({ 'a.svg': square('#ff0000'), 'b.svg': square('#00ff00') });
  const room = roomOf(dir, { layers: [{ id: 'pic', type: 'image', src: 'a.svg' }] });
  const seen: string[] = [];
  const scene = compilerOf(room, async ({ where, width, height, rgba }) => {
    seen.push(`${width}×${height}`);
    if (rgba[1] === 255) throw new EngineError('E_ASSET_REFUSED', { where, found: 'a code' });
  });
  const stage = new Stage(room);
  stage.runtime.apply(await scene.open());
  stage.draw(0);
  const layer = { ...room.layers[1]!, src: `${dir}/b.svg` } as (typeof room.layers)[number];
  await t.rejects(scene.putLayer(layer, frameIndex(1)), { code: 'E_ASSET_REFUSED' });
  stage.draw(1);
  t.ok(near(stage.pixel(20, 20), [255, 0, 0], 6), 'the old picture stays');
  t.same(seen, ['40×40', '40×40'], 'judged as it will be shown');
});

t.test("matches sharp's rendering of the same layout", async (t) => {
  const dir = t.testdir({ 'a.svg': square('#e03020', 80), 'b.svg': square('#20c060', 60) });
  const room = roomOf(dir, {
    background: '#808080',
    layers: [
      { id: 'a', type: 'image', src: 'a.svg', x: 33, y: 21, opacity: 0.5 },
      { id: 'b', type: 'image', src: 'b.svg', anchor: 'top-right', x: -11, y: 7, width: 90, height: 90, fit: 'fill' },
    ],
  });
  const stage = new Stage(room);
  stage.runtime.apply(await compilerOf(room).open());
  stage.draw(0);
  const sharp = await loadSharp();
  const solid = (r: number, g: number, b: number, alpha: number, width: number, height: number) => ({
    create: { width, height, channels: 4 as const, background: { r, g, b, alpha } },
  });
  const reference = await sharp(solid(128, 128, 128, 1, 320, 240))
    .composite([
      { input: solid(0xe0, 0x30, 0x20, 0.5, 80, 80), left: 33, top: 21 },
      { input: solid(0x20, 0xc0, 0x60, 1, 90, 90), left: 320 - 90 - 11, top: 7 },
    ])
    .raw()
    .toBuffer();
  const frame = stage.rgba();
  let sum = 0;
  for (let y = 0; y < 160; y += 1) {
    for (let x = 0; x < 320; x += 1) {
      for (let c = 0; c < 3; c += 1) sum += Math.abs(frame[(y * 320 + x) * 4 + c]! - reference[(y * 320 + x) * 4 + c]!);
    }
  }
  const mean = sum / (160 * 320 * 3);
  t.ok(mean < 1.2, `mean difference ${mean.toFixed(2)} of 255`);
});
