import t from 'tap';
import { isCellular } from '../../../src/compliance/frame/cellular-places.js';
import { makeCode } from './draw-code.js';
import { paintModules } from './paint-modules.js';

const W = 200;
const H = 200;
const data = await makeCode('https://evil.example/cells', 'DataMatrix');

/** A luma plane of one level. */
const plain = (level: number): Uint8Array => new Uint8Array(W * H).fill(level);

t.test('a code is made of cells, upright and turned, of dots and in twenty levels', async (t) => {
  for (const [degrees, dot, dark, light] of [
    [0, 0, 20, 230],
    [30, 0, 20, 230],
    [5, 0.42, 20, 230],
    [10, 0, 110, 130],
  ] as const) {
    const plane = plain(light);
    const { x, y, width, height } = paintModules(plane, W, H, data, { x: 100, y: 100, module: 4, degrees, dot, dark });
    t.ok(isCellular(plane, W, H, x, y, width, height), `${degrees}°, dots ${dot}, ${dark} on ${light}`);
  }
});

t.test('an empty card, a slope, stripes and thin strokes on much ground are not', async (t) => {
  const planes = {
    card: plain(230),
    slope: plain(0).map((_, i) => (i % W) + 20),
    stripes: plain(0).map((_, i) => ((i % W) % 12 < 6 ? 20 : 230)),
    strokes: plain(0).map((_, i) => ((i % W) % 12 < 1 || Math.floor(i / W) % 24 < 1 ? 20 : 230)),
  };
  for (const [name, plane] of Object.entries(planes)) t.notOk(isCellular(plane, W, H, 20, 20, 160, 160), name);
});

t.test('what reaches out of the plane is looked at within it', async (t) => {
  const plane = plain(230);
  paintModules(plane, W, H, data, { x: 190, y: 100, module: 4, dark: 20 });
  t.notOk(isCellular(plane, W, H, 199, 60, 80, 80));
  t.notOk(isCellular(plane, W, H, 250, 250, 80, 80));
});
