import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { AdmissionScan } from '../../../src/codescan/admission/admission-scan.js';
import { FINDER_STRIDE } from '../../../src/codescan/locate/candidate-boxes.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { findCodePieces } from '../../../src/codescan/qr/qr-pieces.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode, type Modules, plainFrame } from '../../kit/draw-code.js';

const W = 640;
const H = 480;
const GREY: [number, number, number] = [140, 128, 128];
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());

const code = await makeCode('https://evil.example/m1000002');

/** Columns `from` to `to` of a code. */
function columns({ width, height, dark }: Modules, from: number, to: number): Modules {
  const part = new Uint8Array((to - from) * height);
  for (let y = 0; y < height; y += 1) part.set(dark.subarray(y * width + from, y * width + to), y * (to - from));
  return { width: to - from, height, dark: part };
}

function hitsOf(frame: Uint8Array): string[] {
  const whole = new RectList(1);
  whole.push(0, 0, W, H);
  const scan = new LiveScan(loadKernels(), zxing, W, H);
  scan.run(frame, whole, whole.items, EFFORT.deep | EFFORT.exact);
  return scan.hits.map((hit) => hit.kind);
}

t.test('reports the halves of a code at any distance', async (t) => {
  const cut = Math.ceil(code.width / 2);
  for (const [gap, shift] of [
    [30, 0],
    [90, 40],
    [330, -60],
  ] as const) {
    const frame = plainFrame(W, H, GREY);
    drawCode(frame, W, H, columns(code, 0, cut), { x: 10, y: 150, module: 6, quiet: 1 });
    const at = { x: 10 + (cut + 2) * 6 + gap, y: 150 + shift, module: 6, quiet: 1 };
    drawCode(frame, W, H, columns(code, cut, code.width), at);
    t.strictSame(hitsOf(frame), ['undecoded-code'], `${gap} px apart, ${shift} px off`);
  }
});

t.test('reports the half with two finders and not the other half', async (t) => {
  const half = Math.ceil(code.width / 2);
  for (const [from, to, hits] of [
    [0, half, ['undecoded-code']],
    [half, code.width, []],
  ] as const) {
    const frame = plainFrame(W, H, GREY);
    drawCode(frame, W, H, columns(code, from, to), { x: 40, y: 150, module: 6 });
    t.strictSame(hitsOf(frame), hits, `columns ${from} to ${to}`);
  }
});

t.test('rejects finders without data beside them, and a wall of finders', async (t) => {
  const finder = columns(code, 0, 7);
  const mark: Modules = { width: 7, height: 7, dark: finder.dark.subarray(0, 49) };
  for (const marks of [2, 3, 12]) {
    const frame = plainFrame(W, H, GREY);
    const hits = new Int32Array(marks * FINDER_STRIDE);
    for (let i = 0; i < marks; i += 1) {
      const [x, y] = [20 + (i % 4) * 150, 20 + Math.floor(i / 4) * 140 + (i % 2) * 10];
      drawCode(frame, W, H, mark, { x, y, module: 6, quiet: 2 });
      hits.set([x + 33, y + 33, 6 * 16, 0], i * FINDER_STRIDE);
    }
    t.equal(findCodePieces(frame.subarray(0, W * H), W, H, hits, marks), undefined, `${marks} marks`);
  }
});

t.test('reports one finder with a timing pattern beside it, unless the adjacent lines alternate too', async (t) => {
  const part = columns(code, 0, 16);
  const corner: Modules = { width: 16, height: 16, dark: part.dark.subarray(0, 16 * 16) };
  const striped: Modules = { ...corner, dark: corner.dark.slice() };
  for (let y = 0; y < 16; y += 1) {
    for (let x = 0; x < 16; x += 1) if (x > 7 || y > 7) striped.dark[y * 16 + x] = 1 - ((x > 7 ? x : y) & 1);
  }
  for (const [marks, hits] of [
    [corner, ['undecoded-code']],
    [striped, []],
  ] as const) {
    const frame = plainFrame(W, H, GREY);
    // The rest of the code lies beyond the picture's corner.
    drawCode(frame, W, H, marks, { x: W - 18 * 8, y: H - 18 * 8, module: 8, quiet: 2 });
    t.strictSame(hitsOf(frame), hits, hits.length > 0 ? 'data on the lines beside it' : 'stripes');
  }
});

t.test('rejects letters with loops in outlined captions', async (t) => {
  const file = join(packageRoot(), 'test/codescan/pictures/outlined-captions.png');
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const scan = await AdmissionScan.open(loadKernels());
  t.teardown(() => scan.close());
  // 由 and 品 one below the other, each separately and all at once.
  const third = info.height / 3;
  for (const [top, height] of [
    [0, third],
    [third, third],
    [2 * third, third],
    [0, info.height],
  ] as const) {
    const rgba = data.subarray(top * info.width * 4, (top + height) * info.width * 4);
    t.equal(scan.scanPicture(rgba, info.width, height, 'live').verdict, 'clean', `lines ${top} to ${top + height}`);
  }
});
