import t from 'tap';
import { solveModules } from '../../../src/codescan/matrix/module-solver.js';
import { hash01 } from '../../../src/core/random.js';

const SIDE = 18;

/** Whether a module is dark; there are none beyond the sides. */
const isDark = (column: number, row: number): number =>
  column < 0 || row < 0 || column >= SIDE || row >= SIDE || hash01(column, row) < 0.5 ? 0 : 1;

/** Grey in the modules' middles: each is `own` of itself and `beside` of each neighbour, in light that leans. */
const values = (own: number, beside: number): Float64Array =>
  Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const ink =
      own * isDark(x, y) + beside * (isDark(x - 1, y) + isDark(x + 1, y) + isDark(x, y - 1) + isDark(x, y + 1));
    return 200 + 2 * x - y - 120 * ink;
  });

/** The modules of the sides known, the others not. */
const sides = (): Int8Array =>
  Int8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return x === 0 || y === 0 || x === SIDE - 1 || y === SIDE - 1 ? isDark(x, y) : -1;
  });

const wrong = (modules: Int8Array): number =>
  modules.reduce((sum, is, i) => sum + (is === isDark(i % SIDE, Math.floor(i / SIDE)) ? 0 : 1), 0);

t.test('modules are told from grey that is mostly their neighbours', async (t) => {
  for (const [own, beside] of [
    [1, 0],
    [0.6, 0.1],
    [0.44, 0.14],
  ] as const) {
    const modules = sides();
    solveModules(values(own, beside), modules, SIDE, SIDE);
    t.equal(wrong(modules), 0, `${own} of its own`);
  }
});

t.test('those that are known stay as they are', async (t) => {
  const known = sides();
  const modules = known.slice();
  solveModules(new Float64Array(SIDE * SIDE).fill(128), modules, SIDE, SIDE);
  t.ok(known.every((is, i) => is < 0 || modules[i] === is));
});
