import t from 'tap';
import { contrastOf, spreadTones, tonesOfCells } from '../../../src/codescan/locate/cell-texture.js';
import { makeCode } from '../../kit/draw-code.js';
import { paintModules } from '../paint-modules.js';

const W = 200;
const H = 200;
const matrix = await makeCode('https://evil.example/cells', 'DataMatrix');
const bars = await makeCode('https://evil.example/cells', 'PDF417');

/** A luma plane of one level. */
const plain = (level: number): Uint8Array => new Uint8Array(W * H).fill(level);

function cutOut(plane: Uint8Array, x: number, y: number, w: number, h: number): Uint8Array {
  const out = new Uint8Array(w * h);
  for (let v = 0; v < h; v += 1) out.set(plane.subarray((y + v) * W + x, (y + v) * W + x + w), v * w);
  return out;
}

t.test('accepts codes as cells: upright, rotated, of dots and in twenty levels', async (t) => {
  for (const [degrees, dot, dark, light] of [
    [0, 0, 20, 230],
    [30, 0, 20, 230],
    [5, 0.42, 20, 230],
    [10, 0, 110, 130],
    [10, 0, 130, 110],
  ] as const) {
    const plane = plain(light);
    const { x, y, width, height } = paintModules(plane, W, H, matrix, {
      x: 100,
      y: 100,
      module: 4,
      degrees,
      dot,
      dark,
    });
    const tones = tonesOfCells(cutOut(plane, x, y, width, height), width, height);
    t.ok(tones, `${degrees}°, dots ${dot}, ${dark} on ${light}`);
    t.notOk(tones?.bars);
    t.ok(Math.abs((tones?.low ?? 0) - Math.min(dark, light)) < 30, 'with its tones');
  }
});

t.test('accepts a PDF417 as bars in both directions', async (t) => {
  for (const degrees of [0, 90]) {
    const plane = plain(230);
    const painted = { x: 100, y: 100, module: 1.2, degrees, dark: 20 };
    const { x, y, width, height } = paintModules(plane, W, H, bars, painted);
    t.ok(tonesOfCells(cutOut(plane, x, y, width, height), width, height), `${degrees}°`);
  }
});

t.test(
  'rejects an empty card, a gradient, stripes, lines of strokes and thin strokes on a wide background',
  async (t) => {
    const at = (i: number): [number, number] => [i % W, Math.floor(i / W)];
    const planes = {
      card: plain(230),
      slope: plain(0).map((_, i) => (i % W) + 20),
      stripes: plain(0).map((_, i) => ((i % W) % 12 < 6 ? 20 : 230)),
      lines: plain(0).map((_, i) => (at(i)[1] % 40 < 14 && at(i)[0] % 8 < 3 && at(i)[1] % 7 < 5 ? 20 : 230)),
      strokes: plain(0).map((_, i) => (at(i)[0] % 12 < 1 || at(i)[1] % 24 < 1 ? 20 : 230)),
    };
    for (const [name, plane] of Object.entries(planes)) t.notOk(tonesOfCells(plane, W, H), name);
    t.notOk(tonesOfCells(plain(0), 6, 6), 'too small');
  },
);

t.test('stretches tones with a margin beyond them', async (t) => {
  const plane = Uint8Array.of(0, 90, 100, 150, 200, 210, 255);
  spreadTones(plane, plane.length, { low: 100, high: 200, bars: false });
  t.same([plane[0], plane[6]], [0, 255]);
  t.ok(plane[1]! > 0 && plane[1]! < plane[2]! && plane[4]! < plane[5]! && plane[5]! < 255);
  t.ok(plane[3]! > 120 && plane[3]! < 135);
});

t.test('leaves a few samples out of the contrast of a plane', async (t) => {
  const plane = plain(100).map((v, i) => (i % 2 === 0 ? v : 160));
  plane[0] = 255;
  t.equal(contrastOf(plane, plane.length), 60);
});
