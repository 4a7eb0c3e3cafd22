import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { MaxiReader } from '../../../src/codescan/maxicode/maxi-reader.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, plainFrame } from '../../kit/draw-code.js';

const W = 320;
const H = 240;
const [X, Y] = [160, 120];
const TEXT = 'https://u.wechat.com/24B8nh7js';
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

/** The encoder draws a module five samples wide, and rows four high: too coarse for what is drawn anew here, to the standard's measures. */
const { width, dark: samples } = await makeCode(TEXT, 'MaxiCode');
const [COLUMNS, ROWS, MIDDLE_COLUMN, MIDDLE_ROW] = [30, 33, 14, 16];
const ROW = Math.sqrt(3) / 2;
/** Edges of the bull's eye, in modules. */
const RINGS = [0.59, 1.37, 2.14, 2.91, 3.69, 4.47];
/** As some programs draw it: its middle is as wide as three of its rings. */
const WIDE_MIDDLE = [1.09, 1.78, 2.44, 3.13, 3.81, 4.47];
const AROUND_EYE = 4.9;

const isDark = (column: number, row: number): boolean => {
  if (column < 0 || row < 0 || row >= ROWS || column >= COLUMNS - (row & 1)) return false;
  return samples[(4 * row + 2) * width + 5 * column + 1 + (row & 1) * 3] === 1;
};

/** Whether there is ink at a place in modules from the middle. */
function hasInk(u: number, v: number, rings: readonly number[]): boolean {
  const away = Math.hypot(u, v);
  const ring = rings.findIndex((edge) => away < edge);
  if (ring >= 0) return (ring & 1) === 1;
  const row = Math.round(v / ROW) + MIDDLE_ROW;
  const column = Math.round(u + MIDDLE_COLUMN - (row & 1) / 2);
  const [du, dv] = [u + MIDDLE_COLUMN - (row & 1) / 2 - column, v - (row - MIDDLE_ROW) * ROW];
  return away > AROUND_EYE - 0.5 && Math.hypot(du, dv) < 0.5 && isDark(column, row);
}

/** A frame with a code of that side; `mirrored` 1: seen from before, −1: from behind. */
function frameWith(
  side: number,
  degrees: number,
  [ground, dark]: readonly [number, number],
  mirrored = 1,
  rings = RINGS,
): Uint8Array {
  const frame = plainFrame(W, H, [ground, 128, 128]);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const module = side / (ROWS * ROW);
  for (let i = 0; i < W * H; i += 1) {
    let ink = 0;
    for (let s = 0; s < 16; s += 1) {
      const x = ((i % W) + ((s & 3) + 0.5) / 4 - X) / module;
      const y = (Math.floor(i / W) + ((s >> 2) + 0.5) / 4 - Y) / module;
      if (hasInk(mirrored * (x * cos + y * sin), y * cos - x * sin, rings)) ink += 1;
    }
    frame[i] = Math.round(ground + ((dark - ground) * ink) / 16);
  }
  return frame;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });

  t.test(
    `${prefer}: a MaxiCode of sixty pixels is read at any angle, of either polarity and from behind`,
    async (t) => {
      const read = (frame: Uint8Array): (string | undefined)[] => {
        const scan = new LiveScan(kernels, zxing, W, H);
        scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
        return scan.hits.map((hit) => `${hit.kind} ${hit.text}`);
      };
      for (const degrees of [0, 24, 90, 205]) {
        for (const side of [60, 66]) {
          t.strictSame(read(frameWith(side, degrees, [230, 20])), [`maxicode ${TEXT}`], `${side} px, ${degrees}°`);
        }
        t.strictSame(read(frameWith(68, degrees, [20, 230])), [`maxicode ${TEXT}`], `light on dark, ${degrees}°`);
        t.strictSame(read(frameWith(68, degrees, [230, 20], -1)), [`maxicode ${TEXT}`], `behind, ${degrees}°`);
      }
    },
  );

  t.test(
    `${prefer}: a MaxiCode with a middle as wide as three of its rings is found by what is around them`,
    async (t) => {
      const scan = new LiveScan(kernels, zxing, W, H);
      for (const tones of [
        [230, 20],
        [20, 230],
      ] as const) {
        scan.run(frameWith(220, 0, tones, 1, WIDE_MIDDLE), whole, new Int32Array(4), EFFORT.deep);
        t.strictSame(
          scan.hits.map((hit) => hit.kind),
          ['maxicode'],
          `${tones[1]} on ${tones[0]}`,
        );
      }
    },
  );
}

t.test('rings amid anything else are read as nothing, and once', async (t) => {
  const plane = frameWith(100, 24, [230, 20]).subarray(0, W * H);
  const ring = 100 * 0.028;
  // The bull's eye stays, and what is around it is shifted, so that no turn has the modules that are the same in every symbol.
  const shifted = plane.slice();
  for (let y = 0; y < H; y += 1) {
    for (let x = 0; x < W; x += 1) {
      if (Math.hypot(x - X, y - Y) > 6.2 * ring) shifted[y * W + x] = plane[((y + 37) % H) * W + ((x + 91) % W)]!;
    }
  }
  const maxi = new MaxiReader(zxing);
  maxi.begin();
  t.equal(maxi.read(shifted, W, H, X, Y, ring), undefined);
  maxi.begin();
  t.equal(maxi.read(shifted, W, H, X, Y, ring), undefined);
  t.equal(maxi.reads, 0);
});
