import t from 'tap';
import { EFFORT, finderRects, ENHANCED_PASSES, passesOf, slotRects } from '../../../src/codescan/jobs/scan-memory.js';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { ScanPlan } from '../../../src/compliance/gate/scan-plan.js';
import { cycleFrames } from '../../../src/compliance/gate/frame-gate.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';
import { RectList } from '../../../src/core/media/picture.js';

const SIDE = 640;
const grid = new TileGrid(SIDE, SIDE);

/** A plan in the middle of its second, and its result for frame `n` with this damage. */
function planAt(n: number, damage: readonly [number, number, number, number], areas: OpenAreas) {
  const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(8);
  rects.push(...damage);
  grid.markRect(tiles, 0, ...damage);
  // Afterwards nothing counts as new.
  for (let i = n - 5; i < n; i += 1) plan.make(i, rects, tiles, 0, new OpenAreas(grid));
  plan.make(n, rects, tiles, 0, areas);
  const all = Array.from({ length: plan.rects.count }, (_, i) =>
    [...plan.rects.items.subarray(i * 4, i * 4 + 4)].join(),
  );
  const [slice, searched] = [slotRects(plan.effort), finderRects(plan.effort)];
  const read = all.length - slice - searched;
  t.equal(plan.readRects, read);
  return {
    read: all.slice(0, read),
    searched: all.slice(read, read + searched),
    slice: all.slice(read + searched),
    effort: plan.effort,
    passes: passesOf(plan.effort),
  };
}

const DAMAGE = [96, 96, 32, 32] as const;

t.test('planes and the search over the whole frame share cycles of five frames', (t) => {
  const turns = [10, 11, 12, 13, 14].map((n) => planAt(n, DAMAGE, new OpenAreas(grid)));
  const bits = EFFORT.luma | EFFORT.cb | EFFORT.cr | EFFORT.sweep;
  t.same(
    turns.map(({ effort }) => effort & bits),
    [EFFORT.luma | EFFORT.sweep, EFFORT.cb, EFFORT.cr, 0, 0],
  );
  t.same(
    turns.map(({ slice }) => slice.join()),
    // Frame 14 is the one of the second in which stacked barcodes are read.
    ['76,76,72,72', '76,76,72,72', '76,76,72,72', '', '76,76,72,72'],
  );
  t.same(
    turns.map(({ effort }) => effort & EFFORT.bars),
    [0, 0, 0, 0, EFFORT.bars],
  );
  for (const { read, searched } of turns) {
    t.same(read, []);
    t.same(searched, ['76,76,72,72'], 'finders are searched for in every frame');
  }
  t.end();
});

t.test('reads stacked barcodes in all ways once a second, and where a violation is scanned again', (t) => {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(1);
  rects.push(...DAMAGE);
  grid.markRect(tiles, 0, ...DAMAGE);
  const due: number[] = [];
  for (let n = 0; n < 90; n += 1) {
    plan.make(n, rects, tiles, 0, new OpenAreas(grid));
    if ((plan.effort & EFFORT.bars) === 0) continue;
    due.push(n);
    t.equal(plan.effort & (EFFORT.luma | EFFORT.cb | EFFORT.cr), 0, 'not in the turn of a plane');
  }
  t.same(due, [15, 45, 75]);
  const areas = new OpenAreas(grid);
  plan.make(90, new RectList(1), new Int32Array(grid.words), 0, areas);
  t.equal(plan.readRects, 1, 'the damage came to rest');
  areas.add(300, 300, 60, 60, AREA.violation, true);
  plan.make(91, new RectList(1), new Int32Array(grid.words), 0, areas);
  t.equal(plan.effort & EFFORT.bars, EFFORT.bars);
  t.equal(plan.readRects, 1);
  t.end();
});

