import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { planesToI420, rgbaToPlanes } from '../../../src/codescan/pipeline/rgba-planes.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { type Frame, paintSymbol, type Placing } from '../../../scripts/bench/scan/paint-symbol.js';
import { seededRandom } from '../../../src/core/random.js';
import { matrixShape, otherRoundShape, roundShape, type Shape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { frameOf, STRAIGHT } from '../placing.js';

const W = 640;
const H = 480;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const PLACING: Placing = { ...STRAIGHT, x: 320, y: 240, size: 200, degrees: 3 };

const blank = (grey: number): Frame => frameOf(W, H, [grey, grey, grey]);
const withSymbol = (shape: Shape, placing: Partial<Placing>, ground = 150): Frame => {
  const frame = blank(ground);
  paintSymbol(frame, shape, { ...PLACING, ...placing });
  return frame;
};

for (const prefer of ['native', 'twin'] as const) {
  const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
  const look = (frame: Frame): string[] => {
    const picture = planesToI420(rgbaToPlanes(frame.rgba, W, H, 255));
    scan.run(picture, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return scan.hits.map((h) => h.kind);
  };

  t.test(`finds round codes by their ring markers (${prefer})`, async (t) => {
    for (const spokes of [36, 54, 72]) {
      for (const size of [140, 200, 300]) {
        t.strictSame(look(withSymbol(roundShape(7 + spokes, spokes, true), { size })), ['round-code'], `${size} px`);
      }
      t.strictSame(look(withSymbol(roundShape(3, spokes, true), { degrees: 77, tilt: 20 })), ['round-code'], 'tilted');
    }
  });

  t.test(`finds round codes in near perspective by spokes that run together (${prefer})`, async (t) => {
    for (const [spokes, tilt, tiltAxis] of [
      [36, 40, 20],
      [54, 40, 110],
      [54, 45, 200],
      [72, 40, 300],
    ] as const) {
      const seen = withSymbol(roundShape(9, spokes, true), { size: 260, distance: 2, tilt, tiltAxis });
      t.strictSame(look(seen), ['round-code'], `${spokes} spokes, ${tilt}° about ${tiltAxis}°`);
    }
  });

  t.test(`finds round codes with markers partly lost to blur or size (${prefer})`, async (t) => {
    for (const seed of [5, 6, 7, 8]) {
      const drawn = otherRoundShape(seededRandom(seed));
      t.strictSame(look(withSymbol(drawn, { size: 130, degrees: seed * 31 })), ['round-code'], `drawn ${seed}`);
    }
    // One has too few spokes across the circles; the other has a marker that the search does not find by itself.
    for (const seed of [25, 26]) {
      const drawn = otherRoundShape(seededRandom(seed));
      t.strictSame(look(withSymbol(drawn, { size: 130, degrees: seed * 31 })), ['round-code'], `drawn ${seed}`);
    }
    const blurred = withSymbol(roundShape(4, 54, true), { size: 160, degrees: 30, blurModules: 0.4 });
    t.strictSame(look(blurred), ['round-code'], 'blurred');
  });

  t.test(`finds round codes with large markers that reach over the circles of the spokes (${prefer})`, async (t) => {
    for (const [seed, size] of [
      [51, 220],
      [67, 120],
      [126, 220],
    ] as const) {
      const drawn = otherRoundShape(seededRandom(seed));
      t.strictSame(look(withSymbol(drawn, { size, degrees: seed * 31 })), ['round-code'], `drawn ${seed}`);
    }
  });

  t.test(`counts a marker touched by a spoke beside a clear one (${prefer})`, async (t) => {
    for (const seed of [50, 125]) {
      const drawn = otherRoundShape(seededRandom(seed));
      t.strictSame(look(withSymbol(drawn, { size: 120, degrees: seed * 31 })), ['round-code'], `drawn ${seed}`);
    }
  });

  t.test(`rejects three markers in position without spokes between them (${prefer})`, async (t) => {
    const shape = roundShape(7, 54, true);
    const middle = (u: number, v: number): number => (Math.sin(31 * u + 3) * Math.sin(43 * v + 9 * u) > 0.3 ? 1 : 0);
    const ink: Shape['ink'] = (u, v) => {
      const atMarker =
        Math.min(Math.abs(u - 0.18), Math.abs(u - 0.82)) < 0.075 &&
        Math.min(Math.abs(v - 0.18), Math.abs(v - 0.82)) < 0.075;
      const inside = Math.abs(u - 0.5) < 0.5 && Math.abs(v - 0.5) < 0.5;
      return atMarker || !inside ? shape.ink(u, v) : middle(u, v);
    };
    for (const size of [140, 220]) t.strictSame(look(withSymbol({ ...shape, ink }, { size })), [], `${size} px`);
  });

  t.test(`rejects rows of ring-shaped buttons (${prefer})`, async (t) => {
    const frame = blank(245);
    for (let y = 40; y < 440; y += 44) {
      for (let x = 40; x < 600; x += 44) {
        for (let i = -14; i <= 14; i += 1) {
          for (let k = -14; k <= 14; k += 1) {
            const d = Math.hypot(i, k) / 4;
            if (d < 0.525 || (d >= 2.025 && d < 3.025))
              frame.rgba.fill(20, 4 * ((y + k) * W + x + i), 4 * ((y + k) * W + x + i) + 3);
          }
        }
      }
    }
    t.strictSame(look(frame), []);
  });
}

t.test('reports an unreadable QR code, and not three finders apart from each other', async (t) => {
  const scan = new LiveScan(loadKernels(), zxing, W, H);
  const look = (frame: Frame): string[] => {
    scan.run(planesToI420(rgbaToPlanes(frame.rgba, W, H, 255)), whole, whole.items, EFFORT.deep);
    return scan.hits.map((h) => h.kind);
  };
  const code = await makeCode('https://example.com/join?group=42');
  const wrecked = { ...code, dark: code.dark.slice() };
  const n = code.width;
  // All data is replaced; finders, separators and timing stay.
  for (let y = 9; y < n; y += 1)
    for (let x = 9; x < n; x += 1) wrecked.dark[y * n + x] = (x * 7 + y * 13 + x * y) % 3 === 0 ? 1 : 0;
  t.strictSame([...new Set(look(withSymbol(matrixShape(wrecked, 4), {})))], ['undecoded-code']);
  // The lower finder moves to the middle of its side: the three are no corners of a square any more.
  const middle = Math.floor(n / 2) - 4;
  const inFinder = (x: number, y: number): number | undefined => {
    if (y < 8 && (x < 8 || x >= n - 8)) return y * n + x;
    return x >= middle && x < middle + 8 && y >= n - 8 ? y * n + x - middle : undefined;
  };
  const apart = {
    ...wrecked,
    dark: code.dark.map((_, i) => {
      const from = inFinder(i % n, Math.floor(i / n));
      return from === undefined ? 0 : code.dark[from]!;
    }),
  };
  t.strictSame(look(withSymbol(matrixShape(apart, 4), {})), [], 'finders that are no corners of a square');
});
