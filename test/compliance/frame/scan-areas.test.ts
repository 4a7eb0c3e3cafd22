import t from 'tap';
import { AreaScan } from '../../../src/compliance/frame/scan-areas.js';
import { ZxingReader } from '../../../src/compliance/frame/zxing-reader.js';
import { RectList } from '../../../src/core/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode, plainFrame } from './draw-code.js';

const W = 640;
const H = 480;
const zxing = await ZxingReader.open(W * H);
t.teardown(() => zxing.close());

const whole = new RectList(1);
whole.push(0, 0, W, H);
const nowhere = new RectList(1);

/** Reads the luma with a fresh scan; `atOnce` as in `AreaScan.run`. */
function read(frame: Uint8Array, atOnce: RectList): { formats: string[]; reads: number; done: number } {
  const formats: string[] = [];
  const areas = new AreaScan(loadKernels(), zxing, W, H, 'luma', new Uint8Array(W * H));
  const take = (symbols: readonly { valid: boolean; format: string }[]): boolean => {
    for (const { valid, format } of symbols) if (valid) formats.push(format);
    return symbols.some((s) => s.valid);
  };
  areas.run(frame.subarray(0, W * H), whole, 1, take, W, H, atOnce);
  return { formats: [...new Set(formats)], reads: areas.reads, done: areas.done.count };
}

t.test('a code that has its turn is read by its mark, whatever its form', async (t) => {
  for (const [format, module] of [
    ['DataMatrix', 6],
    ['Aztec', 6],
    ['PDF417', 2],
  ] as const) {
    const frame = plainFrame(W, H, [140, 128, 128]);
    drawCode(frame, W, H, await makeCode('https://evil.example/m1', format), { x: 100, y: 100, module });
    const { formats } = read(frame, nowhere);
    t.equal(formats.length, 1, `${format}: ${formats.join()}`);
  }
});

t.test('blots are read when they are new, and not when they have their turn', async (t) => {
  const frame = plainFrame(W, H, [200, 128, 128]);
  // Blots that run together: texture without a corner, a bull's eye or a start.
  for (let y = 100; y < 260; y += 1) {
    for (let x = 80; x < 400; x += 1) {
      const wave = Math.sin(x / 3 + 3 * Math.sin(y / 9)) * Math.sin(y / 3 + 3 * Math.sin(x / 11));
      if (wave > 0.2) frame[y * W + x] = 40;
    }
  }
  const [fresh, turn] = [read(frame, whole), read(frame, nowhere)];
  t.ok(fresh.reads > 0, `${fresh.reads} readings`);
  t.equal(fresh.done > 0, true, 'what was read is not read for its outline as well');
  t.equal(turn.reads, 0, 'none');
  t.equal(turn.done, 0, 'and what was not read may be, for its outline');
  const corner = new RectList(1);
  corner.push(80, 100, 64, 64);
  t.ok(read(frame, corner).reads > 0, 'the part that is new');
});
