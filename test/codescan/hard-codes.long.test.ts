import t from 'tap';
import { AdmissionScan } from '../../src/codescan/admission/admission-scan.js';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { i420Size, RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { makeCode } from '../../scripts/bench/scan/make-code.js';
import { type Frame, paintSymbol, type Placing, type Rgb } from '../../scripts/bench/scan/paint-symbol.js';
import { matrixShape, type Shape } from '../../scripts/bench/scan/symbol-shapes.js';
import { frameOf, STRAIGHT } from './placing.js';

const W = 400;
const H = 400;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const PLACING: Placing = { ...STRAIGHT, x: 200, y: 200, size: 120, degrees: 4 };

function frameWith(shape: Shape | undefined, placing: Partial<Placing>, ground: Rgb, w = W, h = H): Frame {
  const frame = frameOf(w, h, ground);
  if (shape !== undefined) paintSymbol(frame, shape, { ...PLACING, ...placing });
  return frame;
}

const qr = await makeCode('https://u.wx.qq.com/join42', 'QRCode', 'ecLevel=L');
const large = await makeCode('https://u.wx.qq.com/join42?'.padEnd(350, 'long'), 'QRCode', 'ecLevel=L');
const aztec = await makeCode('https://u.wx.qq.com/join42', 'Aztec');
const rmqr = matrixShape(await makeCode('u.wx.qq.com/7x2', 'RMQRCode'), 2);
const maxi: Shape = { ...matrixShape(await makeCode('HELLO 42', 'MaxiCode'), 4), module: 1 / 30 };

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const scan = new LiveScan(kernels, zxing, W, H);
  const look = (frame: Frame, other = whole.items, effort: number = EFFORT.deep | EFFORT.exact): string[] => {
    const picture = kernels.rgbaToYuva(frame.rgba, W, H, 0, 0).data.subarray(0, i420Size(W, H));
    scan.run(picture, whole, other, effort);
    return scan.hits.map((h) => h.kind);
  };

  t.test(`${prefer}: reads an Aztec code of 1.8 pixels per module`, async (t) => {
    t.ok(aztec.width >= 21, `${aztec.width} modules`);
    for (const degrees of [-2, 0, 1]) {
      for (const shift of [0, 0.4]) {
        const place = { size: (aztec.width + 4) * 1.8, degrees, x: 200 + shift, y: 200 + shift };
        t.same(look(frameWith(matrixShape(aztec, 2), place, [90, 130, 120])), ['aztec'], `${degrees}° at ${shift} px`);
      }
    }
  });

  t.test(`finds a code that a reader can't read as it is (${prefer})`, async (t) => {
    const ground: Rgb = [110, 120, 130];
    const cases: Record<string, [Shape, Partial<Placing>, Rgb]> = {
      'without quiet zone on a dark background': [matrixShape(qr, 0), {}, [12, 12, 12]],
      'blurred by 0.7 modules': [matrixShape(qr, 4), { blurModules: 0.7 }, ground],
      'large, and blurred by 0.74 modules': [matrixShape(qr, 4), { size: 300, blurModules: 0.74 }, ground],
      'bent around a bottle': [matrixShape(qr, 4), { curve: 50 }, ground],
      'dots and ring-shaped finders with a logo': [matrixShape(qr, 2, 'small dots', 0.2, 'ring'), {}, ground],
      'a picture between its modules': [matrixShape(qr, 1, 'artistic'), {}, ground],
      'equiluminant colours': [matrixShape(qr, 4), { dark: [200, 60, 60], light: [20, 113, 60] }, ground],
    };
    for (const [name, [shape, placing, behind]] of Object.entries(cases)) {
      t.not(look(frameWith(shape, placing, behind)).length, 0, name);
    }
  });

  t.test(`finds a QR code of many modules without a quiet zone amid blots (${prefer})`, async (t) => {
    t.ok(large.width > 57, `${large.width} modules`);
    for (const module of [4, 5]) {
      const frame = frameWith(undefined, {}, [110, 120, 130]);
      for (let y = 0; y < H; y += 1) {
        for (let x = 0; x < W; x += 1) {
          const tone = 60 + 70 * (Math.sin(x / 9) + Math.cos(y / 7));
          frame.rgba.fill(tone, (y * W + x) * 4, (y * W + x) * 4 + 3);
        }
      }
      t.strictSame(look(frame), [], 'nothing without it');
      paintSymbol(frame, matrixShape(large, 0), { ...PLACING, size: large.width * module, degrees: 0 });
      t.equal(look(frame, new Int32Array(4), EFFORT.deep).length, 1, `${module} pixels per module`);
    }
  });

  t.test(`redraws a rotated rMQR of under three pixels per module upright and enlarged (${prefer})`, async (t) => {
    for (const degrees of [7, 14, 21, 28]) {
      t.strictSame(look(frameWith(rmqr, { degrees, size: 140 }, [110, 120, 130])), ['rmqr'], `${degrees} degrees`);
    }
  });

  t.test(`finds a MaxiCode by its bull's eye at any angle, in both polarities (${prefer})`, async (t) => {
    for (const degrees of [0, 33, 90]) {
      t.ok(look(frameWith(maxi, { degrees, size: 160 }, [90, 90, 90])).includes('maxicode'), `${degrees} degrees`);
    }
    const inverted = { dark: [240, 240, 240], light: [20, 20, 20], size: 160 } as const;
    t.ok(look(frameWith(maxi, inverted, [90, 90, 90])).includes('maxicode'), 'inverted');
  });

  t.test(`rejects a target on a plain wall as a MaxiCode (${prefer})`, async (t) => {
    const frame = frameWith(undefined, {}, [240, 240, 240]);
    for (let y = 0; y < H; y += 1) {
      for (let x = 0; x < W; x += 1) {
        const ring = Math.floor(Math.hypot(x - 200, y - 200) / 8);
        if (ring < 6 && ring % 2 === 1) frame.rgba.fill(15, 4 * (y * W + x), 4 * (y * W + x) + 3);
      }
    }
    t.strictSame(look(frame), []);
  });

  t.test(`rejects endless rings with a wavy edge as a MaxiCode (${prefer})`, async (t) => {
    for (const wide of [4, 6, 9]) {
      const frame = frameWith(undefined, {}, [120, 150, 200]);
      for (let y = 0; y < H; y += 1) {
        for (let x = 0; x < W; x += 1) {
          const wave = 1 + 0.055 * Math.sin(14 * Math.atan2(y - 200, x - 200));
          const ring = Math.floor((Math.hypot(x - 200, y - 200) * wave) / wide);
          if (ring < 16) frame.rgba.fill(ring % 2 === 0 ? 225 : 30, 4 * (y * W + x), 4 * (y * W + x) + 3);
        }
      }
      t.strictSame(look(frame), [], `rings of ${wide} px`);
    }
  });
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const scan = new LiveScan(kernels, zxing, W, H);
  const look = (frame: Frame): string[] => {
    const picture = kernels.rgbaToYuva(frame.rgba, W, H, 0, 0).data.subarray(0, i420Size(W, H));
    scan.run(picture, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return scan.hits.map((h) => h.kind);
  };

  t.test(`reads a PDF417 at any angle (${prefer})`, async (t) => {
    const shape = matrixShape(await makeCode('https://u.wx.qq.com/p', 'PDF417'), 2);
    for (const degrees of [0, 33, 45, 128])
      t.same(look(frameWith(shape, { size: 260, degrees }, [120, 140, 160])), ['pdf417']);
  });

  t.test(`finds an equiluminant code of 33 modules in 60 px (${prefer})`, async (t) => {
    const shape = matrixShape(await makeCode('https://u.wx.qq.com/j', 'QRCode', 'ecLevel=L,version=4'), 4);
    const colours = { dark: [200, 60, 90], light: [20, 119, 40] } as const;
    const hits = look(frameWith(shape, { ...colours, size: 60, degrees: 1 }, [120, 120, 120]));
    t.same(hits, ['undecoded-code']);
  });

  t.test(`rejects rows of discs whose rings alternate between them (${prefer})`, async (t) => {
    const ring = (x: number, y: number, size: number, count: number): number | undefined => {
      const r = Math.hypot(x, y) / size;
      return r < 1 ? Math.floor(r * count) % 2 : undefined;
    };
    const discs: Shape = {
      aspect: 1,
      module: 0.02,
      ink: (u, v) => {
        for (const [cx, cy] of [
          [0.72, 0.72],
          [0.28, 0.72],
          [0.72, 0.28],
          [0.28, 0.28],
        ] as const) {
          const inner = ring(u - cx, v - cy, 0.09, 3);
          const ink = inner === undefined ? ring(u - cx, v - cy, 0.26, 7) : 1 - inner;
          if (ink !== undefined) return ink;
        }
        return undefined;
      },
    };
    t.same(look(frameWith(discs, { size: 300, degrees: 0 }, [200, 200, 210])), []);
  });
}

t.test('finds a 50 px equiluminant code in a portrait picture at admission', async (t) => {
  const admission = await AdmissionScan.open(loadKernels());
  t.teardown(() => admission.close());
  const small = matrixShape(await makeCode('a1b2', 'QRCode', 'ecLevel=L'), 4);
  const colours: Partial<Placing> = { dark: [200, 60, 60], light: [20, 113, 60], size: 50, x: 500, y: 900 };
  const { rgba, width, height } = frameWith(small, colours, [120, 130, 140], 720, 1280);
  const { verdict, hits } = admission.scanPicture(rgba, width, height, 'admission');
  t.equal(verdict, 'violation');
  const { x, y } = hits[0]!.box!;
  t.ok(x > 440 && x < 540 && y > 840 && y < 940, `${x}, ${y}`);
});
