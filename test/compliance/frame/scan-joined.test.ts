import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { LiveScan } from '../../../src/compliance/frame/live-scan.js';
import { EFFORT } from '../../../src/compliance/frame/scan-memory.js';
import { ZxingReader } from '../../../src/compliance/frame/zxing-reader.js';
import { packageRoot } from '../../../src/core/paths.js';
import { i420Size, RectList } from '../../../src/core/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const W = 400;
const H = 416;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
// A frame that got out: the two halves of a Data Matrix of 8 by 64 modules met, one of them a pixel too far left, while the
// presenter behind them moved as well.
const file = join(packageRoot(), 'test', 'compliance', 'frame', 'pictures', 'joined-data-matrix.png');
const rgba = new Uint8Array(await sharp(file).ensureAlpha().raw().toBuffer());

for (const prefer of ['native', 'twin'] as const) {
  t.test(`a low code is found whatever moves around it (${prefer})`, async (t) => {
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
