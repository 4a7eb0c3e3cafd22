import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { findCodewords } from '../../../src/codescan/pdf417/pdf417-rows.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode, type Modules, plainFrame } from '../../kit/draw-code.js';

const W = 640;
const H = 320;
const GREY = [120, 128, 128] as const;
const code = await makeCode('https://evil.example/m1000004', 'PDF417');
const START = 17;

/** The first columns of a symbol, or the last. */
function part(from: Modules, first: number, width: number): Modules {
  const dark = new Uint8Array(width * from.height);
  for (let y = 0; y < from.height; y += 1) {
    for (let x = 0; x < width; x += 1) dark[y * width + x] = from.dark[y * from.width + first + x]!;
  }
  return { width, height: from.height, dark };
}

function turnedBack({ width, height, dark }: Modules): Modules {
  return { width, height, dark: dark.slice().toReversed() };
}

const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

/** Codewords with modules in random order: four bars and four spaces of seventeen modules, of any cluster. */
function notACode(rows: number): Modules {
  const words = 4;
  const width = START + 17 * words;
  const dark = new Uint8Array(width * rows);
  let seed = 1;
  const random = (n: number): number => (seed = (seed * 48_271) % 0x7fffffff) % n;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < START; x += 1) dark[y * width + x] = code.dark[x]!;
    if (y % 3 !== 0) {
      dark.copyWithin(y * width, (y - 1) * width, y * width);
      continue;
    }
    for (let w = 0; w < words; w += 1) {
      const runs = Array.from({ length: 8 }, () => 1);
      for (let left = 9; left > 0; left -= 1) runs[random(8)]! += 1;
      let x = START + 17 * w;
      for (const [i, run] of runs.entries()) for (let k = 0; k < run; k += 1) dark[y * width + x++] = 1 - (i % 2);
    }
  }
  return { width, height: rows, dark };
}

for (const prefer of ['native', 'twin'] as const) {
  const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
  const look = (shown: Modules, module: number): { kind: string; text?: string }[] => {
    const frame = plainFrame(W, H, GREY);
    drawCode(frame, W, H, shown, { x: 40, y: 60, module, quiet: 2 });
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    return scan.hits.map(({ kind, text }) => (text === undefined ? { kind } : { kind, text }));
  };

  t.test(`counts an unreadable rest of a PDF417 as one (${prefer})`, async (t) => {
    for (const module of [2, 4]) {
      const left = part(code, 0, START + 17 * 2 + 3);
      t.strictSame(look(left, module), [{ kind: 'pdf417' }], `two columns of it, ${module} px per module`);
      t.strictSame(look(turnedBack(left), module), [{ kind: 'pdf417' }], 'rotated by 180 degrees');
    }
  });

  t.test(`rejects its end alone, its start alone and bars that are not codewords (${prefer})`, async (t) => {
    t.strictSame(look(part(code, code.width - 60, 60), 2), []);
    t.strictSame(look(part(code, 0, START + 10), 2), []);
    t.strictSame(look(notACode(24), 2), []);
  });
}

t.test('locates codewords along columns', async (t) => {
  const frame = plainFrame(W, H, GREY);
  const module = 2;
  const [x, y] = drawCode(frame, W, H, code, { x: 40, y: 60, module, quiet: 2 });
  const luma = frame.subarray(0, W * H);
  const mark = { x: x + 2 * module, y: y + 5 * module, width: START * module, height: 6 };
  const box = findCodewords(luma, W, H, mark)!;
  t.ok(Math.abs(box.x - mark.x) <= 1 && box.width > 4 * START * module, 'from the start on');
  t.ok(box.y <= y + 5 * module && box.height > 10 * module);
  const turned = new Uint8Array(W * H);
  for (let v = 0; v < H; v += 1) for (let u = 0; u < W; u += 1) turned[u * H + v] = luma[v * W + u]!;
  t.same(findCodewords(turned, H, W, { x: mark.y, y: mark.x, width: mark.height, height: mark.width }), {
    x: box.y,
    y: box.x,
    width: box.height,
    height: box.width,
  });
});
