import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, type Modules, plainFrame } from '../../kit/draw-code.js';
import { type PaintedModules, paintModules } from '../paint-modules.js';

const W = 480;
const H = 320;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const matrix = await makeCode('https://u.wechat.com/24B8nh7js', 'DataMatrix');
const aztec = await makeCode('https://u.wx.qq.com/join42', 'Aztec');

function frameWith(code: Modules | undefined, light: number, painted: Partial<PaintedModules>): Uint8Array {
  const frame = plainFrame(W, H, [light, 128, 128]);
  if (code === undefined) return frame;
  paintModules(frame.subarray(0, W * H), W, H, code, { x: 240, y: 160, module: 4, dark: 20, ...painted });
  return frame;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (frame: Uint8Array, thorough = false): { kinds: string[]; reads: number } => {
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.thorough = thorough;
    scan.run(frame, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return { kinds: scan.hits.map((h) => h.kind), reads: scan.reads };
  };

  t.test(`${prefer}: reads codes in eighteen levels of grey, and a rotated Data Matrix at admission`, async (t) => {
    for (const degrees of [0, 3, 8, 24]) {
      const faint = (code: Modules, module: number): Uint8Array => frameWith(code, 130, { module, degrees, dark: 112 });
      t.strictSame(look(faint(matrix, 4), degrees > 0).kinds, ['data-matrix'], `${degrees}°`);
      for (const module of [3, 4]) {
        t.strictSame(look(faint(aztec, module)).kinds, ['aztec'], `${degrees}°, ${module} px per module`);
      }
    }
  });

  t.test(`${prefer}: reads an Aztec code of two to three pixels per module at any angle`, async (t) => {
    for (const module of [2.6, 3]) {
      for (const degrees of [0, 3, 8, 24]) {
        const { kinds } = look(frameWith(aztec, 230, { module, degrees }));
        t.strictSame(kinds, ['aztec'], `${module} px per module, ${degrees}°`);
      }
    }
  });

  t.test(`${prefer}: reads an Aztec code of separate dots`, async (t) => {
    for (const [module, degrees] of [
      [4, 24],
      [9, 0],
      [9, 8],
    ] as const) {
      const { kinds } = look(frameWith(aztec, 230, { module, degrees, dot: 0.44 }));
      t.strictSame(kinds, ['aztec'], `${module} px per module, ${degrees}°`);
    }
  });

  t.test(`${prefer}: makes no further reading of a picture without texture`, async (t) => {
    t.strictSame(look(frameWith(undefined, 200, {})), { kinds: [], reads: 2 });
  });
}
