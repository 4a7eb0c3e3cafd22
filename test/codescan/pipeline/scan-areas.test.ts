import t from 'tap';
import { AreaScan } from '../../../src/codescan/pipeline/scan-areas.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { OUTLINE } from '../../../src/core/kernels.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode, plainFrame } from '../../kit/draw-code.js';

const W = 640;
const H = 480;
const zxing = await ZxingReader.open(W * H);
t.teardown(() => zxing.close());

const whole = new RectList(1);
whole.push(0, 0, W, H);

/** Reads the luma with a fresh scan; `marked` as in AreaScan. */
function read(frame: Uint8Array, marked: number): { formats: string[]; reads: number; done: number } {
  const formats: string[] = [];
  const areas = new AreaScan(loadKernels(), zxing, W, H, 'luma', new Uint8Array(W * H));
  areas.marked = marked;
  const take = (symbols: readonly { valid: boolean; format: string }[]): boolean => {
    for (const { valid, format } of symbols) if (valid) formats.push(format);
    return symbols.some((s) => s.valid);
  };
  areas.run(frame.subarray(0, W * H), whole, 1, take);
  return { formats: [...new Set(formats)], reads: areas.reads, done: areas.done.count };
}

t.test('reads a code of any format, with or without its locator', async (t) => {
  for (const [format, module, kind] of [
    ['DataMatrix', 6, OUTLINE.corner],
    ['Aztec', 6, OUTLINE.bullseye],
    ['PDF417', 2, OUTLINE.start],
  ] as const) {
    const frame = plainFrame(W, H, [140, 128, 128]);
    drawCode(frame, W, H, await makeCode('https://evil.example/m1', format), { x: 100, y: 100, module });
    for (const marked of [0, 1 << kind]) t.strictSame(read(frame, marked).formats, [format], `marks ${marked}`);
  }
});

t.test('does not count a region as read after a reading for one format or at half size', async (t) => {
  const frame = plainFrame(W, H, [200, 128, 128]);
  // Merged blots: texture without a corner, a bull's eye or a start.
  const paint = (size: number): void => {
    for (let y = 100; y < 260; y += 1) {
      for (let x = 80; x < 400; x += 1) {
        const [u, v] = [x / size, y / size];
        const wave = Math.sin(u / 3 + 3 * Math.sin(v / 9)) * Math.sin(v / 3 + 3 * Math.sin(u / 11));
        frame[y * W + x] = wave > 0.2 ? 40 : 200;
      }
    }
  };
  paint(1);
  const [every, corners] = [read(frame, 0), read(frame, 1 << OUTLINE.corner)];
  t.ok(every.reads > 0 && every.done > 0, `${every.reads} readings`);
  t.ok(corners.reads > 0, `${corners.reads} readings`);
  t.equal(corners.done, 0);
  paint(4);
  const coarse = read(frame, 0);
  t.ok(coarse.reads > 0 && coarse.done < coarse.reads, `${coarse.done} of ${coarse.reads} in their own size`);
});
