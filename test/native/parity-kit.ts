import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Kernels } from '../../src/core/kernels.js';
import { BitmapTable, DrawList, RectList, yuvaSize, type YuvaBitmap } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { addonPath } from '../../src/native/load-addon.js';
import { loadKernels } from '../../src/native/load-kernels.js';

export const twin = loadKernels({ prefer: 'twin' });
export const random = seededRandom(20_260);
export const int = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
const even = (from: number, to: number): number => int(from >> 1, to >> 1) * 2;
export const bytes = (n: number): Uint8Array => {
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i += 1) out[i] = random() * 256;
  return out;
};
export const sizes = [
  [2, 2],
  [2, 64],
  [64, 2],
  [34, 30],
  [66, 62],
  [130, 18],
  [254, 46],
  [320, 180],
] as const;

/** A rotated corner, a bull's eye of squares and the start of a PDF417 at a random position on a large enough plane. */
export function drawMarks(plane: Uint8Array, width: number, height: number): void {
  if (width < 200 || height < 100) return;
  const [dark, light] = random() < 0.5 ? [int(0, 90), int(160, 255)] : [int(160, 255), int(0, 90)];
  const [x0, y0, lean] = [int(4, width - 190), int(4, height - 90), int(-10, 10) / 40];
  const start = [8, 1, 1, 1, 1, 1, 1, 3, 2].flatMap((run, i) => Array.from({ length: run }, () => i % 2));
  for (let y = 0; y < 80; y += 1) {
    for (let x = 0; x < 180; x += 1) {
      const [u, v] = [x - 12 - lean * y, y - 12 + lean * x];
      const ring = Math.max(Math.abs(Math.floor((x - 85) / 3)), Math.abs(Math.floor((y - 40) / 3)));
      let value = u >= 0 && u < 45 && v >= 0 && v < 45 ? dark : light;
      if (x >= 65) value = ring <= 5 && ring % 2 === 0 ? dark : light;
      if (x >= 120 && x < 120 + 3 * start.length && y < 40)
        value = start[Math.floor((x - 120) / 3)] === 0 ? dark : light;
      plane[(y0 + y) * width + x0 + x] = value;
    }
  }
}

/** Alpha in runs: clear, solid and anything between, so that every path of the blend is taken. */
function randomBitmap(width: number, height: number, opaque: boolean): YuvaBitmap {
  const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(width, height)));
  data.set(bytes(data.length));
  const luma = width * height;
  const alpha = luma + luma / 2;
  for (let i = alpha; i < data.length;) {
    const kind = int(0, 2);
    for (const end = Math.min(data.length, i + int(1, 90)); i < end; i += 1) {
      if (opaque || kind === 0) data[i] = 255;
      else if (kind === 1) data[i] = 0;
    }
  }
  return { width, height, opaque, data };
}

export function randomScene(width: number, height: number): [RectList, DrawList, BitmapTable] {
  const rects = new RectList();
  const list = new DrawList();
  const table = new BitmapTable();
  for (let i = int(0, 4); i > 0; i -= 1) {
    const x = even(0, width - 2);
    const y = even(0, height - 2);
    rects.push(x, y, even(2, width - x), even(2, height - y));
  }
  if (random() < 0.5) rects.push(0, 0, width, height);
  if (random() < 0.3) rects.push(even(0, width - 2), even(0, height - 2), 2, 2);
  for (let i = int(0, 7); i > 0; i -= 1) {
    const whole = random() < 0.3;
    const bitmap = whole
      ? randomBitmap(width, height, true)
      : randomBitmap(even(2, width + 40), even(2, height + 40), random() < 0.4);
    table.set(i, bitmap);
    const x = whole ? 0 : even(-bitmap.width, width);
    const y = whole ? 0 : even(-bitmap.height, height);
    const clipped = random() < 0.4;
    const opacity = random() < 0.6 ? 256 : int(0, 256);
    list.push(
      i,
      x,
      y,
      opacity,
      clipped ? even(-20, width) : 0,
      clipped ? even(-20, height) : 0,
      clipped ? even(0, width) : width,
      clipped ? even(0, height) : height,
    );
  }
  return [rects, list, table];
}

/** A plane with edges, flat parts, noise and occasionally a finder pattern. */
export function randomPlane(w: number, h: number): Uint8Array {
  const plane = new Uint8Array(w * h);
  const base = int(30, 200);
  for (let i = 0; i < plane.length; i += 1) plane[i] = base + int(0, 6);
  for (let n = int(0, 30); n > 0; n -= 1) {
    const m = int(1, 12);
    const x0 = int(-10, w);
    const y0 = int(-10, h);
    const dark = int(0, 90);
    const light = int(130, 255);
    const swap = random() < 0.5;
    const finder = random() < 0.6;
    for (let y = Math.max(0, y0); y < Math.min(h, y0 + 9 * m); y += 1) {
      for (let x = Math.max(0, x0); x < Math.min(w, x0 + 9 * m); x += 1) {
        const d = Math.max(Math.abs(Math.floor((x - x0) / m) - 4), Math.abs(Math.floor((y - y0) / m) - 4));
        const isDark = finder ? d === 3 || d <= 1 : random() < 0.5;
        plane[y * w + x] = isDark !== swap ? dark : light;
      }
    }
  }
  return plane;
}

/** Noise of a pixel over a part of a plane. */
export function addNoise(plane: Uint8Array, w: number, h: number): void {
  const [x0, y0] = [int(0, w >> 1), int(0, h >> 1)];
  const [x1, y1] = [int(x0, w), int(y0, h)];
  for (let y = y0; y < y1; y += 1) plane.set(bytes(x1 - x0), y * w + x0);
}

/** Random squares of some pixels, in patches: the texture search takes them for codes. */
export function chequers(w: number, h: number, m: number): Uint8Array {
  const plane = new Uint8Array(w * h).fill(120);
  for (let patch = int(1, 40); patch > 0; patch -= 1) {
    const [x0, y0, side] = [int(0, w), int(0, h), int(20, 90)];
    for (let y = y0; y < Math.min(h, y0 + side); y += m) {
      for (let x = x0; x < Math.min(w, x0 + side); x += m) {
        const v = random() < 0.5 ? 30 : 220;
        for (let r = y; r < Math.min(h, y + m); r += 1) plane.fill(v, r * w + x, r * w + Math.min(w, x + m));
      }
    }
  }
  return plane;
}

export function sameBytes(t: Pick<Test, 'fail'>, a: ArrayLike<number>, b: ArrayLike<number>, what: string): boolean {
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] === b[i]) continue;
    t.fail(`${what}: byte ${i} is ${b[i]}, the twin says ${a[i]}`);
    return false;
  }
  return a.length === b.length || t.fail(`${what}: lengths differ`);
}

/** Runs tests for the plain kernels and, where the machine supports them, for the AVX2 ones. */
export function eachVariant(what: string, compare: (t: Test, native: Kernels) => Promise<void>): void {
  const skip = existsSync(addonPath()) ? false : 'the addon is not built (npm run build)';
  for (const variant of ['scalar', 'avx2'] as const) {
    t.test(`the ${variant} kernels ${what} like the twin, to the byte`, { skip }, async (t): Promise<void> => {
      let native: Kernels;
      try {
        native = loadKernels({ variant });
      } catch (e) {
        if (variant === 'scalar') throw e;
        t.comment('this processor has no AVX2');
        return;
      }
      t.equal(native.variant, variant);
      await compare(t, native);
    });
  }
}