/** What a plan does in each of `frames` frames from a full second on with damage, of which a part lies in a settled area. */
function planSettled(damage: readonly number[], settled: readonly number[] | undefined, frames: number) {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const [rects, areas] = [new RectList(1), new RectList(1)];
  const [x = 0, y = 0, w = 0, h = 0] = damage;
  rects.push(x, y, w, h);
  grid.markRect(tiles, 0, x, y, w, h);
  if (settled !== undefined) areas.push(settled[0]!, settled[1]!, settled[2]!, settled[3]!);
  return Array.from({ length: frames }, (_, n) => {
    plan.make(n, rects, tiles, 0, new OpenAreas(grid), areas);
    const all = Array.from({ length: plan.rects.count }, (_, i) =>
      [...plan.rects.items.subarray(i * 4, i * 4 + 4)].join(),
    );
    return { searched: all.slice(0, all.length - slotRects(plan.effort)), effort: plan.effort, looks: plan.parts[2]! };
  });
}

t.test('leaves out changes in a settled area, but for one frame a second', (t) => {
  const strip = [0, 96, SIDE, 42];
  const made = planSettled(strip, strip, 90);
  for (const [n, { searched, effort }] of made.entries()) {
    t.same(searched.length > 0, n % 30 === 0, `frame ${n}`);
    // The search over the whole frame goes on, once a second: it settles what several layers show together.
    t.equal((effort & EFFORT.sweep) !== 0, [0, 39, 65].includes(n), `sweep in frame ${n}`);
  }
  t.same(made[30]!.searched, ['0,76,640,104'], 'all of what was left out');
  t.ok(
    made.slice(30, 60).some(({ effort }) => (effort & EFFORT.luma) !== 0),
    'it is read for every form of code then',
  );
  t.same(
    planSettled(strip, undefined, 5).map(({ searched }) => searched.length > 0),
    [true, true, true, true, true],
    'nothing is left out without a settled area',
  );
  t.end();
});

t.test('scans the part of the damage that lies beside a settled area', (t) => {
  const searched = (damage: readonly number[], settled: readonly number[]): string[] =>
    planSettled(damage, settled, 2)[1]!.searched;
  t.same(searched([100, 100, 200, 60], [100, 100, 200, 40]), ['80,120,240,60'], 'below it');
  t.same(searched([100, 100, 200, 60], [90, 90, 60, 80]), ['130,80,190,100'], 'to its right');
  t.same(searched([100, 100, 200, 60], [120, 110, 50, 20]), ['80,80,240,100'], 'around it: all of it');
  t.same(searched([100, 100, 200, 60], [300, 100, 50, 50]), ['80,80,240,100'], 'away from it');
  t.end();
});

t.test('cuts damage to the tiles that several settled areas leave of it', (t) => {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const [rects, settled] = [new RectList(1), new RectList(4)];
  rects.push(70, 70, 180, 180);
  grid.mark(tiles, 0, rects);
  settled.push(64, 64, 192, 64);
  settled.push(64, 128, 96, 128);
  for (let n = 0; n < 2; n += 1) plan.make(n, rects, tiles, 0, new OpenAreas(grid), settled);
  const searched = [...plan.rects.items.subarray(0, 4)];
  t.same(searched, [140, 108, 130, 162], 'the lower right part, with the margin');
  plan.make(30, new RectList(1), new Int32Array(grid.words), 0, new OpenAreas(grid), settled);
  const { items, count } = plan.rects;
  const edges = (at: number): number[] =>
    Array.from({ length: count }, (_, i) => items[i * 4 + at]! + (at > 1 ? items[i * 4 + at - 2]! : 0));
  const box = [Math.min(...edges(0)), Math.min(...edges(1)), Math.max(...edges(2)), Math.max(...edges(3))];
  t.same(box, [44, 44, 276, 276], 'all of it in the next full second');
  t.end();
});

