import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { i420Size, RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, type Modules } from '../../../scripts/scan-bench/make-code.js';
import { paintSymbol, type Rgb } from '../../../scripts/scan-bench/paint-symbol.js';
import { matrixShape } from '../../../scripts/scan-bench/symbol-shapes.js';
import { frameOf, STRAIGHT } from '../placing.js';

const SIDE = 320;
const kernels = loadKernels();
const zxing = await ZxingReader.open(LiveScan.pixels(SIDE, SIDE));
t.teardown(() => zxing.close());
const scan = new LiveScan(kernels, zxing, SIDE, SIDE);
const whole = new RectList(1);
whole.push(0, 0, SIDE, SIDE);

/** Two hues of one luma each. */
const PAIRS: readonly (readonly [Rgb, Rgb])[] = [
  [
    [142, 44, 162],
    [44, 86, 23],
  ],
  [
    [34, 147, 72],
    [215, 83, 171],
  ],
];

function look(
  code: Modules,
  degrees: number,
  [dark, light]: readonly [Rgb, Rgb],
  size = 140,
  beside?: (rgba: Uint8Array) => void,
): string[] {
  const frame = frameOf(SIDE, SIDE, [150, 150, 160]);
  paintSymbol(frame, matrixShape(code, 2), { ...STRAIGHT, x: SIDE / 2, y: SIDE / 2, size, degrees, dark, light });
  beside?.(frame.rgba);
  const picture = kernels.rgbaToYuva(frame.rgba, SIDE, SIDE, 0, 0).data.subarray(0, i420Size(SIDE, SIDE));
  scan.run(picture, whole, whole.items, EFFORT.deep);
  return scan.hits.map((hit) => hit.kind);
}

/** The same rows with bars at both ends that are those of no code. */
function withOtherEnds({ width, height, dark }: Modules): Modules {
  const START = 17;
  const STOP = 18;
  const changed = dark.slice();
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < START; x += 1) changed[row + x] = [1, 1, 0, 0, 1, 1, 1, 0, 0][x % 9]!;
    for (let x = width - STOP; x < width; x += 1) changed[row + x] = [1, 0, 0, 1, 1, 0, 0][x % 7]!;
  }
  return { width, height, dark: changed };
}

const code = await makeCode('7auiql', 'PDF417');

t.test(
  'a turned PDF417 of 0.7 chroma samples a module is told, by its start and stop where not by its pattern',
  (t) => {
    const missed: string[] = [];
    for (const degrees of [33, 58, 118, 162, 205, 278, 292]) {
      for (const [i, pair] of PAIRS.entries()) {
        if (look(code, degrees, pair).length === 0) missed.push(`${degrees}°, pair ${i}`);
      }
    }
    t.strictSame(missed, []);
    t.end();
  },
);

t.test('so is an upright one, in step with the samples or not', (t) => {
  const missed: string[] = [];
  for (const size of [140, 200]) {
    for (const degrees of [0, 0.3, -1.2, 2.6, 88.7, 90, 179.2]) {
      for (const [i, pair] of PAIRS.entries()) {
        if (look(code, degrees, pair, size).length === 0) missed.push(`${size} px, ${degrees}°, pair ${i}`);
      }
    }
  }
  t.strictSame(missed, []);
  t.end();
});

t.test('so is one with letters right above it, which change the luma', (t) => {
  /** Strokes of a caption, in black and in a third hue. */
  const caption = (rgba: Uint8Array): void => {
    for (let y = 110; y < 128; y += 1) {
      for (let x = 80; x < 240; x += 1) {
        if ((x + (y >> 2) * 3) % 11 >= 4) continue;
        rgba.set(x % 3 === 0 ? [40, 30, 120] : [10, 10, 10], 4 * (y * SIDE + x));
      }
    }
  };
  for (const degrees of [0, 1.5, -2])
    t.ok(look(code, degrees, PAIRS[1]!, 200, caption).includes('pdf417'), `${degrees}°`);
  t.end();
});

t.test('rows between other bars are none', (t) => {
  for (const degrees of [33, 162, 278]) {
    for (const pair of PAIRS) t.notOk(look(withOtherEnds(code), degrees, pair).includes('pdf417'), `${degrees}°`);
  }
  t.end();
});
