import t from 'tap';
import { OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { ScanPlan } from '../../../src/compliance/gate/scan-plan.js';
import { TileGrid } from '../../../src/compliance/gate/buffers/tile-grid.js';
import { RectList } from '../../../src/core/media/picture.js';

const grid = new TileGrid(640, 640);
const DAMAGE = [96, 96, 32, 32] as const;

t.test('reads parts that come to rest for every form of code at once, each once a second', (t) => {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const moving = new RectList(1);
  moving.push(...DAMAGE);
  const read: number[] = [];
  /** Damage in all frames but these. */
  const still = [40, 41, 50, 65];
  for (let n = 0; n < 70; n += 1) {
    const rects = still.includes(n) ? new RectList(1) : moving;
    tiles.fill(0);
    grid.mark(tiles, 0, rects);
    plan.make(n, rects, tiles, 0, new OpenAreas(grid));
    if (plan.readRects > 0 && n > 0) read.push(n);
  }
  t.same(read, [40, 65], 'not again in the same second');
  t.end();
});
