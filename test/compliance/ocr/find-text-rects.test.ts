import t from 'tap';
import { decodeCtc, findTextRects } from '../../../src/compliance/ocr/text-networks.js';
import { boxAround, convexHull, leastRect } from '../../../src/compliance/ocr/turned-rect.js';

const map = (width: number, height: number, at: (x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));

t.test('grows a marked core on every side to its line', async (t) => {
  const found = findTextRects(
    map(100, 60, (x, y) => (x >= 20 && x < 80 && y >= 25 && y < 35 ? 0.9 : 0)),
    100,
    60,
  );
  t.equal(found.length, 1);
  const [r] = found;
  t.same([r!.cx, r!.cy], [50, 30]);
  const by = (60 * 10 * 1.6) / (2 * 70);
  t.ok(Math.abs(r!.length - 60 - 2 * by) < 1e-6 && Math.abs(r!.height - 10 - 2 * by) < 1e-6, JSON.stringify(r));
});

t.test('ignores specks and faint marks, and keeps two marks apart', async (t) => {
  t.equal(
    findTextRects(
      map(40, 40, (x, y) => (x === 9 && y === 9 ? 1 : 0)),
      40,
      40,
    ).length,
    0,
  );
  t.equal(
    findTextRects(
      map(40, 40, (x, y) => (x > 5 && x < 30 && y > 5 && y < 20 ? 0.35 : 0)),
      40,
      40,
    ).length,
    0,
  );
  const two = map(60, 60, (x, y) => (x > 5 && x < 50 && ((y > 5 && y < 15) || (y > 30 && y < 40)) ? 0.8 : 0));
  t.strictSame(
    findTextRects(two, 60, 60).map((r) => r.cy),
    [10.5, 35.5],
  );
});

t.test('a tilted line keeps its direction', async (t) => {
  const angle = Math.PI / 6;
  const points: number[] = [];
  for (let y = 0; y < 200; y += 1) {
    for (let x = 0; x < 200; x += 1) {
      const u = (x - 100) * Math.cos(angle) + (y - 100) * Math.sin(angle);
      const v = (y - 100) * Math.cos(angle) - (x - 100) * Math.sin(angle);
      if (Math.abs(u) < 80 && Math.abs(v) < 10) points.push(x, y);
    }
  }
  const r = leastRect(points);
  t.ok(Math.abs(Math.atan2(r.uy, r.ux) - angle) < 0.03, `angle ${Math.atan2(r.uy, r.ux)}`);
  t.ok(Math.abs(r.length - 160) < 4 && Math.abs(r.height - 20) < 4, `${r.length} × ${r.height}`);
  const box = boxAround(r, 1, 200, 200);
  t.ok(box.x < 30 && box.x + box.width > 165, JSON.stringify(box));
});

t.test('hulls of a point, a row and a square', async (t) => {
  t.equal(leastRect([7, 7]).length, 1);
  const row = leastRect([3, 5, 9, 5]);
  t.same([row.length, row.height], [7, 1]);
  t.equal(convexHull([0, 0, 4, 0, 2, 2, 0, 4, 4, 4]).length, 8);
});

t.test('merges repeats, divides at blanks, and averages the confidence of the characters', async (t) => {
  const step = (k: number, p: number): number[] => Array.from({ length: 4 }, (_, i) => (i === k ? p : (1 - p) / 3));
  const steps = [step(1, 0.9), step(1, 0.8), step(0, 0.9), step(1, 0.7), step(3, 0.8)].flat();
  const { text, confidence } = decodeCtc(Float32Array.from(steps), 4, ['a', 'b', ' ']);
  t.equal(text, 'aa ');
  t.ok(Math.abs(confidence - 0.8) < 1e-6);
  t.strictSame(decodeCtc(Float32Array.from(step(0, 0.9)), 4, ['a', 'b', ' ']), { text: '', confidence: 0 });
});
