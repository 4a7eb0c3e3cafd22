import t from 'tap';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { paintSymbol, type Placing } from '../../../scripts/bench/scan/paint-symbol.js';
import { matrixShape, roundShape, type Shape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { planesToI420, rgbaToPlanes } from '../../../src/codescan/pipeline/rgba-planes.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { frameOf, STRAIGHT } from '../placing.js';
import { sampled } from '../../kit/whole.js';

const W = 960;
const H = 640;
const PLACES = [
  [160, 160],
  [780, 180],
  [460, 470],
] as const;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const scan = new LiveScan(loadKernels(), zxing, W, H);

/** How many of three equal codes far apart are found, each in its position. */
function found(shape: Shape, placing: Partial<Placing>): number {
  const frame = frameOf(W, H, [150, 150, 150]);
  for (const [x, y] of PLACES) {
    paintSymbol(frame, shape, { ...STRAIGHT, x, y, size: 200, ...placing });
  }
  const whole = new RectList(1);
  whole.push(0, 0, W, H);
  scan.run(planesToI420(rgbaToPlanes(frame.rgba, W, H, 255)), whole, whole.items, EFFORT.deep);
  return PLACES.filter(([x, y]) =>
    scan.hits.some(({ box }) => {
      const { width, height } = box!;
      return width < 300 && Math.abs(box!.x + width / 2 - x) < 40 && Math.abs(box!.y + height / 2 - y) < 40;
    }),
  ).length;
}

t.test('reports every code known by its locators only, so that none remains when the first is hidden', (t) => {
  t.equal(found(roundShape(5, 54, true), {}), 3, 'round codes');
  t.end();
});

t.test('reports every unread MaxiCode', async (t) => {
  t.equal(found(matrixShape(await makeCode('https://evil.example/5', 'MaxiCode'), 1), { size: 220 }), 3);
});

t.test('reports every code that only the sharpened pass finds', async (t) => {
  const shape = matrixShape(await makeCode('https://evil.example/with/a/longer/way/to/go', 'QRCode'), 3);
  for (const blurModules of sampled([0.5, 0.6, 0.7, 0.8], 3))
    t.equal(found(shape, { size: 130, blurModules }), 3, `${blurModules}`);
});
