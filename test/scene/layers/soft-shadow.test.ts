import t from 'tap';
import { withShadow } from '../../../src/scene/layers/standing-picture.js';

const WIDTH = 100;
const HEIGHT = 60;

t.test('a picture keeps its pixels and place, and its shadow falls below and fades out', (t) => {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let i = 0; i < rgba.length; i += 4) rgba.set([10, 200, 90, 255], i);
  const { raster, dx, dy } = withShadow({ raster: { rgba, width: WIDTH, height: HEIGHT }, dx: 5, dy: 7 });
  const at = (x: number, y: number): number[] => {
    const from = ((y - dy) * raster.width + x - dx) * 4;
    return [...raster.rgba.subarray(from, from + 4)];
  };
  for (const [x, y] of [
    [5, 7],
    [104, 7],
    [5, 66],
    [104, 66],
    [50, 30],
  ] as const)
    t.same(at(x, y), [10, 200, 90, 255], `${x},${y}`);
  const below = at(50, 67);
  t.same(below.slice(0, 3), [0, 0, 0]);
  t.ok(below[3]! > 30, 'dark right below');
  t.ok(at(50, 6)[3]! < below[3]!, 'darker below than above');
  const column = Array.from({ length: raster.height - (67 - dy) }, (_, i) => at(50, 67 + i)[3]!);
  t.same(
    column,
    column.toSorted((a, b) => b - a),
    'it only fades',
  );
  t.equal(column.at(-1), 0, 'to nothing, so that no edge shows');
  t.equal(raster.rgba[3], 0);
  t.end();
});

t.test('clear places of a cut-out cast none', (t) => {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  const { raster } = withShadow({ raster: { rgba, width: WIDTH, height: HEIGHT }, dx: 0, dy: 0 });
  t.ok(raster.rgba.every((v) => v === 0));
  t.end();
});
