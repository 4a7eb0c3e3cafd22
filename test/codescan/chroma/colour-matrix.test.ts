import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { seededRandom } from '../../../src/core/random.js';
import { i420Size, RectList } from '../../../src/core/media/picture.js';
import type { FrameHit } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, type Modules } from '../../../scripts/scan-bench/make-code.js';
import { paintSymbol, type Placing } from '../../../scripts/scan-bench/paint-symbol.js';
import { matrixShape } from '../../../scripts/scan-bench/symbol-shapes.js';

const SIDE = 320;
const zxing = await ZxingReader.open(LiveScan.pixels(SIDE, SIDE));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, SIDE, SIDE);

/** Of 8 by 32 modules, two regions of 16 columns. */
const WIDE = 'forceSquare=false,version=26';
const TEXT = 'a7k2m9q4x1';

/** Two hues of one luma: 0.9 chroma samples a module. */
const PLACING: Placing = {
  x: 160,
  y: 160,
  size: 60,
  degrees: 0,
  tilt: 0,
  tiltAxis: 0,
  curve: 0,
  mirror: false,
  dark: [142, 44, 162],
  light: [44, 86, 23],
  opacity: 1,
  blurModules: 0,
};

/** The same border around other modules. */
function withOtherData({ width, height, dark }: Modules): Modules {
  const random = seededRandom(7);
  const changed = dark.slice();
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (x % 16 !== 0 && x % 16 !== 15) changed[y * width + x] = random() < 0.5 ? 1 : 0;
    }
  }
  return { width, height, dark: changed };
}

const code = await makeCode(TEXT, 'DataMatrix', WIDE);

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const scan = new LiveScan(kernels, zxing, SIDE, SIDE);
  const look = (modules: Modules, placing: Partial<Placing>): readonly FrameHit[] => {
    const rgba = new Uint8Array(SIDE * SIDE * 4);
    for (let i = 0; i < SIDE * SIDE; i += 1) rgba.set([150, 150, 160, 255], 4 * i);
    paintSymbol({ width: SIDE, height: SIDE, rgba }, matrixShape(modules, 2), { ...PLACING, ...placing });
    const picture = kernels.rgbaToYuva(rgba, SIDE, SIDE, 0, 0).data.subarray(0, i420Size(SIDE, SIDE));
    scan.run(picture, whole, whole.items, EFFORT.deep);
    return scan.hits.slice();
  };

  t.test(`a Data Matrix of 8 by 32 modules in 60 by 15 px of two hues is read, upright and turned (${prefer})`, (t) => {
    t.strictSame([code.width, code.height], [32, 8]);
    const wrong: string[] = [];
    for (const degrees of [0, 1.4, -2.3, 13, 54, 171, 250, 306]) {
      for (const x of [160, 160.7, 161.3]) {
        const texts = look(code, { degrees, x }).map((hit) => hit.text);
        if (texts.length !== 1 || texts[0] !== TEXT) wrong.push(`${degrees}° at ${x}: ${texts.join()}`);
      }
    }
    t.strictSame(wrong, []);
    t.end();
  });

  t.test(`a border of one around anything else is no code (${prefer})`, (t) => {
    for (const degrees of [0, 13, 250]) t.strictSame(look(withOtherData(code), { degrees }), [], `${degrees}°`);
    t.end();
  });
}
