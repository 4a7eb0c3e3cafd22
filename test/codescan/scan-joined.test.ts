import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT, slotEffort } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';

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
