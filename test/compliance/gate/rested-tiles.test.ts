import t from 'tap';
import { OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { ScanPlan } from '../../../src/compliance/gate/scan-plan.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';
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

t.test('leaves out what a drawn presenter alone moves, and sees others rest on a presenter that goes on', (t) => {
  const presenter = new RectList(1);
  presenter.push(64, 64, 128, 128);
  const sticker = new RectList(1);
  sticker.push(...DAMAGE);
  const none = new RectList(1);
  const reads = (moved: (n: number) => RectList, changes: (n: number) => RectList): number[] => {
    const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
    const tiles = new Int32Array(grid.words);
    const read: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      tiles.fill(0);
      grid.mark(tiles, 0, changes(n));
      plan.make(n, changes(n), tiles, 0, new OpenAreas(grid), undefined, moved(n));
      if (plan.readRects > 0 && n > 0) read.push(n);
    }
    return read;
  };
  t.same(
    reads(
      () => none,
      (n) => (n === 40 ? none : presenter),
    ),
    [],
    'the presenter stops for a frame',
  );
  t.same(
    reads(
      (n) => (n < 40 ? sticker : none),
      () => presenter,
    ),
    [40],
    'a sticker stops over the moving presenter',
  );
  t.end();
});

t.test('reads what moves where only every sixth frame is drawn, once a second', (t) => {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const moving = new RectList(1);
  moving.push(...DAMAGE);
  const read: number[] = [];
  for (let n = 0; n < 120; n += 1) {
    const rects = n % 6 === 0 ? moving : new RectList(1);
    tiles.fill(0);
    grid.mark(tiles, 0, rects);
    plan.make(n, rects, tiles, 0, new OpenAreas(grid), undefined, rects, n % 6 !== 0);
    if (plan.readRects > 0 && n > 0) read.push(n);
  }
  t.same(read, [13, 31, 61, 91], 'at the first repeat after two changes, then once in each second');
  t.end();
});
