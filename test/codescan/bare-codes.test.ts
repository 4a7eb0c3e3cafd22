import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { hash01 } from '../../src/core/random.js';
import { RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { makeCode, type Modules } from '../../scripts/scan-bench/make-code.js';
import { plainFrame } from '../kit/draw-code.js';
import { paintModules } from './paint-modules.js';

const W = 480;
const H = 320;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const matrix = await makeCode('https://u.wechat.com/24B8nh7js', 'DataMatrix');
const wide = await makeCode('ABC123', 'DataMatrix', 'forceSquare=false,version=28');
const microPdf = await makeCode('WX13800138000', 'MicroPDF417');
const longPdf = await makeCode('WX13800138', 'MicroPDF417');
const microQr = await makeCode('WX42', 'MicroQRCode');

const seenFromBehind = ({ width, height, dark }: Modules): Modules => ({
  width,
  height,
  dark: dark.map((_, i) => dark[i - (i % width) + width - 1 - (i % width)]!),
});

/** A ground of patches of any tone between two. */
const patches =
  (a: number, b: number, side: number) =>
  (x: number, y: number): number =>
    a + (b - a) * hash01(Math.floor(x / side), Math.floor(y / side));

/** Dark and light modules with nothing around them on a ground of its own. */
function frameWith(
  code: Modules,
  ground: number | ((x: number, y: number) => number),
  module: number,
  degrees = 0,
  [dark, light]: readonly [number, number] = [20, 235],
): Uint8Array {
  const frame = plainFrame(W, H, [typeof ground === 'number' ? ground : 0, 128, 128]);
  const plane = frame.subarray(0, W * H);
  if (typeof ground !== 'number') for (let i = 0; i < W * H; i += 1) plane[i] = ground(i % W, Math.floor(i / W));
  const card = { ...code, dark: code.dark.map(() => 1) };
  for (const [drawn, tone] of [
    [card, light],
    [code, dark],
  ] as const) {
    paintModules(plane, W, H, drawn, { x: 240, y: 160, module, degrees, dark: tone });
  }
  return frame;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (frame: Uint8Array): string[] => {
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(frame, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return scan.hits.map((h) => h.kind);
  };

  t.test(
    `${prefer}: a Data Matrix on a ground between its two tones is read, whichever of them is the lighter`,
    async (t) => {
      for (const module of [3.4, 5]) {
        for (const degrees of [0, 24, 90]) {
          const name = `${module} px, ${degrees}°`;
          const dark = frameWith(matrix, patches(60, 170, 17), module, degrees, [12, 215]);
          t.strictSame(look(dark), ['data-matrix'], name);
          const light = frameWith(matrix, patches(195, 85, 17), module, degrees, [243, 40]);
          t.strictSame(look(light), ['data-matrix'], `${name}, light modules`);
        }
      }
    },
  );

  t.test(`${prefer}: a wide Data Matrix that is seen from behind is read without a margin`, async (t) => {
    for (const degrees of [0, 20]) {
      t.strictSame(
        look(frameWith(seenFromBehind(wide), patches(30, 150, 17), 5, degrees)),
        ['data-matrix'],
        `${degrees}°`,
      );
    }
  });

  t.test(`${prefer}: codes of other forms are read without a margin, on grounds between their tones`, async (t) => {
    const grain = patches(60, 170, 5);
    for (const module of [2.6, 3.4]) {
      t.strictSame(look(frameWith(microPdf, grain, module, 0, [12, 215])), ['pdf417'], `MicroPDF417, ${module} px`);
    }
    t.strictSame(look(frameWith(microQr, patches(30, 140, 23), 4.4)), ['micro-qr'], 'Micro QR');
  });

  t.test(`${prefer}: bars that are seen from behind and light on dark are read without a margin`, async (t) => {
    for (const degrees of [0, 1, 20]) {
      const frame = frameWith(seenFromBehind(microPdf), 128, 3, degrees, [235, 20]);
      t.strictSame(look(frame), ['pdf417'], `${degrees}°`);
    }
  });

  t.test(`${prefer}: bars of which the search for areas sees parts are read as a whole`, async (t) => {
    const card = { width: longPdf.width + 6, height: longPdf.height + 6, dark: new Uint8Array(0) };
    card.dark = new Uint8Array(card.width * card.height).fill(1);
    const frame = plainFrame(W, H, [90, 128, 128]);
    for (const [drawn, dark] of [
      [card, 20],
      [seenFromBehind(longPdf), 235],
    ] as const) {
      paintModules(frame.subarray(0, W * H), W, H, drawn, { x: 240, y: 160, module: 3, dark });
    }
    t.strictSame(look(frame), ['pdf417']);
  });

  t.test(`${prefer}: cells by chance without a margin are no code`, async (t) => {
    for (let seed = 0; seed < 6; seed += 1) {
      const [width, height] = seed < 3 ? [24, 24] : [48, 16];
      const dark = Uint8Array.from({ length: width * height }, (_, i) => (hash01(i, seed) < 0.5 ? 1 : 0));
      t.strictSame(look(frameWith({ width, height, dark }, 100, 4)), [], `${width} by ${height}, ${seed}`);
    }
  });
}
