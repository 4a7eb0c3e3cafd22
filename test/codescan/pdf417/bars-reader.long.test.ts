import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT, slotEffort } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode, type Modules, plainFrame } from '../../kit/draw-code.js';
import { paintModules } from '../paint-modules.js';

const W = 480;
const H = 480;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const NOWHERE = new Int32Array(4);
const whole = new RectList(1);
whole.push(0, 0, W, H);

const codes = {
  PDF417: await makeCode('3afj7ab6yomq9', 'PDF417'),
  MicroPDF417: await makeCode('6yomq9a', 'MicroPDF417'),
};

const seenFromBehind = ({ width, height, dark }: Modules): Modules => ({
  width,
  height,
  dark: dark.map((_, i) => dark[i - (i % width) + width - 1 - (i % width)]!),
});

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (code: Modules, ground: number, dark: number, degrees: number): string[] => {
    const frame = plainFrame(W, H, [ground, 128, 128]);
    paintModules(frame.subarray(0, W * H), W, H, code, { x: 240, y: 240, module: 3, degrees, dark });
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(frame, whole, NOWHERE, EFFORT.deep);
    return scan.hits.map((h) => h.kind);
  };

  for (const [name, code] of Object.entries(codes)) {
    t.test(`${prefer}: reads an inverted or mirrored ${name} at any angle`, async (t) => {
      for (const degrees of [0, 90, 24, 205]) {
        t.strictSame(look(code, 230, 20, degrees), ['pdf417'], `dark on light, ${degrees}°`);
        t.strictSame(look(code, 20, 230, degrees), ['pdf417'], `inverted, ${degrees}°`);
        t.strictSame(look(seenFromBehind(code), 230, 20, degrees), ['pdf417'], `mirrored, ${degrees}°`);
      }
    });
  }

  t.test(`${prefer}: reads stacked barcodes in all ways only when they are due in a show`, async (t) => {
    const upright = EFFORT.deep | slotEffort(0, 1) | EFFORT.luma;
    const due = EFFORT.deep | slotEffort(0, 1) | EFFORT.bars;
    for (const [name, ground, dark] of [
      ['dark on light', 230, 20],
      ['inverted', 20, 230],
    ] as const) {
      const scan = new LiveScan(kernels, zxing, W, H);
      const frame = plainFrame(W, H, [ground, 128, 128]);
      paintModules(frame.subarray(0, W * H), W, H, codes.PDF417, { x: 240, y: 240, module: 3, degrees: 24, dark });
      const kinds = [upright, due, due].map(
        (effort) => (scan.run(frame, whole, NOWHERE, effort), scan.hits.map((h) => h.kind).join()),
      );
      t.strictSame(kinds, ['', 'pdf417', 'pdf417'], `${name}: found when due, and again`);
    }
  });

  t.test(`${prefer}: rereads the stacked barcode of an area in violation at once`, async (t) => {
    const scan = new LiveScan(kernels, zxing, W, H);
    const frame = plainFrame(W, H, [20, 128, 128]);
    paintModules(frame.subarray(0, W * H), W, H, codes.PDF417, { x: 240, y: 240, module: 3, degrees: 24, dark: 230 });
    // The rectangle is read for every format, without a round-robin slot.
    scan.run(frame, whole, NOWHERE, EFFORT.deep | EFFORT.slotted | EFFORT.bars);
    t.strictSame(
      scan.hits.map((h) => h.kind),
      ['pdf417'],
    );
  });

  t.test(`${prefer}: reads bars that are not a code once`, async (t) => {
    const scan = new LiveScan(kernels, zxing, W, H);
    const frame = plainFrame(W, H, [230, 128, 128]);
    const { width, height, dark } = codes.PDF417;
    const broken = { width, height, dark: dark.map((v, i) => ((i % width) % 7 === 3 ? 1 - v : v)) };
    paintModules(frame.subarray(0, W * H), W, H, broken, { x: 240, y: 240, module: 3, degrees: 0, dark: 20 });
    const effort = EFFORT.deep | EFFORT.slotted | EFFORT.bars;
    const reads = [1, 2, 3].map(() => (scan.run(frame, whole, NOWHERE, effort), scan.reads));
    t.strictSame(scan.hits, []);
    t.ok(reads[0]! > 0, `${reads.join(', ')} readings`);
    t.strictSame(reads.slice(1), [0, 0]);
  });
}
