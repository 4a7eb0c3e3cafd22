import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { drawCode, makeCode, plainFrame } from '../kit/draw-code.js';

const W = 640;
const H = 720;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);
const NOWHERE = new Int32Array(4);

/** Noise in the upper part of the picture; its pixels look like locators of all kinds. */
function noisy(seed: number, rows: number): Uint8Array {
  const random = seededRandom(seed);
  const frame = plainFrame(W, H, [140, 128, 128]);
  for (let i = 0; i < W * rows; i += 1) frame[i] = 16 + random() * 219;
  return frame;
}

t.test('finds a code below a noisy area', async (t) => {
  const code = await makeCode('https://evil.example/m1000002');
  for (const [seed, module] of [
    [1, 4],
    [2, 6],
    [3, 8],
  ] as const) {
    const frame = noisy(seed, 360);
    t.equal(frame.length, i420Size(W, H));
    drawCode(frame, W, H, code, { x: 200, y: 410, module });
    const scan = new LiveScan(loadKernels(), zxing, W, H);
    scan.run(frame, whole, NOWHERE, EFFORT.deep);
    t.strictSame(
      scan.hits.map((hit) => [hit.kind, hit.text]),
      [['qr', 'https://evil.example/m1000002']],
      `${module} px per module`,
    );
  }
});

t.test('finds no code in noise, and does not read it repeatedly', async (t) => {
  const scan = new LiveScan(loadKernels(), zxing, W, H);
  for (const seed of [4, 5]) {
    scan.run(noisy(seed, H), whole, NOWHERE, EFFORT.deep);
    t.strictSame(scan.hits, []);
    t.ok(scan.reads < 16, `${scan.reads} readings`);
  }
});
