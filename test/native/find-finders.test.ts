import t from 'tap';
import { loadKernels } from '../../src/native/load-kernels.js';

const W = 640;
const H = 360;

/** A finder pattern with its quiet zone, antialiased 4×4, on mid grey. */
function finder(m: number, degrees: number, dark: number, light: number, cx: number, cy: number): Uint8Array {
  const plane = new Uint8Array(W * H).fill(128);
  const c = Math.cos((degrees * Math.PI) / 180);
  const s = Math.sin((degrees * Math.PI) / 180);
  for (let y = 0; y < H; y += 1) {
    for (let x = 0; x < W; x += 1) {
      let sum = 0;
      for (let k = 0; k < 16; k += 1) {
        const dx = x + ((k & 3) + 0.5) / 4 - cx;
        const dy = y + ((k >> 2) + 0.5) / 4 - cy;
        const d = Math.max(Math.abs(c * dx + s * dy), Math.abs(c * dy - s * dx)) / m;
        sum += d > 5.5 ? 128 : d > 3.5 || (d > 1.5 && d <= 2.5) ? light : dark;
      }
      plane[y * W + x] = Math.round(sum / 16);
    }
  }
  return plane;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const out = new Int32Array(4 * 16);
  t.test(`findFinders (${kernels.name})`, async (t) => {
    await t.test('locates one pattern of every size, rotation, polarity and contrast', async (t) => {
      for (const m of [1.5, 2, 3.3, 6, 12, 22]) {
        for (const degrees of [0, 8, 22, 45]) {
          for (const [dark, light] of [
            [10, 240],
            [240, 10],
            [110, 146],
          ] as const) {
            const cx = 300.3;
            const cy = 171.6;
            const n = kernels.findFinders(finder(m, degrees, dark, light, cx, cy), W, H, 0, 0, W, H, out);
            let near = false;
            for (let i = 0; i < n; i += 1) {
              const [x, y, size, polarity] = out.subarray(i * 4, i * 4 + 4) as unknown as [
                number,
                number,
                number,
                number,
              ];
              near ||=
                Math.hypot(x - cx, y - cy) < 2 + m &&
                Math.abs(size / 16 / m - 1.15) < 0.5 &&
                polarity === (dark < light ? 0 : 1);
            }
            if (!near) t.fail(`module ${m}, ${degrees}°, ${dark} on ${light}: ${n} hits, none there`);
          }
        }
      }
      t.pass('72 patterns');
    });

    await t.test('searches only inside the rectangle', async (t) => {
      const plane = finder(6, 0, 10, 240, 300, 170);
      t.equal(kernels.findFinders(plane, W, H, 0, 0, 200, H, out), 0);
      t.equal(kernels.findFinders(plane, W, H, 230, 100, 140, 140, out), 1);
    });

    await t.test('searches a few pixels beyond it for patterns of large modules', async (t) => {
      // 6 px per module: 42 px wide, of which 18 are beyond the rectangle.
      const large = finder(6, 0, 10, 240, 300, 170);
      t.equal(kernels.findFinders(large, W, H, 297, 100, 120, 140, out), 1);
      t.equal(kernels.findFinders(large, W, H, 306, 100, 120, 140, out), 0, '27 px beyond it are too many');
      t.equal(kernels.findFinders(large, W, H, 200, 100, 103, 140, out), 1, 'on its right as well');
      // 2 px per module is too small for the plane at half the size.
      t.equal(kernels.findFinders(finder(2, 0, 10, 240, 300, 170), W, H, 297, 100, 120, 140, out), 0);
    });

    await t.test('finds nothing in flat, shaded, striped or chequered pictures', async (t) => {
      const plane = new Uint8Array(W * H);
      const paint = (at: (x: number, y: number) => number): number => {
        for (let i = 0; i < plane.length; i += 1) plane[i] = at(i % W, Math.floor(i / W));
        return kernels.findFinders(plane, W, H, 0, 0, W, H, out);
      };
      t.equal(
        paint(() => 90),
        0,
      );
      t.equal(
        paint((x, y) => (x + y) / 4),
        0,
      );
      t.equal(
        paint((x) => (x % 22 < 11 ? 20 : 230)),
        0,
      );
      t.equal(
        paint((x, y) => (((x >> 4) ^ (y >> 4)) & 1 ? 20 : 230)),
        0,
      );
      t.equal(
        paint((x) => ([3, 1, 1, 3, 1, 1][(x >> 2) % 6]! > 1 ? 20 : 230)),
        0,
      );
    });

    await t.test(
      "distinguishes finders merged with a dark background, MaxiCode bull's eyes and ring markers",
      async (t) => {
        const plane = new Uint8Array(W * H);
        const kindsOf = (at: (dx: number, dy: number) => number): number[] => {
          for (let i = 0; i < plane.length; i += 1) plane[i] = at((i % W) + 0.5 - 300, Math.floor(i / W) + 0.5 - 170);
          const n = kernels.findFinders(plane, W, H, 0, 0, W, H, out);
          return Array.from({ length: n }, (_, i) => out[i * 4 + 3]!);
        };
        // The background left of and above the finder is as dark as its ring; a separator and data are right of it and
        // below.
        const corner = (dark: number, light: number) => (dx: number, dy: number) => {
          const [u, v] = [dx / 5, dy / 5];
          if (u < -3.5 || v < -3.5) return dark;
          const d = Math.max(Math.abs(u), Math.abs(v));
          return d > 4.5 ? (dark + light) / 2 : d > 3.5 || (d > 1.5 && d <= 2.5) ? light : dark;
        };
        t.ok(kindsOf(corner(10, 240)).includes(4), 'dark on light');
        t.ok(kindsOf(corner(240, 10)).includes(5), 'light on dark');
        // Rings of one width around a middle of twice that; the last merges with dark cells on some sides.
        const eye = (dark: number, light: number) => (dx: number, dy: number) => {
          const d = Math.hypot(dx, dy) / 6;
          if (d < 6) return d < 1 || Math.floor(d) % 2 === 0 ? light : dark;
          return Math.floor(Math.atan2(dy, dx) * 4) % 2 === 0 && d < 8 ? dark : light;
        };
        t.ok(kindsOf(eye(20, 230)).includes(6), 'dark on light');
        t.ok(kindsOf(eye(230, 20)).includes(7), 'light on dark');
        // Drawn from memory: the gap is narrower than the ring, and wider.
        const marker = (dark: number, light: number, dot: number, gap: number) => (dx: number, dy: number) => {
          const d = Math.hypot(dx, dy) / 40;
          return d < dot || (d >= gap && d < 1) ? dark : light;
        };
        for (const [dot, gap] of [
          [0.27, 0.61],
          [0.2, 0.68],
        ] as const) {
          t.ok(kindsOf(marker(20, 230, dot, gap)).includes(2), `dark on light, dot ${dot}`);
          t.ok(kindsOf(marker(230, 20, dot, gap)).includes(3), `light on dark, dot ${dot}`);
        }
      },
    );

    await t.test('writes no more than the output holds, and nothing for an empty rectangle', async (t) => {
      const plane = finder(6, 0, 10, 240, 300, 170);
      t.equal(kernels.findFinders(plane, W, H, 0, 0, W, H, new Int32Array(3)), 0);
      t.equal(kernels.findFinders(plane, W, H, 700, 0, 50, 50, out), 0);
      t.equal(kernels.findFinders(plane, W, H, 10, 10, 7, 300, out), 0);
    });
  });
}
