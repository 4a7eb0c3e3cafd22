import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { hash01 } from '../../src/core/random.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { makeCode, type Modules } from '../../scripts/scan-bench/make-code.js';
import { paintSymbol, type Placing } from '../../scripts/scan-bench/paint-symbol.js';
import { matrixShape } from '../../scripts/scan-bench/symbol-shapes.js';
import { frameOf, STRAIGHT } from './placing.js';

const W = 400;
const H = 400;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const matrix = await makeCode('WX42424242', 'DataMatrix');
const wide = await makeCode('ABC123', 'DataMatrix', 'forceSquare=false,version=28');
const aztec = await makeCode('WX4242', 'Aztec');
const LIGHT = { dark: [235, 235, 235], light: [20, 30, 20] } as const;

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  /** What is seen of a code on a card, its margin two modules and each of `module` pixels, on grey. */
  const look = (code: Modules, module: number, placing: Partial<Placing>): string[] => {
    const frame = frameOf(W, H, [110, 120, 130]);
    const size = (Math.max(code.width, code.height) + 4) * module;
    paintSymbol(frame, matrixShape(code, 2), { ...STRAIGHT, x: 200, y: 200, size, ...placing });
    const picture = kernels.rgbaToYuva(frame.rgba, W, H, 0, 0).data.subarray(0, i420Size(W, H));
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(picture, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return scan.hits.map((h) => h.kind);
  };

  t.test(`${prefer}: a Data Matrix blurred by 0.6 modules is read, dark and light, upright and turned`, async (t) => {
    for (const module of [4, 6]) {
      t.strictSame(look(matrix, module, { blurModules: 0.6 }), ['data-matrix'], `${module} px`);
      t.strictSame(look(matrix, module, { blurModules: 0.6, ...LIGHT }), ['data-matrix'], `${module} px, light`);
    }
    t.strictSame(look(matrix, 4, { blurModules: 0.6, degrees: 28 }), ['data-matrix'], 'turned');
    t.strictSame(look(wide, 4, { blurModules: 0.5, degrees: 3 }), ['data-matrix'], 'a wide one');
  });

  t.test(`${prefer}: an Aztec code blurred by 0.6 modules is read, dark and light, upright and turned`, async (t) => {
    for (const module of [4, 6, 8]) {
      t.strictSame(look(aztec, module, { blurModules: 0.6 }), ['aztec'], `${module} px`);
      t.strictSame(look(aztec, module, { blurModules: 0.6, ...LIGHT }), ['aztec'], `${module} px, light`);
    }
    t.strictSame(look(aztec, 8, { blurModules: 0.6, degrees: 28 }), ['aztec'], 'turned');
  });

  t.test(`${prefer}: soft cells by chance, with the sides of either form, are no code`, async (t) => {
    for (let seed = 0; seed < 3; seed += 1) {
      const chance = (like: Modules, isKnown: (column: number, row: number) => boolean): Modules => ({
        ...like,
        dark: like.dark.map((v, i) =>
          isKnown(i % like.width, Math.floor(i / like.width)) ? v : hash01(i, seed) < 0.5 ? 1 : 0,
        ),
      });
      const sides = chance(matrix, (x, y) => x === 0 || y === 0 || x === matrix.width - 1 || y === matrix.height - 1);
      t.strictSame(look(sides, 6, { blurModules: 0.6 }), [], `sides, ${seed}`);
      const eye = chance(aztec, (x, y) => Math.max(Math.abs(x - 7), Math.abs(y - 7)) <= 4);
      t.strictSame(look(eye, 6, { blurModules: 0.6 }), [], `bull's eye, ${seed}`);
    }
  });
}
