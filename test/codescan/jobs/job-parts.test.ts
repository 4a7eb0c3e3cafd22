import t from 'tap';
import { RectList } from '../../../src/core/media/picture.js';
import { JobParts } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT, findersOnly, slotEffort } from '../../../src/codescan/jobs/scan-memory.js';

const xs = (rects: RectList): number[] => Array.from({ length: rects.count }, (_, i) => rects.items[i * 4]!);

t.test('takes the last rectangles of a job as the slot of one plane and only searches those before them', async (t) => {
  const rects = new RectList(8);
  for (let i = 0; i < 6; i += 1) rects.push(i * 100, 0, 10, 10);
  const parts = new JobParts();
  // Two to read, one to search, three of the round-robin slot.
  const effort = EFFORT.deep | findersOnly(1) | slotEffort(1, 3);
  parts.split(rects, effort | EFFORT.cb, 0);
  t.same(xs(parts.searched), [0, 100, 200]);
  t.same(xs(parts.changed), [0, 100, 200]);
  t.same(xs(parts.toRead), [0, 100], 'the slot of another plane');
  t.equal(rects.count, 6, 'the job is unchanged');
  parts.split(rects, effort | EFFORT.cb, 1);
  t.same(xs(parts.toRead), [0, 100, 300, 400, 500], 'the slot of this plane');
  t.same(xs(parts.searched), [0, 100, 200], 'the slot is read, not searched');
});

t.test('reads and searches all rectangles without a round-robin slot', async (t) => {
  const rects = new RectList(8);
  rects.push(20, 30, 10, 10);
  const parts = new JobParts();
  for (const plane of [0, 1, 2] as const) {
    parts.split(rects, EFFORT.deep, plane);
    t.same([xs(parts.searched), xs(parts.changed), xs(parts.toRead)], [[20], [20], [20]]);
  }
});