/** A plan for `frames` frames in which the same part changes, by the engine's own drawings unless `foreign`. */
function planOwn(frames: number, foreign?: readonly [number, number, number, number]) {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const [rects, moved] = [new RectList(1), new RectList(1)];
  rects.push(...DAMAGE);
  grid.mark(tiles, 0, rects);
  if (foreign !== undefined) moved.push(...foreign);
  return Array.from({ length: frames }, (_, n) => {
    plan.make(n, rects, tiles, 0, new OpenAreas(grid), undefined, moved);
    return {
      effort: plan.effort,
      slot: slotRects(plan.effort),
      searched: finderRects(plan.effort),
      read: plan.readRects,
    };
  });
}
const PLANES = EFFORT.luma | EFFORT.cb | EFFORT.cr;

t.test(
  "searches what the engine's own drawings change for locators in every frame, and reads it once a second",
  (t) => {
    const made = planOwn(300).slice(60);
    for (const { searched, read } of made) t.same([searched, read], [1, 0]);
    const perSecond = (bits: number): number[] =>
      Array.from(
        { length: 8 },
        (_, s) =>
          made
            .slice(s * 30, s * 30 + 30)
            .filter(
              (m) => m.slot > 0 && (m.effort & (bits | EFFORT.bars)) === (m.effort & bits) && (m.effort & bits) !== 0,
            ).length,
      );
    t.same(perSecond(PLANES), Array(8).fill(3), 'each plane');
    t.same(perSecond(EFFORT.sweep), perSecond(EFFORT.luma), 'with the search over the whole frame');
    const passes = Array.from(
      { length: ENHANCED_PASSES },
      (_, i) => made.filter((m) => ((passesOf(m.effort) >> i) & 1) === 1).length,
    );
    t.same(passes, Array(ENHANCED_PASSES).fill(2), 'in eight seconds each enhanced pass twice');
    t.equal(made.filter((m) => (m.effort & EFFORT.bars) !== 0).length, 2, 'stacked barcodes in all ways as well');
    t.end();
  },
);

t.test('reads such a part like everything else as soon as a foreign change is near', (t) => {
  const slots = (foreign?: readonly [number, number, number, number]): number =>
    planOwn(90, foreign)
      .slice(60)
      .filter((m) => (m.effort & PLANES) !== 0 && m.slot > 0).length;
  t.equal(slots(), 3);
  t.equal(slots([96, 96, 8, 8]), 7, 'in it');
  t.equal(slots([96, 142, 8, 8]), 7, 'beside it, within the margin');
  t.equal(slots([300, 300, 8, 8]), 3, 'elsewhere');
  t.end();
});

t.test('spreads the planes evenly over a longer cycle', (t) => {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(1);
  rects.push(...DAMAGE);
  grid.markRect(tiles, 0, ...DAMAGE);
  const bits = [EFFORT.luma, EFFORT.cb, EFFORT.cr];
  const at: number[][] = [[], [], []];
  for (let n = 0; n < 39; n += 1) {
    plan.make(n, rects, tiles, 0, new OpenAreas(grid));
    for (const [i, bit] of bits.entries()) if ((plan.effort & bit) !== 0) at[i]!.push(n);
  }
  t.same(at, [
    [0, 13, 26],
    [4, 17, 30],
    [8, 21, 34],
  ]);
  t.end();
});

t.test('does not search the whole frame again after a change of all of it', (t) => {
  const whole = [0, 0, grid.width, grid.height] as const;
  const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(1);
  const sweeps = (n: number, damage: readonly [number, number, number, number] | undefined): boolean => {
    rects.clear();
    tiles.fill(0);
    if (damage !== undefined) rects.push(...damage);
    if (damage !== undefined) grid.markRect(tiles, 0, ...damage);
    plan.make(n, rects, tiles, 0, new OpenAreas(grid));
    return (plan.effort & EFFORT.sweep) !== 0;
  };
  t.notOk(sweeps(10, whole), 'its own search covers the frame');
  sweeps(12, whole);
  t.notOk(sweeps(15, undefined), 'nor while it holds');
  sweeps(16, whole);
  sweeps(17, DAMAGE);
  t.ok(sweeps(20, undefined), 'but after a part has changed');
  sweeps(21, DAMAGE);
  sweeps(22, whole);
  t.notOk(sweeps(25, undefined), 'an earlier change does not count');
  t.ok(sweeps(30, DAMAGE));
  t.end();
});

