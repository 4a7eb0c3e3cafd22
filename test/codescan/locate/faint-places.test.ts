import t from 'tap';
import { makeCode, type Modules } from '../../../scripts/scan-bench/make-code.js';
import { FaintPlaces } from '../../../src/codescan/locate/faint-places.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { plainFrame } from '../../kit/draw-code.js';
import { paintModules } from '../paint-modules.js';

const W = 640;
const H = 480;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

/** Black and white cells all over, with a grey card in the middle on which a code stands in so few levels. */
function frameWith(code: Modules | undefined, levels: number, degrees: number, module = 4): Uint8Array {
  const frame = plainFrame(W, H, [140, 128, 128]);
  const luma = frame.subarray(0, W * H);
  const random = seededRandom(17);
  for (let y = 0; y < H; y += 8) {
    for (let x = 0; x < W; x += 8) {
      if (Math.hypot(x - 320, y - 240) < 190) continue;
      const v = random() < 0.5 ? 20 : 235;
      for (let row = y; row < y + 8; row += 1) luma.fill(v, row * W + x, row * W + x + 8);
    }
  }
  if (code !== undefined) paintModules(luma, W, H, code, { x: 320, y: 240, module, degrees, dark: 140 - levels });
  return frame;
}

const codes: readonly (readonly [kind: string, code: Modules, module: number])[] = [
  ['data-matrix', await makeCode('https://u.wechat.com/24B8nh7js', 'DataMatrix'), 4],
  ['aztec', await makeCode('https://u.wechat.com/24B8nh7js', 'Aztec'), 4],
  ['pdf417', await makeCode('6yomq9a', 'MicroPDF417'), 4],
  ['pdf417', await makeCode('3afj7ab6', 'PDF417'), 3],
];

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (frame: Uint8Array): { kinds: string[]; reads: number } => {
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    return { kinds: scan.hits.map((h) => h.kind), reads: scan.reads };
  };

  t.test(`${prefer}: a code in twenty-four levels of grey is read among edges ten times as strong`, async (t) => {
    for (const [kind, code, module] of codes) {
      for (const degrees of [0, 33]) {
        for (const levels of [24, -24]) {
          const { kinds } = look(frameWith(code, levels, degrees, module));
          t.strictSame(kinds, [kind], `${code.width} × ${code.height}, ${degrees}°, ${levels} levels`);
        }
      }
    }
  });

  t.test(`${prefer}: what was read without a find is not read again`, async (t) => {
    const scan = new LiveScan(kernels, zxing, W, H);
    const random = seededRandom(23);
    const cells = { width: 20, height: 20, dark: Uint8Array.from({ length: 400 }, () => (random() < 0.5 ? 1 : 0)) };
    const frame = frameWith(cells, 20, 0);
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    const first = scan.reads;
    t.strictSame(scan.hits, [], 'cells by chance are no code');
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    t.ok(scan.reads < first, `${scan.reads} readings after ${first}`);
  });
}

t.test('blocks that share their tones are a place, and a margin or other tones bound it', async (t) => {
  const places = new FaintPlaces(loadKernels(), W, H);
  const luma = new Uint8Array(W * H).fill(128);
  const chequer = (x0: number, y0: number, w: number, h: number, low: number, high: number): void => {
    for (let y = y0; y < y0 + h; y += 1) {
      for (let x = x0; x < x0 + w; x += 1) luma[y * W + x] = ((x >> 2) + (y >> 2)) % 2 === 0 ? low : high;
    }
  };
  chequer(64, 64, 96, 96, 120, 150);
  chequer(160, 64, 96, 96, 180, 210);
  chequer(64, 240, 16, 96, 120, 150);
  chequer(320, 240, 96, 96, 20, 220);
  const { count, items } = places.find(luma, whole);
  t.strictSame([...items.subarray(0, 4 * count)], [46, 46, 132, 132, 142, 46, 132, 132]);
  t.strictSame([places.dark[0], places.light[0], places.dark[1], places.light[1]], [120, 150, 180, 210]);
  const elsewhere = new RectList(1);
  elsewhere.push(400, 0, 100, 100);
  t.equal(places.find(luma, elsewhere).count, 0, 'only where it is looked for');
});
