import t from 'tap';
import { LiveScan } from '../../../src/compliance/frame/live-scan.js';
import { EFFORT } from '../../../src/compliance/frame/scan-memory.js';
import { ZxingReader } from '../../../src/compliance/frame/zxing-reader.js';
import { RectList } from '../../../src/core/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, type Modules, plainFrame } from './draw-code.js';
import { paintModules } from './paint-modules.js';

const W = 480;
const H = 480;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const codes = {
  PDF417: await makeCode('3afj7ab6yomq9', 'PDF417'),
  MicroPDF417: await makeCode('6yomq9a', 'MicroPDF417'),
};

const seenFromBehind = ({ width, height, dark }: Modules): Modules => ({
  width,
  height,
  dark: dark.map((_, i) => dark[i - (i % width) + width - 1 - (i % width)]!),
});

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (code: Modules, ground: number, dark: number, degrees: number): string[] => {
    const frame = plainFrame(W, H, [ground, 128, 128]);
    paintModules(frame.subarray(0, W * H), W, H, code, { x: 240, y: 240, module: 3, degrees, dark });
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    return scan.hits.map((h) => h.kind);
  };

  for (const [name, code] of Object.entries(codes)) {
    t.test(`${prefer}: a ${name} is read light on dark and from behind, at any angle`, async (t) => {
      for (const degrees of [0, 90, 24, 205]) {
        t.strictSame(look(code, 230, 20, degrees), ['pdf417'], `dark on light, ${degrees}°`);
        t.strictSame(look(code, 20, 230, degrees), ['pdf417'], `light on dark, ${degrees}°`);
        t.strictSame(look(seenFromBehind(code), 230, 20, degrees), ['pdf417'], `from behind, ${degrees}°`);
      }
    });
  }
}
