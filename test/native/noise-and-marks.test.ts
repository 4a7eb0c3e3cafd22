import t from 'tap';
import { OUTLINE, OUTLINE_STRIDE, OUTLINES_OUT } from '../../src/core/kernels.js';
import { seededRandom } from '../../src/core/random.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const W = 640;
const H = 360;
const NO_HITS = new Int32Array(0);

/** Per-pixel noise everywhere. */
function noise(seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: W * H }, () => 16 + random() * 219);
}

/** Draws modules of `m` pixels, dark where `isDark` returns true. */
function draw(
  plane: Uint8Array,
  [x0, y0]: readonly [number, number],
  [columns, rows]: readonly [number, number],
  m: number,
  isDark: (u: number, v: number) => boolean,
): void {
  for (let y = 0; y < rows * m; y += 1) {
    for (let x = 0; x < columns * m; x += 1) {
      plane[(y0 + y) * W + x0 + x] = isDark(Math.floor(x / m), Math.floor(y / m)) ? 20 : 230;
    }
  }
}

/** A code of 21 modules without data in its separators, one module of quiet zone around it. */
const qrLike = (seed: number) => {
  const random = seededRandom(seed);
  const data = Array.from({ length: 23 * 23 }, () => random() < 0.5);
  return (u: number, v: number): boolean => {
    if (u === 0 || v === 0 || u === 22 || v === 22) return false;
    for (const [cx, cy] of [
      [4, 4],
      [18, 4],
      [4, 18],
    ] as const) {
      const d = Math.max(Math.abs(u - cx), Math.abs(v - cy));
      if (d <= 4) return d === 3 || d <= 1;
    }
    return data[v * 23 + u]!;
  };
};

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const out = new Int32Array(4 * 256);
  const outlines = new Int32Array(OUTLINES_OUT);

  t.test(`finds hardly a locator in noise of a pixel, and every real one in it (${kernels.name})`, (t) => {
    for (const seed of [1, 2, 3]) {
      const n = kernels.findFinders(noise(seed), W, H, 0, 0, W, H, out, outlines);
      t.ok(n < 12, `${n} finders`);
      t.ok(outlines[0]! >= 0 && outlines[0]! < 6, `${outlines[0]} outlines`);
    }
    for (const m of [2, 3, 4, 7]) {
      const plane = noise(m);
      draw(plane, [300, 120], [23, 23], m, qrLike(m));
      const n = kernels.findFinders(plane, W, H, 0, 0, W, H, out);
      const met = (cx: number, cy: number): boolean =>
        Array.from({ length: n }, (_, i) => i * 4).some(
          (i) => Math.hypot(out[i]! - 300 - cx * m, out[i + 1]! - 120 - cy * m) < m && out[i + 3]! >> 1 !== 1,
        );
      t.ok(met(4.5, 4.5) && met(18.5, 4.5) && met(4.5, 18.5), `${m} px per module`);
    }
    t.end();
  });

  t.test(`finds a corner of a Data Matrix of 8 modules by 48 to 144 (${kernels.name})`, (t) => {
    for (const columns of [48, 64, 80, 96, 120, 144]) {
      const random = seededRandom(columns);
      const plane = new Uint8Array(W * H).fill(230);
      const data = Array.from({ length: columns * 8 }, () => random() < 0.5);
      const m = columns > 96 ? 4 : 5;
      draw(plane, [30, 100], [columns, 8], m, (u, v) => {
        if (u === 0 || v === 7) return true;
        return v === 0 ? u % 2 === 0 : u === columns - 1 ? v % 2 === 1 : data[v * columns + u]!;
      });
      kernels.findFinders(plane, W, H, 0, 0, W, H, NO_HITS, outlines);
      const corners = Array.from({ length: outlines[0]! }, (_, i) => outlines.subarray(1 + i * OUTLINE_STRIDE));
      t.ok(
        corners.some(([kind, x, , w]) => kind === OUTLINE.corner && Math.abs(x! - 30) < m && w! > (columns - 4) * m),
        `8 × ${columns}`,
      );
    }
    // A bar under letters is as long, but nothing alternates as often opposite to it.
    const plane = new Uint8Array(W * H).fill(230);
    draw(plane, [30, 100], [96, 8], 5, (u, v) => v === 7 || u === 0 || (v === 1 && u % 16 < 8));
    kernels.findFinders(plane, W, H, 0, 0, W, H, NO_HITS, outlines);
    t.equal(outlines[0], 0);
    t.end();
  });
}