t.test('searches changing suspects at once and reads them slot by slot', (t) => {
  const areas = new OpenAreas(grid);
  areas.add(100, 100, 50, 50, AREA.suspect, false);
  areas.add(300, 300, 60, 60, AREA.unjudged, true);
  const { read, slice, searched } = planAt(11, DAMAGE, areas);
  t.same(read, ['300,300,60,60'], 'unjudged areas are read at once');
  t.same(searched, ['76,76,72,72', '100,100,50,50']);
  t.same(slice, ['76,76,104,104'], 'the tiles of the suspect are with the damage');
  t.end();
});

t.test('gives changed areas each enhanced pass once a second, in different frames', (t) => {
  const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
  const tiles = new Int32Array(grid.words);
  const rects = new RectList(1);
  rects.push(...DAMAGE);
  grid.markRect(tiles, 0, ...DAMAGE);
  const taken: number[] = [];
  for (let n = 0; n < 90; n += 1) {
    plan.make(n, rects, tiles, 0, new OpenAreas(grid));
    if (n < 60) continue;
    const looks = passesOf(plan.effort);
    if (looks === 0) continue;
    taken.push(looks);
    t.not(n % 5, 0, 'not where the luma is read');
    t.same([...plan.parts.subarray(0, 8)], [76, 76, 72, 72, 0, 0, 0, 0]);
  }
  t.same(
    taken,
    Array.from({ length: ENHANCED_PASSES }, (_, i) => 1 << i),
  );
  t.end();
});

t.test('gives new areas all enhanced passes within five frames, and small ones in one frame', (t) => {
  for (const [side, want] of [
    [64, [127, 0, 0, 0, 0]],
    [SIDE, [3, 12, 48, 64, 0]],
  ] as const) {
    const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
    const still = new RectList(1);
    const none = new Int32Array(grid.words);
    for (let n = 0; n < 100; n += 1) plan.make(n, still, none, 0, new OpenAreas(grid));
    const rects = new RectList(1);
    rects.push(0, 0, side, side);
    const tiles = new Int32Array(grid.words);
    grid.markRect(tiles, 0, 0, 0, side, side);
    const passes: number[] = [];
    for (let n = 100; n < 105; n += 1) {
      plan.make(n, n === 100 ? rects : still, n === 100 ? tiles : none, 0, new OpenAreas(grid));
      passes.push(passesOf(plan.effort));
      if (n === 100) t.equal(plan.readRects, 1, 'and is read for every form of code at once');
    }
    t.same(passes, want);
  }
  t.end();
});

/** The passes of an area in the frames from `n` on, with rounds of thirteen frames; `begin` makes frame `n`. */
function passesAfter(n: number, frames: number, begin: (plan: ScanPlan) => void): number {
  const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
  const none = new Int32Array(grid.words);
  for (let i = 0; i < n; i += 1) plan.make(i, new RectList(1), none, 0, new OpenAreas(grid));
  let passes = 0;
  for (let i = n; i < n + frames; i += 1) {
    if (i === n) begin(plan);
    else plan.make(i, new RectList(1), none, 0, new OpenAreas(grid));
    const [x = 0, y = 0, w = 0, h = 0] = plan.parts;
    if (x <= 100 && y <= 100 && x + w >= 130 && y + h >= 130) passes |= passesOf(plan.effort);
  }
  return passes;
}

const ALL_PASSES = (1 << ENHANCED_PASSES) - 1;

