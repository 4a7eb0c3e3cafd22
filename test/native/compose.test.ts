import sharp, { type OverlayOptions } from 'sharp';
import t from 'tap';
import { BitmapTable, DrawList, RectList, i420Size } from '../../src/core/media/picture.js';
import { isEngineError } from '../../src/core/errors.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const W = 160;
const H = 96;

const flat = (w: number, h: number, r: number, g: number, b: number, a: number): Uint8Array => {
  const out = new Uint8Array(w * h * 4);
  for (let i = 0; i < out.length; i += 4) out.set([r, g, b, a], i);
  return out;
};
const whole = (): RectList => {
  const rects = new RectList();
  rects.push(0, 0, W, H);
  return rects;
};

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  t.test(`compose (${kernels.name})`, async (t) => {
    await t.test('composites like sharp from the same layers', async (t) => {
      // Smooth layers: half-size chroma must not cause the difference.
      const layer = (w: number, h: number, seed: number, alpha: boolean): Uint8Array => {
        const out = new Uint8Array(w * h * 4);
        for (let y = 0; y < h; y += 1) {
          for (let x = 0; x < w; x += 1) {
            const at = (y * w + x) * 4;
            out[at] = 60 + ((x * 150) / w) * (seed & 1 ? 1 : 0.5);
            out[at + 1] = 200 - (y * 120) / h;
            out[at + 2] = 40 + ((x + y) * 90) / (w + h) + seed * 10;
            out[at + 3] = alpha ? (255 * Math.min(x, w - 1 - x, y, h - 1 - y)) / (Math.min(w, h) / 2) : 255;
          }
        }
        return out;
      };
      const raw = (data: Uint8Array, width: number, height: number): OverlayOptions => ({
        input: Buffer.from(data),
        raw: { width, height, channels: 4 },
      });
      const back = layer(W, H, 0, false);
      const one = layer(70, 50, 1, true);
      const two = layer(41, 33, 2, true);
      const expected = await sharp(Buffer.from(back), { raw: { width: W, height: H, channels: 4 } })
        .composite([
          { ...raw(one, 70, 50), left: 20, top: 10 },
          { ...raw(two, 41, 33), left: 61, top: 41 },
        ])
        .removeAlpha()
        .raw()
        .toBuffer();

      const table = new BitmapTable();
      const list = new DrawList();
      table.set(1, kernels.rgbaToYuva(back, W, H, 0, 0));
      table.set(2, kernels.rgbaToYuva(one, 70, 50, 0, 0));
      table.set(3, kernels.rgbaToYuva(two, 41, 33, 1, 1));
      list.push(1, 0, 0, 256, 0, 0, W, H);
      list.push(2, 20, 10, 256, 0, 0, W, H);
      list.push(3, 60, 40, 256, 0, 0, W, H);
      const frame = new Uint8Array(i420Size(W, H)).fill(99);
      kernels.compose(frame, W, H, whole(), list, table);
      const rgba = new Uint8Array(W * H * 4);
      kernels.i420ToRgba(frame, W, H, rgba);
      let worst = 0;
      let sum = 0;
      for (let i = 0; i < W * H; i += 1) {
        for (let c = 0; c < 3; c += 1) {
          const d = Math.abs(rgba[i * 4 + c]! - expected[i * 3 + c]!);
          worst = Math.max(worst, d);
          sum += d;
        }
      }
      t.ok(worst <= 8, `worst channel difference is ${worst}`);
      t.ok(sum / (W * H * 3) < 1.2, `mean difference is ${(sum / (W * H * 3)).toFixed(2)}`);
    });

    await t.test('starts from black where nothing opaque lies, whatever was there before', async (t) => {
      const frame = new Uint8Array(i420Size(W, H)).fill(200);
      kernels.compose(frame, W, H, whole(), new DrawList(), new BitmapTable());
      t.ok(frame.subarray(0, W * H).every((v) => v === 16));
      t.ok(frame.subarray(W * H).every((v) => v === 128));
    });

    await t.test('changes nothing outside the damage and the clip', async (t) => {
      const table = new BitmapTable();
      const list = new DrawList();
      table.set(1, kernels.rgbaToYuva(flat(W, H, 255, 255, 255, 255), W, H, 0, 0));
      list.push(1, 0, 0, 256, 0, 0, W, H);
      table.set(2, kernels.rgbaToYuva(flat(W, H, 0, 0, 0, 255), W, H, 0, 0));
      list.push(2, 0, 0, 256, 32, 20, 8, 6);
      const frame = new Uint8Array(i420Size(W, H)).fill(77);
      const rects = new RectList();
      rects.push(30, 18, 20, 20);
      kernels.compose(frame, W, H, rects, list, table);
      for (let y = 0; y < H; y += 1) {
        for (let x = 0; x < W; x += 1) {
          const damaged = x >= 30 && x < 50 && y >= 18 && y < 38;
          const clipped = x >= 32 && x < 40 && y >= 20 && y < 26;
          const expected = !damaged ? 77 : clipped ? 16 : 235;
          if (frame[y * W + x] !== expected) return t.equal(frame[y * W + x], expected, `at ${x},${y}`);
        }
      }
      return t.pass('every sample is what it should be');
    });

    await t.test('fades by opacity: 0 nothing, 128 half, 256 all', async (t) => {
      for (const [opacity, luma] of [
        [0, 16],
        [128, 126],
        [256, 235],
      ] as const) {
        const table = new BitmapTable();
        const list = new DrawList();
        table.set(1, kernels.rgbaToYuva(flat(W, H, 255, 255, 255, 255), W, H, 0, 0));
        list.push(1, 0, 0, opacity, 0, 0, W, H);
        const frame = new Uint8Array(i420Size(W, H));
        kernels.compose(frame, W, H, whole(), list, table);
        t.ok(Math.abs(frame[W * 10 + 10]! - luma) <= 1, `opacity ${opacity} gives ${frame[W * 10 + 10]}`);
        t.equal(frame[W * H + 5], 128);
      }
    });

    await t.test('refuses a wrong canvas and a list with a bitmap missing from the table', async (t) => {
      const list = new DrawList();
      list.push(5, 0, 0, 256, 0, 0, W, H);
      const frame = new Uint8Array(i420Size(W, H));
      const refused = (e: unknown): boolean => isEngineError(e) && e.code === 'E_NATIVE';
      for (const run of [
        (): void => kernels.compose(frame, W, H, whole(), list, new BitmapTable()),
        (): void => kernels.compose(frame, W + 2, H, whole(), new DrawList(), new BitmapTable()),
        (): void => kernels.compose(frame, 15, 16, whole(), new DrawList(), new BitmapTable()),
      ]) {
        try {
          run();
          t.fail('it was accepted');
        } catch (e) {
          t.ok(refused(e), String(e));
        }
      }
    });
  });

  t.test(
    `rgbaToYuva (${kernels.name}) keeps grey grey, white 235 and black 16, and clears transparent pixels`,
    async (t) => {
      for (const [grey, luma] of [
        [0, 16],
        [128, 126],
        [255, 235],
      ] as const) {
        const bitmap = kernels.rgbaToYuva(flat(4, 4, grey, grey, grey, 255), 4, 4, 0, 0);
        t.ok(bitmap.opaque);
        t.equal(bitmap.data[0], luma);
        t.equal(bitmap.data[16], 128);
        t.equal(bitmap.data[20], 128);
      }
      const shifted = kernels.rgbaToYuva(flat(3, 3, 255, 0, 0, 255), 3, 3, 1, 1);
      t.same([shifted.width, shifted.height, shifted.opaque], [4, 4, false]);
      t.same([...shifted.data.subarray(24, 40)], [0, 0, 0, 0, 0, 255, 255, 255, 0, 255, 255, 255, 0, 255, 255, 255]);
      t.equal(shifted.data[40], 64, 'a quarter of the first chroma sample is covered');
      t.ok(shifted.data.buffer instanceof SharedArrayBuffer);
    },
  );

  t.test(`planeStats (${kernels.name}) returns mean, variance, sharpness and share of black`, async (t) => {
    const plane = new Uint8Array(8 * 8);
    for (let i = 0; i < 64; i += 1) plane[i] = (i + (i >> 3)) & 1 ? 100 : 0;
    const out = new Float64Array(4);
    kernels.planeStats(plane, 8, 0, 0, 8, 8, out);
    t.same([...out], [50, 2500, 400, 0.5]);
    kernels.planeStats(plane, 8, 20, 0, 8, 8, out);
    t.same([...out], [0, 0, 0, 0]);
  });
}
