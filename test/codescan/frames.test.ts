import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { makeCode as makeBenchCode } from '../../scripts/bench/scan/make-code.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { EFFORT, findersOnly, slotEffort } from '../../src/codescan/jobs/scan-memory.js';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { drawCode, makeCode, type Modules, plainFrame } from '../kit/draw-code.js';

t.test('noisy frames', async (t) => {
  const W = 640;
  const H = 720;
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());
  const whole = new RectList(1);
  whole.push(0, 0, W, H);
  const NOWHERE = new Int32Array(4);

  /** Noise in the upper part of the picture; its pixels look like locators of all kinds. */
  function noisy(seed: number, rows: number): Uint8Array {
    const random = seededRandom(seed);
    const frame = plainFrame(W, H, [140, 128, 128]);
    for (let i = 0; i < W * rows; i += 1) frame[i] = 16 + random() * 219;
    return frame;
  }

  t.test('finds a code below a noisy area', async (t) => {
    const code = await makeCode('https://evil.example/m1000002');
    for (const [seed, module] of [
      [1, 4],
      [2, 6],
      [3, 8],
    ] as const) {
      const frame = noisy(seed, 360);
      t.equal(frame.length, i420Size(W, H));
      drawCode(frame, W, H, code, { x: 200, y: 410, module });
      const scan = new LiveScan(loadKernels(), zxing, W, H);
      scan.run(frame, whole, NOWHERE, EFFORT.deep);
      t.strictSame(
        scan.hits.map((hit) => [hit.kind, hit.text]),
        [['qr', 'https://evil.example/m1000002']],
        `${module} px per module`,
      );
    }
  });

  t.test('finds no code in noise, and does not read it repeatedly', async (t) => {
    const scan = new LiveScan(loadKernels(), zxing, W, H);
    for (const seed of [4, 5]) {
      scan.run(noisy(seed, H), whole, NOWHERE, EFFORT.deep);
      t.strictSame(scan.hits, []);
      t.ok(scan.reads < 16, `${scan.reads} readings`);
    }
  });
});

t.test('scan joined', async (t) => {
  const W = 400;
  const H = 416;
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());
  // A missed frame: the two halves of a Data Matrix of 8 by 64 modules met, one of them a pixel too far left, while the
  // presenter behind them moved as well.
  const file = join(packageRoot(), 'test', 'codescan', 'pictures', 'joined-data-matrix.png');
  const rgba = new Uint8Array(await sharp(file).ensureAlpha().raw().toBuffer());

  t.test('searches a completely changed picture for locators once, whatever else is due', (t) => {
    const kernels = loadKernels();
    let searches = 0;
    const findFinders = (...all: Parameters<typeof kernels.findFinders>): number => {
      searches += 1;
      return kernels.findFinders(...all);
    };
    const scan = new LiveScan(Object.assign(Object.create(kernels) as typeof kernels, { findFinders }), zxing, W, H);
    const picture = kernels.rgbaToYuva(rgba, W, H, 0, 0).data.subarray(0, i420Size(W, H));
    const found = [[0, 0, W, H] as const, [0, 0, W, 384] as const].map((moved) => {
      const rects = new RectList(1);
      rects.push(moved[0], moved[1], moved[2], moved[3]);
      searches = 0;
      const effort = EFFORT.deep | EFFORT.sweep | slotEffort(0, 0);
      scan.run(picture, rects, new Int32Array(4), effort);
      return [searches, ...scan.hits.map((hit) => hit.kind)];
    });
    t.same(found, [
      [3, 'data-matrix'],
      [6, 'data-matrix'],
    ]);
    t.end();
  });

  for (const prefer of ['native', 'twin'] as const) {
    t.test(`finds a low code whatever moves around it (${prefer})`, async (t) => {
      const kernels = loadKernels({ prefer });
      const picture = kernels.rgbaToYuva(rgba, W, H, 0, 0).data.subarray(0, i420Size(W, H));
      for (const moved of [
        [[0, 256, 304, 64]],
        [[0, 240, 320, 96]],
        [
          [0, 256, 320, 64],
          [0, 0, 400, 384],
        ],
      ]) {
        const rects = new RectList(4);
        for (const [x, y, w, h] of moved) rects.push(x!, y!, w!, h!);
        const scan = new LiveScan(kernels, zxing, W, H);
        scan.run(picture, rects, rects.items, EFFORT.deep);
        t.same(
          scan.hits.map((hit) => hit.kind),
          ['data-matrix'],
          JSON.stringify(moved),
        );
      }
    });
  }
});

t.test('slid together', async (t) => {
  const W = 720;
  const H = 320;
  const MODULE = 5;
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());

  function half(code: Modules, first: number): Modules {
    const width = code.width / 2;
    const dark = new Uint8Array(width * code.height);
    for (let y = 0; y < code.height; y += 1) {
      for (let x = 0; x < width; x += 1) dark[y * width + x] = code.dark[y * code.width + first + x]!;
    }
    return { width, height: code.height, dark };
  }

  for (const prefer of ['native', 'twin'] as const) {
    t.test(`reads a low Data Matrix that slid together before its frames leave (${prefer})`, async (t) => {
      const code = (await makeBenchCode('https://evil.example/m1', 'DataMatrix', 'version=32')) as Modules;
      t.ok(code.width > 3 * code.height, `${code.width} × ${code.height} modules`);
      const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
      const whole = new RectList(1);
      whole.push(0, 0, W, H);
      const found: number[] = [];
      for (let n = 0; n < 30; n += 1) {
        const frame = plainFrame(W, H, [180, 128, 128]);
        const slide = Math.max(0, 10 - n);
        const width = (code.width / 2) * MODULE;
        drawCode(frame, W, H, half(code, 0), { x: 60, y: 100, module: MODULE, quiet: 0 });
        drawCode(frame, W, H, half(code, code.width / 2), { x: 60 + width + slide, y: 100, module: MODULE, quiet: 0 });
        // Only the locator search, as between the round-robin slots that read every moving part.
        scan.run(frame, whole, new Int32Array(4), EFFORT.deep | slotEffort(0, 0) | findersOnly(1));
        if (scan.hits.length > 0) found.push(n);
      }
      t.ok(found.length > 0 && found[0]! <= 10 + 12, `complete in frame 10, read in ${found[0]}`);
    });
  }
});
