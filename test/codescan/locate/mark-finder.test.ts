import t from 'tap';
import { MAX_FINDERS } from '../../../src/codescan/qr/finder-reader.js';
import { MarkFinder } from '../../../src/codescan/locate/crowded-marks.js';
import { FINDER_STRIDE } from '../../../src/codescan/locate/candidate-boxes.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const SIDE = 640;

/** The requested number of finders of 2 px per module, 24 px apart, row by row, on a light background. */
function pictureOf(finders: number): Uint8Array {
  const plane = new Uint8Array(SIDE * SIDE).fill(220);
  for (let i = 0; i < finders; i += 1) {
    const left = 10 + (i % 25) * 24;
    const top = 10 + Math.floor(i / 25) * 24;
    for (let y = 0; y < 14; y += 1) {
      for (let x = 0; x < 14; x += 1) {
        const d = Math.max(Math.abs((x >> 1) - 3), Math.abs((y >> 1) - 3));
        if (d === 3 || d <= 1) plane[(top + y) * SIDE + left + x] = 20;
      }
    }
  }
  return plane;
}

t.test('reports a full list when a picture has too many locators', (t) => {
  const marks = new MarkFinder(loadKernels());
  const finders = new Int32Array(MAX_FINDERS * FINDER_STRIDE);
  const whole = new RectList(4);
  whole.push(0, 0, SIDE, SIDE);
  const some = marks.find(pictureOf(60), SIDE, SIDE, 1, whole, finders);
  t.same(some, { count: 60, full: false });
  const halves = new RectList(4);
  halves.push(0, 0, SIDE, 320);
  halves.push(0, 300, SIDE, 340);
  halves.push(0, 0, SIDE, 100);
  t.same(marks.find(pictureOf(60), SIDE, SIDE, 1, halves, finders), some, 'rectangles that overlap count once');
  const all = marks.find(pictureOf(400), SIDE, SIDE, 1, whole, finders);
  t.equal(all.count, MAX_FINDERS);
  t.ok(all.full, 'unlisted locators may be anywhere');
  t.end();
});
