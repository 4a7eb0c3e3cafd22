import t from 'tap';
import { makeCode } from '../../scripts/bench/scan/make-code.js';
import { type Frame, paintSymbol } from '../../scripts/bench/scan/paint-symbol.js';
import { matrixShape, type Shape } from '../../scripts/bench/scan/symbol-shapes.js';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { planesToI420, rgbaToPlanes } from '../../src/codescan/pipeline/rgba-planes.js';
import { EFFORT, findersOnly, slotEffort } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const W = 960;
const H = 540;
const PLACES = [
  [150, 150],
  [780, 160],
  [460, 380],
] as const;
/** A frame in which no plane has a round-robin slot. */
const IN_PASSING = EFFORT.deep | slotEffort(0, 0) | findersOnly(1);

const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

/** Noise of `cell` pixels, in squares or interpolated. */
function noise(seed: number, cell: number, smooth: boolean): Frame {
  const random = seededRandom(seed);
  const columns = Math.ceil(W / cell) + 2;
  const grid = Float32Array.from({ length: columns * (Math.ceil(H / cell) + 2) }, () => 20 + random() * 215);
  const rgba = new Uint8Array(W * H * 4).fill(255);
  for (let y = 0; y < H; y += 1) {
    for (let x = 0; x < W; x += 1) {
      const [u, v] = [Math.floor(x / cell), Math.floor(y / cell)];
      const [f, g] = smooth ? [x / cell - u, y / cell - v] : [0, 0];
      const at = v * columns + u;
      const top = grid[at]! * (1 - f) + grid[at + 1]! * f;
      const low = grid[at + columns]! * (1 - f) + grid[at + columns + 1]! * f;
      rgba.fill(Math.round(top * (1 - g) + low * g), 4 * (y * W + x), 4 * (y * W + x) + 3);
    }
  }
  return { width: W, height: H, rgba };
}

function scanOf(frame: Frame, effort: number): LiveScan {
  const scan = new LiveScan(loadKernels(), zxing, W, H);
  scan.run(planesToI420(rgbaToPlanes(frame.rgba, W, H, 255)), whole, new Int32Array(4), effort);
  return scan;
}

/** How many of three codes amid noise are found by the cheap search, one of them blurred and one inverted. */
function met(frame: Frame, shape: Shape, size: number, degrees: number): number {
  for (const [k, [x, y]] of PLACES.entries()) {
    const [dark, light] = [[20, 20, 20] as const, [245, 245, 245] as const];
    paintSymbol(frame, shape, {
      ...{
        x,
        y,
        size,
        degrees,
        tilt: 0,
        tiltAxis: 0,
        curve: 0,
        mirror: false,
        opacity: 1,
        blurModules: k === 1 ? 0.3 : 0,
      },
      ...(k === 2 ? { dark: light, light: dark } : { dark, light }),
    });
  }
  const { hits } = scanOf(frame, IN_PASSING);
  return PLACES.filter(([x, y]) =>
    hits.some(
      ({ box }) => box!.width < 300 && Math.hypot(box!.x + box!.width / 2 - x, box!.y + box!.height / 2 - y) < 60,
    ),
  ).length;
}

const NOISES = [
  [2, false],
  [2, true],
  [4, false],
] as const;

t.test(
  'finds a code over noise of a few pixels in the frame in which it appears, with and without a quiet zone',
  async (t) => {
    const code = await makeCode('https://evil.example/1');
    for (const [cell, smooth] of NOISES) {
      for (const quiet of [4, 1, 0]) {
        for (const [size, degrees] of [
          [64, 0],
          [90, 33],
          [140, 12],
        ] as const) {
          const name = `${cell} px${smooth ? ', smooth' : ''}, quiet zone ${quiet}, ${size} px rotated by ${degrees}°`;
          t.equal(met(noise(size + quiet, cell, smooth), matrixShape(code, quiet), size, degrees), 3, name);
        }
      }
    }
  },
);

t.test('finds a Data Matrix and an Aztec code amid noise in the frame in which they appear', async (t) => {
  for (const format of ['DataMatrix', 'Aztec'] as const) {
    const shape = matrixShape(await makeCode('https://evil.example/1', format), 2);
    for (const [cell, smooth] of NOISES)
      t.equal(met(noise(7, cell, smooth), shape, 100, 20), 3, `${format}, ${cell} px`);
  }
});

t.test('finds no code in noise of a few pixels, and reads hardly any of it', (t) => {
  for (const [cell, smooth] of NOISES) {
    for (const seed of [1, 2]) {
      const scan = scanOf(noise(seed, cell, smooth), IN_PASSING);
      t.strictSame(scan.hits, []);
      t.ok(scan.reads <= 24, `${scan.reads} readings in noise of ${cell} px`);
    }
  }
  t.end();
});
