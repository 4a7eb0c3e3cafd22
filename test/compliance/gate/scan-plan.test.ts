import t from 'tap';
import { EFFORT, FINDERS_ONLY_SHIFT } from '../../../src/compliance/frame/scan-memory.js';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { ScanPlan } from '../../../src/compliance/gate/scan-plan.js';
import { TileGrid } from '../../../src/compliance/gate/tile-grid.js';
import { RectList } from '../../../src/core/picture.js';

const SIDE = 640;
const grid = new TileGrid(SIDE, SIDE);

/** A plan whose second has begun, and what it does with frame `n` in which `damage` changed. */
function planAt(n: number, damage: readonly [number, number, number, number], areas: OpenAreas) {
  const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(8);
  rects.push(...damage);
  grid.markRect(tiles, 0, ...damage);
  // So that nothing is new any more.
  for (let i = 1; i < 5; i += 1) plan.make(i, rects, tiles, 0, new OpenAreas(grid));
  plan.make(n, rects, tiles, 0, areas);
  const all = Array.from({ length: plan.rects.count }, (_, i) =>
    [...plan.rects.items.subarray(i * 4, i * 4 + 4)].join(),
  );
  const searched = plan.effort >> FINDERS_ONLY_SHIFT;
  return { read: all.slice(0, all.length - searched), searched: all.slice(all.length - searched), effort: plan.effort };
}

t.test('between two full readings suspects are searched for finders only', (t) => {
  const areas = new OpenAreas(grid);
  areas.add(100, 100, 50, 50, AREA.suspect, false);
  areas.add(300, 300, 60, 60, AREA.unjudged, true);
  const { read, searched, effort } = planAt(7, [96, 96, 32, 32], areas);
  t.equal(effort & EFFORT.sweep, 0);
  t.same(read, ['300,300,60,60'], 'what nobody judged is read at once');
  t.same(searched, ['80,80,64,64', '100,100,50,50']);
  t.end();
});

t.test('the full reading takes the suspects', (t) => {
  const areas = new OpenAreas(grid);
  areas.add(100, 100, 50, 50, AREA.suspect, false);
  const { read, effort } = planAt(10, [96, 96, 32, 32], areas);
  t.equal(effort & EFFORT.sweep, EFFORT.sweep);
  t.ok(read.includes('100,100,50,50'));
  t.end();
});

t.test('most of a picture that nobody judged waits for the full reading', (t) => {
  const areas = new OpenAreas(grid);
  areas.add(0, 0, SIDE, 400, AREA.unjudged, true);
  const part = new OpenAreas(grid);
  for (const left of [0, 10, 20]) part.add(left, 0, 600, 200, AREA.unjudged, true);
  t.equal(planAt(7, [0, 0, 64, 64], part).read.length, 3, 'less than that does not, however often it is on the list');
  const between = planAt(7, [0, 0, 64, 64], areas);
  t.same(between.read, []);
  t.ok(between.searched.includes('0,0,640,400'), 'its finders are searched for meanwhile');
  t.ok(planAt(10, [0, 0, 64, 64], areas).read.includes('0,0,640,400'), 'and it is read then');
  t.end();
});
