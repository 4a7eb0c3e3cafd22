import t from 'tap';
import { FINDER_STRIDE } from '../../../src/codescan/locate/candidate-boxes.js';
import { MAX_FINDERS } from '../../../src/codescan/qr/finder-reader.js';
import { drawRmqr, findRmqr, type RmqrPlace } from '../../../src/codescan/qr/rmqr-evidence.js';
import { rmqrModule } from '../../../src/codescan/qr/rmqr-template.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode } from '../../../scripts/scan-bench/make-code.js';
import { paintSymbol, type Placing } from '../../../scripts/scan-bench/paint-symbol.js';
import { matrixShape } from '../../../scripts/scan-bench/symbol-shapes.js';
import { frameOf, STRAIGHT } from '../placing.js';

const W = 480;
const H = 400;
const kernels = loadKernels();
const zxing = await ZxingReader.open(W * H);
t.teardown(() => zxing.close());

/** Luma of a frame with a code of that version; Zint counts the sizes from 1 (R7x43) to 32 (R17x139). */
async function lumaWith(version: number, more: Partial<Placing>, format: 'RMQRCode' | 'QRCode' = 'RMQRCode') {
  const frame = frameOf(W, H, [140, 140, 140]);
  const code = await makeCode('4711', format, format === 'RMQRCode' ? `version=${version}` : 'ecLevel=L');
  paintSymbol(frame, matrixShape(code, 2), {
    ...STRAIGHT,
    x: 240,
    y: 200,
    size: 300,
    light: [240, 240, 240],
    ...more,
  });
  return kernels.rgbaToYuva(frame.rgba, W, H, 0, 0).data.slice(0, W * H);
}

function search(luma: Uint8Array): RmqrPlace | undefined {
  const found = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  const count = kernels.findFinders(luma, W, H, 0, 0, W, H, found);
  const strict: number[] = [];
  for (let at = 0; at < count * FINDER_STRIDE; at += FINDER_STRIDE) {
    if (found[at + 3]! >> 1 === 0) strict.push(...found.subarray(at, at + FINDER_STRIDE));
  }
  return findRmqr(luma, W, H, Int32Array.from(strict), strict.length / FINDER_STRIDE);
}

t.test('the marks are those that all symbols of a size have', async (t) => {
  for (let version = 1; version <= 32; version += 1) {
    const { width, height, dark } = await makeCode(String(version * 37), 'RMQRCode', `version=${version}`);
    let wrong = 0;
    let marks = 0;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const mark = rmqrModule(x, y, width, height);
        if (mark !== undefined) marks += 1;
        if (mark !== undefined && mark !== dark[y * width + x]) wrong += 1;
      }
    }
    t.same([wrong, marks > 110], [0, true], `R${height}x${width}`);
  }
});

for (const [name, version, more, size] of [
  ['the shortest', 11, { size: 90 }, [27, 11]],
  ['one of 60 px', 11, { size: 60 }, [27, 11]],
  ['the longest, turned', 5, { size: 420, degrees: 20 }, [139, 7]],
  ['a high one, aslant', 28, { size: 150, degrees: 200, tilt: 22, tiltAxis: 40 }, [43, 17]],
  ['a mirrored one, light on dark', 9, { mirror: true, dark: [240, 240, 240], light: [20, 20, 20] }, [99, 9]],
] as const) {
  t.test(`an rMQR is told by its marks and drawn anew: ${name}`, async (t) => {
    const luma = await lumaWith(version, more as Partial<Placing>);
    const found = search(luma);
    t.same(found && [found.modulesWide, found.modulesHigh], size);
    if (found === undefined) return;
    const drawing = new Uint8Array(W * H);
    const drawn = drawRmqr(luma, W, H, found, drawing);
    const texts = (['local', 'global'] as const).map((how) => {
      zxing.pixels().set(drawing);
      return zxing.read(drawn.width, drawn.height, 'qr', how).find((s) => s.valid)?.text;
    });
    t.ok(texts.includes('4711'), `read ${String(texts)}`);
  });
}

t.test('a QR code, and a finder with dashes along one edge, are no rMQR', async (t) => {
  t.equal(search(await lumaWith(0, { size: 100 }, 'QRCode')), undefined);
  // A finder of 4 px a module, and dashes in step from one of its corners on: the other edge is not there.
  const luma = new Uint8Array(W * H).fill(230);
  const put = (x: number, y: number): void => {
    for (let v = 0; v < 4; v += 1)
      luma.fill(20, (100 + y * 4 + v) * W + 60 + x * 4, (100 + y * 4 + v) * W + 64 + x * 4);
  };
  for (let y = 0; y < 7; y += 1) {
    for (let x = 0; x < 7; x += 1) if (Math.max(Math.abs(x - 3), Math.abs(y - 3)) !== 2) put(x, y);
  }
  for (let x = 8; x < 90; x += 2) {
    put(x, 0);
  }
  t.equal(search(luma), undefined);
});
