import t from 'tap';
import { AdmissionScan } from '../../../src/codescan/admission/admission-scan.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { plainFrame } from '../../kit/draw-code.js';
import { barsOf, RETAIL_FORMS } from '../draw-retail.js';
import { paintModules } from '../paint-modules.js';

const W = 640;
const H = 480;
const NOWHERE = new Int32Array(4);
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const refusing = new LiveScan(kernels, zxing, W, H, undefined, true);
  const allowing = new LiveScan(kernels, zxing, W, H);

  t.test(`${prefer}: reports upright, rotated and slanted retail barcodes by option`, async (t) => {
    for (const form of RETAIL_FORMS) {
      const bars = await barsOf(form);
      for (const degrees of [0, 90, 180, 12, 33]) {
        const frame = plainFrame(W, H, [200, 128, 128]);
        paintModules(frame.subarray(0, W * H), W, H, bars, { x: 320, y: 240, module: 2, degrees, dark: 30 });
        allowing.run(frame, whole, NOWHERE, EFFORT.deep);
        t.strictSame(allowing.hits, [], `${form[0]}, ${degrees}°: none without the option`);
        refusing.run(frame, whole, NOWHERE, EFFORT.deep);
        t.match(refusing.hits, [{ rule: '3.3', kind: form[2], text: String }], `${form[0]}, ${degrees}°`);
      }
    }
  });

  t.test(`${prefer}: reads a partly changed barcode as a whole and reports all of it`, async (t) => {
    const bars = await barsOf(RETAIL_FORMS[0]);
    const frame = plainFrame(W, H, [200, 128, 128]);
    paintModules(frame.subarray(0, W * H), W, H, bars, { x: 320, y: 240, module: 3, degrees: 0, dark: 30 });
    const part = new RectList(1);
    part.push(300, 200, 40, 40);
    refusing.run(frame, part, NOWHERE, EFFORT.deep);
    t.match(refusing.hits, [{ kind: 'ean13', text: '4006381333931' }]);
    const { x, y, width, height } = refusing.hits[0]!.box!;
    const [left, top] = [320 - (bars.width * 3) / 2, 240 - (bars.height * 3) / 2];
    t.ok(x <= left && y <= top && x + width >= 640 - left && y + height >= 480 - top, 'the box covers every bar');
    const elsewhere = new RectList(1);
    elsewhere.push(0, 0, 32, 32);
    refusing.run(frame, elsewhere, NOWHERE, EFFORT.deep);
    t.strictSame(refusing.hits, [], 'unchanged parts are not scanned');
  });

  t.test(`${prefer}: rejects stripes, blinds, fences and keys as barcodes`, async (t) => {
    const random = seededRandom(11);
    for (let n = 0; n < 60; n += 1) {
      const frame = plainFrame(W, H, [128, 128, 128]);
      const width = 2 + (n % 12);
      const shades = Array.from({ length: 400 }, () => (n % 3 === 0 ? random() * 220 : random() < 0.5 ? 30 : 210));
      for (let y = 0; y < H; y += 1) {
        for (let x = 0; x < W; x += 1) {
          const along = n % 2 === 0 ? x : y;
          const across = n % 2 === 0 ? y : x;
          const regular = Math.floor(along / width) % 2 === 0 ? 40 : 200;
          const free = shades[Math.floor(along / width) + (n % 5 === 0 ? 7 * Math.floor(across / 48) : 0)]!;
          frame[y * W + x] = n < 20 ? regular : free;
        }
      }
      refusing.run(frame, whole, NOWHERE, EFFORT.deep);
      const found = refusing.hits;
      t.strictSame(found, [], `stripes ${n}`);
    }
  });
}

t.test('scans a picture and a clip frame for retail barcodes at admission, by option', async (t) => {
  const refusing = await AdmissionScan.open(loadKernels(), true);
  const allowing = await AdmissionScan.open(loadKernels());
  t.teardown(() => (refusing.close(), allowing.close()));
  const frame = plainFrame(W, H, [220, 128, 128]);
  const bars = await barsOf(RETAIL_FORMS[0]);
  paintModules(frame.subarray(0, W * H), W, H, bars, { x: 320, y: 240, module: 2, degrees: 0, dark: 20 });
  t.equal(allowing.scanFrame(frame, W, H).verdict, 'clean');
  t.match(refusing.scanFrame(frame, W, H), { verdict: 'violation', hits: [{ rule: '3.3', kind: 'ean13' }] });
  const rgba = Uint8Array.from({ length: W * H * 4 }, (_, i) => ((i & 3) === 3 ? 255 : frame[i >> 2]!));
  t.equal(allowing.scanPicture(rgba, W, H, 'admission').verdict, 'clean');
  t.match(refusing.scanPicture(rgba, W, H, 'admission').hits, [{ kind: 'ean13', text: '4006381333931' }]);
});
