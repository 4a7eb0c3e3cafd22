import t from 'tap';
import { KnownRegions } from '../../../src/codescan/pipeline/known-regions.js';

const SIDE = 60;
/** A square of squares, `cell` pixels wide, light and dark by `seed`. */
const pattern = (cell: number, seed: number, light = 200): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [Math.floor((i % SIDE) / cell), Math.floor(i / SIDE / cell)];
    return Math.imul(x * 31 + y * 17 + seed, 0x9e3779b1) >>> 31 === 1 ? light : 40;
  });

t.test('a place that was read is known again where it moved to, and nothing else is', (t) => {
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
  t.notOk(known.has(letter, 120, 96, SIDE - 12, SIDE), 'as it is in another size');
  t.notOk(known.has(pattern(5, 2), 120, 96, SIDE, SIDE), 'and a code in its place is');
  t.end();
});

t.test('a place that changes slowly is compared with what was read, not with what it was last', (t) => {
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

t.test('what was not met for a while is forgotten, and the oldest makes room', (t) => {
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
