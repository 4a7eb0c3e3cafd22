import t from 'tap';
import { separateParts } from '../../../src/scene/layers/picture-layer.js';
import type { Raster } from '../../../src/scene/raster.js';

type Spot = readonly [x: number, y: number, width: number, height: number];

function picture(width: number, height: number, spots: readonly Spot[]): Raster {
  const rgba = new Uint8Array(width * height * 4);
  for (const [x, y, w, h] of spots)
    for (let row = y; row < y + h; row += 1) rgba.fill(255, (row * width + x) * 4, (row * width + x + w) * 4);
  return { rgba, width, height };
}

/** Every part drawn at its place, on nothing. */
function whole(raster: Raster): Uint8Array {
  const out = new Uint8Array(raster.rgba.length);
  for (const part of separateParts({ raster, dx: 0, dy: 0 })) {
    for (let y = 0; y < part.raster.height; y += 1) {
      const from = y * part.raster.width * 4;
      const row = part.raster.rgba.subarray(from, from + part.raster.width * 4);
      out.set(row, ((part.dy + y) * raster.width + part.dx) * 4);
    }
  }
  return out;
}

t.test('cuts a picture where there is clear space, and loses no pixel', (t) => {
  const raster = picture(200, 120, [
    [3, 5, 20, 20],
    [100, 40, 30, 10],
    [190, 110, 10, 10],
  ]);
  const parts = separateParts({ raster, dx: 7, dy: 9 });
  t.equal(parts.length, 3);
  t.ok(parts.every((part) => part.raster.width <= 48 && part.raster.height <= 48));
  t.same(
    parts.map(({ dx, dy }) => [dx, dy]),
    [
      [7, 9],
      [103, 41],
      [183, 105],
    ],
  );
  t.same(Buffer.compare(whole(raster), raster.rgba), 0);
  t.end();
});

t.test('keeps parts together whose boxes overlap, so that no pixel is drawn twice', (t) => {
  const corner: Spot[] = [
    [0, 0, 100, 10],
    [0, 0, 10, 100],
    [60, 60, 20, 20],
  ];
  t.equal(separateParts({ raster: picture(120, 120, corner), dx: 0, dy: 0 }).length, 1);
  t.end();
});

t.test('leaves a picture of many parts whole', (t) => {
  const dots = Array.from({ length: 100 }, (_, i): Spot => [(i % 10) * 48, Math.floor(i / 10) * 48, 4, 4]);
  const raster = picture(480, 480, dots);
  t.same(separateParts({ raster, dx: 1, dy: 2 }), [{ raster, dx: 1, dy: 2 }]);
  t.end();
});
