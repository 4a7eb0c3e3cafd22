import t from 'tap';
import { legibleBoxes } from '../../../src/scene/placing/placed-layers.js';

const box = (x: number, y: number, width = 200, height = 50) => ({ x, y, width, height });

t.test('leaves overlapping texts to OCR', async (t) => {
  const alone = box(0, 300);
  t.strictSame(legibleBoxes([box(100, 500), box(130, 500), alone]), [alone]);
  t.strictSame(legibleBoxes([box(100, 500, 400, 300), box(130, 520, 60, 20)]), [], 'one within another');
});

t.test('accepts texts beside each other or hardly touching', async (t) => {
  const apart = [box(0, 0), box(200, 0), box(0, 50), box(190, 100), box(0, 100)];
  t.strictSame(legibleBoxes(apart), apart);
});