t.test('gives a new area all enhanced passes within one cycle, whenever it appears', (t) => {
  for (const side of [40, 560]) {
    for (let n = 120; n < 120 + 2 * 30; n += 1) {
      const passes = passesAfter(n, cycleFrames(20), (plan) => {
        const rects = new RectList(1);
        rects.push(100, 100, side, side);
        const tiles = new Int32Array(grid.words);
        grid.mark(tiles, 0, rects);
        plan.make(n, rects, tiles, 0, new OpenAreas(grid));
      });
      if (passes !== ALL_PASSES) t.equal(passes, ALL_PASSES, `${side} px, new in frame ${n}`);
    }
  }
  t.end();
});

t.test('gives unjudged areas the passes they may have missed, even if nobody draws there', (t) => {
  for (const side of [40, 560]) {
    for (let n = 120; n < 120 + 2 * 30; n += 1) {
      const passes = passesAfter(n, cycleFrames(20), (plan) => {
        const areas = new OpenAreas(grid);
        areas.add(100, 100, side, side, AREA.unjudged, true);
        plan.make(n, new RectList(1), new Int32Array(grid.words), 0, areas);
      });
      if (passes !== ALL_PASSES) t.equal(passes, ALL_PASSES, `${side} px, failed before frame ${n}`);
    }
  }
  t.end();
});

t.test('reads a mostly unjudged picture slot by slot', (t) => {
  const areas = new OpenAreas(grid);
  areas.add(0, 0, SIDE, 400, AREA.unjudged, true);
  const part = new OpenAreas(grid);
  for (const left of [0, 10, 20]) part.add(left, 0, 600, 200, AREA.unjudged, true);
  t.equal(planAt(11, [0, 0, 64, 64], part).read.length, 3, 'a smaller area is read, however often it is listed');
  const turn = planAt(11, [0, 0, 64, 64], areas);
  t.same(turn.read, []);
  t.ok(turn.searched.includes('0,0,640,400'), 'its finders are searched for at once');
  t.ok(turn.slice.includes('0,0,640,436'), 'and one plane is read');
  t.end();
});

t.test('motion in many areas crowds out neither a slot nor the areas read at once', (t) => {
  const areas = new OpenAreas(grid);
  const damage = new RectList(32);
  const tiles = new Int32Array(grid.words);
  const tile = 32;
  // A chequered board of changes: no two rectangles merge, and there are as many as a frame may have.
  for (let i = 0; i < 32; i += 1) {
    const [x, y] = [(i % 8) * 2 * tile + (Math.floor(i / 8) % 2) * tile, Math.floor(i / 8) * tile * 4];
    damage.push(x, y, tile, tile);
    grid.markRect(tiles, 0, x, y, tile, tile);
    areas.add(x, y + 2 * tile, tile, tile, AREA.suspect, true);
  }
  areas.add(300, 600, 40, 40, AREA.unjudged, true);
  const plan = new ScanPlan(grid, 8, { num: 30, den: 1 });
  for (let i = 0; i < 40; i += 1) {
    plan.make(i, damage, tiles, 0, areas);
    const slice = slotRects(plan.effort);
    const planes = plan.effort & (EFFORT.luma | EFFORT.cb | EFFORT.cr);
    const rects = Array.from({ length: plan.rects.count }, (_, r) => plan.rects.items.subarray(r * 4, r * 4 + 4));
    const isHeld = (from: number, x: number, y: number): boolean =>
      rects.slice(from).some(([a = 0, b = 0, w = 0, h = 0]) => a <= x && b <= y && a + w > x && b + h > y);
    if (planes !== 0) {
      t.ok(slice > 0, `frame ${i} has its slice`);
      for (let d = 0; d < damage.count; d += 1) {
        const [x, y] = [damage.items[d * 4]! + 16, damage.items[d * 4 + 1]! + 16];
        if (!isHeld(rects.length - slice, x, y)) t.fail(`frame ${i}: ${x},${y} is in the slice`);
      }
    }
    for (let d = 0; d < damage.count; d += 1) {
      const [x, y] = [damage.items[d * 4]! + 16, damage.items[d * 4 + 1]! + 16];
      if (!isHeld(0, x, y)) t.fail(`frame ${i}: ${x},${y} is searched`);
    }
  }
  t.end();
});
