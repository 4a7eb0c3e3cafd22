import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { makeCode } from '../../scripts/bench/scan/make-code.js';
import { type Frame, paintSymbol, type Placing } from '../../scripts/bench/scan/paint-symbol.js';
import { matrixShape, type Shape } from '../../scripts/bench/scan/symbol-shapes.js';
import { frameOf, STRAIGHT } from './placing.js';

const SIDE = 640;
const zxing = await ZxingReader.open(LiveScan.pixels(SIDE, SIDE));
t.teardown(() => zxing.close());

const PLACING: Placing = {
  ...STRAIGHT,
  x: 100,
  y: 100,
  size: 60,
  degrees: 1,
  dark: [200, 60, 90],
  light: [20, 119, 40],
};

const greyFrame = (): Frame => frameOf(SIDE, SIDE, [120, 120, 120]);

const codeOf = async (version: number): Promise<Shape> =>
  matrixShape(await makeCode('https://u.wx.qq.com/j', 'QRCode', `ecLevel=L,version=${version}`), 4);

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const scan = new LiveScan(kernels, zxing, SIDE, SIDE);
  const look = (frame: Frame): string[] => {
    const picture = kernels.rgbaToYuva(frame.rgba, SIDE, SIDE, 0, 0).data.subarray(0, i420Size(SIDE, SIDE));
    const whole = new RectList(1);
    whole.push(0, 0, SIDE, SIDE);
    scan.run(picture, whole, whole.items, EFFORT.deep);
    return scan.hits.map((h) => h.kind);
  };

  t.test(`finds a chroma-only code beside any other colours (${prefer})`, async (t) => {
    const frame = greyFrame();
    // Blocks of the same two colours in another corner.
    for (let y = 440; y < 620; y += 1) {
      for (let x = 440; x < 620; x += 1) {
        const on = (Math.imul((x >> 2) * 31 + (y >> 2) * 17, 0x9e3779b1) >>> 30) & 1;
        frame.rgba.set(on === 1 ? PLACING.dark : PLACING.light, 4 * (y * SIDE + x));
      }
    }
    t.strictSame(look(frame), [], 'the blocks are not a code');
    paintSymbol(frame, await codeOf(5), PLACING);
    t.strictSame(look(frame), ['undecoded-code']);
  });

  t.test(`finds a code of 37 modules in 60 px with samples between its modules (${prefer})`, async (t) => {
    const shape = await codeOf(5);
    const missed: string[] = [];
    for (const [x, y] of [
      [100, 100],
      [100.5, 100.5],
      [101.5, 101],
      [100.5, 101.5],
      [101, 101.5],
      [101.5, 100.5],
      [100, 101.5],
    ] as const) {
      const frame = greyFrame();
      paintSymbol(frame, shape, { ...PLACING, x, y, degrees: x + y > 202 ? 2 : -1 });
      if (look(frame).length === 0) missed.push(`${x}, ${y}`);
    }
    t.strictSame(missed, []);
  });
}
