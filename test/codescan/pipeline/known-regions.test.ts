import t from 'tap';
import { KnownRegions } from '../../../src/codescan/pipeline/known-regions.js';

const SIDE = 60;
/** A square of squares, `cell` pixels wide, light and dark by `seed`. */
const pattern = (cell: number, seed: number, light = 200): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [Math.floor((i % SIDE) / cell), Math.floor(i / SIDE / cell)];
    return Math.imul(x * 31 + y * 17 + seed, 0x9e3779b1) >>> 31 === 1 ? light : 40;
  });

t.test('recognises a read region after it moved, and nothing else', (t) => {
  const known = new KnownRegions();
  const letter = pattern(20, 1);
  known.begin();
  t.notOk(known.has(letter, 100, 100, SIDE, SIDE));
  known.add(100, 100, SIDE, SIDE);
  known.begin();
  t.ok(known.has(letter, 110, 96, SIDE, SIDE), 'moved by a few pixels');
  t.ok(
    known.has(
      letter.map((v) => v + 3),
      120,
      96,
      SIDE,
      SIDE,
    ),
    'and again, in a little more light',
  );
  t.notOk(known.has(letter, 300, 96, SIDE, SIDE), 'elsewhere it is new');
  t.notOk(known.has(letter, 120, 96, SIDE - 12, SIDE), 'new at another size');
  t.notOk(known.has(pattern(5, 2), 120, 96, SIDE, SIDE), 'new when a code replaces it');
  t.end();
});

t.test('compares a slowly changing region with its last reading, not with the last picture', (t) => {
  const known = new KnownRegions();
  known.begin();
  known.has(pattern(20, 1, 60), 0, 0, SIDE, SIDE);
  known.add(0, 0, SIDE, SIDE);
  const seen = [62, 75, 90, 105].map((light) => {
    known.begin();
    return known.has(pattern(20, 1, light), 0, 0, SIDE, SIDE);
  });
  t.same(seen, [true, false, false, false], 'though each step is small');
  t.end();
});

t.test('forgets regions not seen for a while, and drops the oldest when full', (t) => {
  const known = new KnownRegions();
  known.begin();
  known.has(pattern(20, 1), 0, 0, SIDE, SIDE);
  known.add(0, 0, SIDE, SIDE);
  for (let i = 0; i < 50; i += 1) known.begin();
  t.notOk(known.has(pattern(20, 1), 0, 0, SIDE, SIDE));
  for (let i = 0; i < 200; i += 1) {
    known.begin();
    known.has(pattern(20, i), 100 * i, 0, SIDE, SIDE);
    known.add(100 * i, 0, SIDE, SIDE);
  }
  t.ok(known.has(pattern(20, 199), 19_900, 0, SIDE, SIDE));
  t.end();
});
