import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { makeCode, plainFrame } from '../kit/draw-code.js';
import { paintModules } from './paint-modules.js';

const W = 1280;
const H = 720;
const NOWHERE = new Int32Array(4);
const COLUMNS = 6;
const PLACES = 24;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);
// Made of separate dots, so that its bull's eye is no locator and the first reading fails.
const dotted = await makeCode('https://u.wx.qq.com/join42', 'Aztec');

/** Mosaics that resemble codes as closely as possible, optionally with a code in the position of the last one. */
function mosaics(hasCode: boolean): Uint8Array {
  const frame = plainFrame(W, H, [230, 128, 128]);
  const luma = frame.subarray(0, W * H);
  // From a fixed generator (Knuth, MMIX).
  let state = 0x2545f491n;
  const bit = (): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 63n);
  };
  for (let place = 0; place < PLACES; place += 1) {
    const [x, y] = [120 + (place % COLUMNS) * 200, 100 + Math.floor(place / COLUMNS) * 170];
    if (hasCode && place === PLACES - 1) {
      paintModules(luma, W, H, dotted, { x, y, module: 4, degrees: 24, dark: 20, dot: 0.44 });
      continue;
    }
    const cells = { width: 23, height: 23, dark: Uint8Array.from({ length: 23 * 23 }, bit) };
    paintModules(luma, W, H, cells, { x, y, module: 2.6, degrees: 24, dark: 20 });
  }
  return frame;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });

  t.test(`${prefer}: reads a region skipped for lack of room in a later picture`, async (t) => {
    for (const effort of [EFFORT.deep, EFFORT.deep | EFFORT.slotted]) {
      const scan = new LiveScan(kernels, zxing, W, H);
      const frame = mosaics(true);
      scan.run(frame, whole, NOWHERE, effort);
      t.strictSame(scan.hits, [], 'not among the first');
      let looks = 1;
      for (; scan.hits.length === 0 && looks < 400; looks += 1) scan.run(frame, whole, NOWHERE, effort);
      t.equal(scan.hits[0]?.kind, 'aztec', `in pass ${looks}`);
    }
  });

  t.test(`${prefer}: reads a still picture of too many regions to the end and then stops`, async (t) => {
    const scan = new LiveScan(kernels, zxing, W, H);
    const frame = mosaics(false);
    const reads: number[] = [];
    for (let look = 0; look < 8; look += 1) {
      scan.run(frame, whole, NOWHERE, EFFORT.deep);
      reads.push(scan.reads);
    }
    t.ok(reads[1]! > 0, `${reads.join(', ')} readings`);
    t.equal(reads.at(-1), 0);
  });
}
