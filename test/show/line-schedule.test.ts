import t from 'tap';
import { frameIndex } from '../../src/core/time.js';
import { LineSchedule } from '../../src/show/line-schedule.js';

const rate = { num: 30, den: 1 };
const second = { samples: 48_000, product: undefined, pauseMs: undefined };

t.test('schedules lines by their lengths and the gap', async (t) => {
  const schedule = new LineSchedule(rate, 500);
  t.match(schedule.place(second, frameIndex(0)), { startFrame: 30, endFrame: 60, startSample: 48_000, moved: false });
  t.match(schedule.place({ ...second, pauseMs: 0 }, frameIndex(0)), { startFrame: 75, endFrame: 105 });
  t.match(schedule.place(second, frameIndex(0)), { startFrame: 105 });
});

t.test('ignores the present frame while a line is in time', async (t) => {
  const a = new LineSchedule(rate, 500);
  const b = new LineSchedule(rate, 500);
  for (const now of [0, 3, 40, 70]) t.same(a.place(second, frameIndex(0)), b.place(second, frameIndex(now)));
});

t.test('moves a late line to the first reachable frame', async (t) => {
  const schedule = new LineSchedule(rate, 500);
  t.match(schedule.place(second, frameIndex(100)), { startFrame: 112, moved: true });
});

t.test('adds silence before and after a change of product', async (t) => {
  const schedule = new LineSchedule(rate, 500);
  t.match(schedule.place({ ...second, product: 'a' }, frameIndex(0)), { startFrame: 30, productFrame: 0 });
  const slot = schedule.place({ ...second, product: 'b' }, frameIndex(0));
  t.match(slot, { startFrame: 75 + 22, productFrame: 75 + 11 });
  t.equal(schedule.place({ ...second, product: 'b' }, frameIndex(0)).productFrame, undefined);
});
