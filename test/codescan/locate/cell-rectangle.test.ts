import t from 'tap';
import { CellRectangle, longOf, shortOf } from '../../../src/codescan/locate/cell-rectangle.js';

const SIDE = 160;
const rectangle = new CellRectangle(SIDE);

/** Marks every second sample, both ways, of a rectangle around the middle, and the samples of `others`. */
function mark(long: number, short: number, degrees: number, others: readonly (readonly [number, number])[] = []): void {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    const [x, y] = [(at % SIDE) + 0.5 - SIDE / 2, Math.floor(at / SIDE) + 0.5 - SIDE / 2];
    const isIn = Math.abs(x * c + y * s) < long / 2 && Math.abs(y * c - x * s) < short / 2;
    rectangle.mask[at] = isIn && (at + Math.floor(at / SIDE)) % 2 === 0 ? 1 : 0;
  }
  for (const [x, y] of others) rectangle.mask[y * SIDE + x] = 1;
}

t.test('samples that lie near each other give their rectangle at any angle, to a sample or two', async (t) => {
  for (const degrees of [0, 7, 30, 45, 80]) {
    mark(90, 40, degrees);
    const frame = rectangle.find(SIDE, SIDE, 1 / 4)!;
    t.ok(Math.abs(longOf(frame) - 90) < 3, `${degrees}°: ${longOf(frame)} long`);
    t.ok(Math.abs(shortOf(frame) - 40) < 3, `${degrees}°: ${shortOf(frame)} wide`);
    t.ok(frame.fill > 0.85, `${degrees}°: ${frame.fill} of it filled`);
  }
});

t.test('what stands apart is no part of it', async (t) => {
  mark(60, 60, 0, [
    [5, 5],
    [150, 20],
  ]);
  const frame = rectangle.find(SIDE, SIDE, 1 / 4)!;
  t.ok(Math.abs(longOf(frame) - 60) < 3, `${longOf(frame)} long`);
});

t.test("what reaches the plane's edge is no group where only those inside count", async (t) => {
  const ground = Array.from({ length: 12 * SIDE }, (_, i) => [i % SIDE, Math.floor(i / SIDE)] as const);
  mark(60, 40, 0, ground);
  const inside = rectangle.findNear(SIDE, SIDE, 2, true)!;
  t.ok(
    Math.abs(longOf(inside) - 60) < 3 && Math.abs(shortOf(inside) - 40) < 3,
    `${longOf(inside)} by ${shortOf(inside)}`,
  );
  mark(20, 14, 0, ground);
  t.ok(longOf(rectangle.findNear(SIDE, SIDE, 2)!) > 150, 'the ground is larger');
});

t.test('without a mark there is none', async (t) => {
  rectangle.mask.fill(0);
  t.equal(rectangle.find(SIDE, SIDE, 1 / 4), undefined);
});
