import t from 'tap';
import { JobCoalescer, SharedFrameScannerClient } from '../../src/codescan/jobs/frame-scanner-client.js';
import { FrameScanner, ThreadScaling } from '../../src/codescan/jobs/frame-scanner.js';
import {
  createScanHandle,
  EFFORT,
  finderRects,
  findersOnly,
  JOB,
  JOB_STATE,
  OUTCOME,
  passesOf,
  ScanMemory,
  slotEffort,
  slotRects,
} from '../../src/codescan/jobs/scan-memory.js';
import { ScanPace } from '../../src/codescan/jobs/scan-pace.js';
import { ownThreadNumber, readingOf, readThread, ThreadTime } from '../../src/codescan/jobs/thread-time.js';
import { JobParts } from '../../src/codescan/pipeline/live-scan.js';
import { silentLog } from '../../src/core/log.js';
import { RectList } from '../../src/core/media/picture.js';
import { drawCode, makeCode, plainFrame } from '../kit/draw-code.js';

t.test('coalesce jobs', async (t) => {
  const W = 640;
  const H = 480;
  const nowhere = new Int32Array(4);

  const list = (...rects: number[][]): RectList => {
    const out = new RectList(64);
    for (const [x = 0, y = 0, w = 0, h = 0] of rects) out.push(x, y, w, h);
    return out;
  };
  const boxes = ({ items, count }: RectList): number[][] =>
    Array.from({ length: count }, (_, i) => [...items.subarray(i * 4, i * 4 + 4)]);
  /** For a job whose last `slot` rectangles are its slot, after `finders` that are only searched. */
  const effort = (bits: number, finders: number, slot: number, looks = 0): number =>
    EFFORT.deep | bits | slotEffort(looks, slot) | findersOnly(finders);

  t.test('gives the later job the rectangles and the effort of both', async (t) => {
    const handle = createScanHandle(W, H, 4, 1);
    const client = new SharedFrameScannerClient(handle);
    const read = [0, 0, 32, 32];
    const other = Int32Array.of(100, 100, 50, 50);
    client.post(2, 7, list(read, [32, 0, 32, 32], [64, 0, 32, 32]), other, effort(EFFORT.luma, 1, 1, 5));
    client.post(
      0,
      8,
      list([0, 64, 32, 32], [96, 0, 32, 32]),
      Int32Array.of(50, 120, 80, 10),
      effort(EFFORT.cr, 1, 1, 2),
    );
    client.post(1, 9, list([0, 0, 8, 8]), nowhere, effort(EFFORT.sweep, 1, 0));
    t.equal(client.coalesceOldest(7), -1, 'the oldest job is not of an earlier frame');
    t.equal(client.coalesceOldest(8), 2);
    t.equal(client.outcome(2), OUTCOME.coalesced);
    t.equal(client.coalescedInto(2), 8);
    t.ok(client.done(2));
    t.equal(client.coalesceOldest(9), 0);
    t.notOk(client.done(1));
    const rects = new RectList(64);
    client.rects(1, rects);
    t.strictSame(boxes(rects), [
      read,
      [32, 0, 32, 32],
      [0, 64, 32, 32],
      [0, 0, 8, 8],
      [64, 0, 32, 32],
      [96, 0, 32, 32],
    ]);
    const joined = client.effort(1);
    t.equal(joined & (EFFORT.sweep | EFFORT.luma | EFFORT.cb | EFFORT.cr), EFFORT.sweep | EFFORT.luma | EFFORT.cr);
    t.strictSame([finderRects(joined), slotRects(joined), passesOf(joined)], [3, 2, 7]);
    const memory = new ScanMemory(handle);
    const at = memory.jobAt(1);
    const parts = [...memory.jobs.subarray(at + JOB.parts, at + JOB.parts + 12)];
    t.strictSame(parts, [50, 120, 80, 10, 100, 100, 50, 50, 0, 0, 0, 0]);
    t.equal(client.coalesceOldest(100), -1, 'a single job has none to be coalesced into');
  });

  t.test('does not coalesce a job that needs its own verdict', async (t) => {
    const handle = createScanHandle(W, H, 4, 1);
    const client = new SharedFrameScannerClient(handle);
    client.post(0, 1, list([0, 0, 32, 32]), nowhere, EFFORT.deep | EFFORT.exact);
    client.post(1, 2, list([0, 0, 32, 32]), nowhere, effort(0, 1, 0));
    t.equal(client.coalesceOldest(5), -1);
    client.post(2, 3, list([0, 0, 32, 32]), nowhere, effort(0, 1, 0));
    t.equal(client.coalesceOldest(5), 1);
  });

  t.test('covers all rectangles when there are more than the job has room for', async (t) => {
    const handle = createScanHandle(W, H, 2, 1);
    const client = new SharedFrameScannerClient(handle);
    const many = (x: number): number[][] => Array.from({ length: 40 }, (_, i) => [x, i * 12, 10, 10]);
    client.post(0, 1, list(...many(0)), nowhere, effort(EFFORT.luma, 20, 10));
    client.post(1, 2, list(...many(300)), nowhere, effort(EFFORT.luma, 20, 10));
    client.coalesceOldest(2);
    const rects = new RectList(64);
    client.rects(1, rects);
    const found = boxes(rects);
    const holds = ([x = 0, y = 0, w = 0, h = 0]: number[], from: number, to: number): boolean =>
      found
        .slice(from, to)
        .some(([a = 0, b = 0, c = 0, d = 0]) => a <= x && b <= y && a + c >= x + w && b + d >= y + h);
    const joined = client.effort(1);
    const slot = found.length - slotRects(joined);
    const searched = slot - finderRects(joined);
    for (const all of [many(0), many(300)]) {
      t.ok(all.slice(0, 10).every((rect) => holds(rect, 0, searched)));
      t.ok(all.slice(10, 30).every((rect) => holds(rect, searched, slot)));
      t.ok(all.slice(30).every((rect) => holds(rect, slot, found.length)));
    }
  });

  t.test('scans the last picture for all coalesced jobs when far behind, and misses nothing in it', async (t) => {
    // More than the initial window of a new thread.
    const buffers = 24;
    const scanner = await FrameScanner.open({ width: W, height: H, buffers, threads: 1, log: silentLog });
    t.teardown(() => scanner.close());
    const client = new SharedFrameScannerClient(scanner.handle);
    await scanner.kill(0);
    const frame = plainFrame(W, H, [120, 128, 128]);
    drawCode(frame, W, H, await makeCode('https://example.com/joined'), { x: 200, y: 100, module: 5 });
    for (let b = 0; b < buffers; b += 1) {
      client.picture(b).set(frame);
      // Only the first job's rectangles cover the code.
      client.post(b, b, list(b === 0 ? [180, 80, 240, 240] : [0, 400, 32, 32]), nowhere, effort(0, 1, 0));
    }
    for (let b = 0; b < buffers; b += 1)
      if (!client.waitUntilDone(b, 60_000)) await new Promise((go) => setTimeout(go, 5));
    const deadline = performance.now() + 60_000;
    while (!client.done(buffers - 1) && performance.now() < deadline) await new Promise((go) => setTimeout(go, 5));
    const outcomes = Array.from({ length: buffers }, (_, b) => client.outcome(b));
    t.ok(outcomes.filter((o) => o === OUTCOME.coalesced).length >= 5, `outcomes ${outcomes.join(' ')}`);
    const into = outcomes.findIndex((o) => o !== OUTCOME.coalesced);
    t.equal(outcomes[into], OUTCOME.violation);
    t.strictSame([client.coalescedInto(0), client.coalescedInto(into - 1)], [1, into]);
  });

  t.test('requests the whole picture and fails when the thread dies while coalescing', async (t) => {
    const scanner = await FrameScanner.open({ width: W, height: H, buffers: 2, threads: 1, log: silentLog });
    t.teardown(() => scanner.close());
    const client = new SharedFrameScannerClient(scanner.handle);
    const memory = new ScanMemory(scanner.handle);
    const at = memory.jobAt(0);
    memory.jobs[at + JOB.torn] = 1;
    Atomics.store(memory.jobs, at + JOB.state, JOB_STATE.claimed);
    await scanner.kill(0);
    while (!client.done(0)) await new Promise((go) => setTimeout(go, 5));
    t.equal(client.outcome(0), OUTCOME.failed);
    const rects = new RectList(64);
    client.rects(0, rects);
    t.strictSame(boxes(rects), [[0, 0, W, H]]);
  });

  t.test('coalesces waiting jobs only', async (t) => {
    const handle = createScanHandle(W, H, 3, 1);
    const client = new SharedFrameScannerClient(handle);
    const memory = new ScanMemory(handle);
    for (let b = 0; b < 3; b += 1) client.post(b, b, list([0, 0, 8, 8]), nowhere, effort(0, 1, 0));
    Atomics.store(memory.jobs, memory.jobAt(0) + JOB.state, JOB_STATE.claimed);
    t.equal(new JobCoalescer(memory).waiting(), 2);
    t.equal(client.coalesceOldest(9), 1);
  });
});

t.test('job parts', async (t) => {
  const xs = (rects: RectList): number[] => Array.from({ length: rects.count }, (_, i) => rects.items[i * 4]!);

  t.test(
    'takes the last rectangles of a job as the slot of one plane and only searches those before them',
    async (t) => {
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
    },
  );

  t.test('reads and searches all rectangles without a round-robin slot', async (t) => {
    const rects = new RectList(8);
    rects.push(20, 30, 10, 10);
    const parts = new JobParts();
    for (const plane of [0, 1, 2] as const) {
      parts.split(rects, EFFORT.deep, plane);
      t.same([xs(parts.searched), xs(parts.changed), xs(parts.toRead)], [[20], [20], [20]]);
    }
  });
});

t.test('scan pace', async (t) => {
  const after = (...ms: number[]): number => {
    const pace = new ScanPace();
    for (const each of ms) pace.add(each);
    return pace.waiting();
  };

  t.test('lets fewer scans wait the longer they take, and always two', async (t) => {
    t.equal(after(), 16, 'before the first picture');
    t.equal(after(200), 16, 'after a long first scan');
    t.equal(after(3, 3, 3, 3, 3), 16, 'a window');
    t.equal(after(18, 18, 18, 18, 18), 7);
    t.equal(after(33, 33, 33, 33, 33), 4);
    t.equal(after(500, 500, 500, 500, 500), 2);
  });

  t.test('ignores a single long scan of a fast thread', async (t) => {
    t.equal(after(3, 3, 3, 3, 900), 16);
    t.equal(after(3, 3, 900, 900, 900), 2);
  });

  t.test('lets twice as many scans wait for two threads as for one', async (t) => {
    const pace = new ScanPace();
    for (let i = 0; i < 5; i += 1) pace.add(50);
    t.equal(pace.waiting(1), 2);
    t.equal(pace.waiting(2), 5);
    t.equal(pace.waiting(4), 7, 'no more than there are frames');
  });

  t.test('counts frames without a scan, so that few costly scans among them may wait', async (t) => {
    const every = new ScanPace();
    const sixth = new ScanPace();
    for (let i = 0; i < 10; i += 1) {
      every.add(60, i);
      sixth.add(60, i * 6);
    }
    t.equal(every.waiting(), 2);
    t.equal(sixth.waiting(), 16);
  });
});

t.test('thread scaling', async (t) => {
  t.test('starts another thread after 12 busy samples, up to the maximum', async (t) => {
    const need = new ThreadScaling(1, 2);
    for (let i = 0; i < 11; i += 1) t.notOk(need.look(1, 1));
    t.ok(need.look(1, 1));
    t.equal(need.wanted, 2);
    for (let i = 0; i < 100; i += 1) t.notOk(need.look(2, 2), 'there is no third');
    t.equal(need.wanted, 2);
  });

  t.test('starts no further thread while one is starting', async (t) => {
    const need = new ThreadScaling(1, 4);
    for (let i = 0; i < 12; i += 1) need.look(1, 1);
    for (let i = 0; i < 200; i += 1) need.look(1, 1);
    t.equal(need.wanted, 2, 'one of the two is still starting');
    for (let i = 0; i < 12; i += 1) need.look(2, 2);
    t.equal(need.wanted, 3);
  });

  t.test('keeps one thread at two thirds of load and starts another at five sixths', async (t) => {
    const twoThirds = new ThreadScaling(1, 2);
    for (let i = 0; i < 1199; i += 1) twoThirds.look(i % 3 === 0 ? 0 : 1, 1);
    t.equal(twoThirds.wanted, 1);
    const fiveSixths = new ThreadScaling(1, 2);
    for (let i = 0; i < 60; i += 1) fiveSixths.look(i % 6 === 0 ? 0 : 1, 1);
    t.equal(fiveSixths.wanted, 2);
  });

  t.test('ends a thread after a minute in which all the work was half of one thread', async (t) => {
    const need = new ThreadScaling(1, 3);
    for (let i = 0; i < 12; i += 1) need.look(1, 1);
    for (let i = 0; i < 12; i += 1) need.look(2, 2);
    t.equal(need.wanted, 3);
    const minute = (busy: (i: number) => number): void => {
      for (let i = 0; i < 1200; i += 1) need.look(busy(i), need.wanted);
    };
    minute((i) => (i % 2 === 0 ? 2 : 0));
    t.equal(need.wanted, 3, 'together they had enough work for one');
    minute((i) => (i % 3 === 0 ? 1 : 0));
    t.equal(need.wanted, 2, 'one at a time');
    minute(() => 0);
    t.equal(need.wanted, 1);
    minute(() => 0);
    t.equal(need.wanted, 1, 'never below the minimum');
  });

  t.test('starts with the requested two threads and keeps them until a quiet minute', async (t) => {
    const need = new ThreadScaling(1, 2, 2);
    t.equal(need.wanted, 2);
    for (let i = 0; i < 1199; i += 1) need.look(0, 2);
    t.equal(need.wanted, 2);
    t.ok(need.look(0, 2));
    t.equal(need.wanted, 1);
  });
});

t.test('thread time', async (t) => {
  t.test('reads CPU time and state of a thread', async (t) => {
    const rest = Array.from({ length: 40 }, () => '0').join(' ');
    t.strictSame(readingOf(`7 (a) b) R 1 1 1 0 -1 4194368 5 0 0 0 120 30 ${rest}`), { cpuMs: 1500, asleep: false });
    t.equal(readingOf(`7 (node) S 1 1 1 0 -1 4194368 5 0 0 0 1 0 ${rest}`).asleep, true);
    if (process.platform === 'linux') {
      const own = readThread(ownThreadNumber());
      t.ok(own !== undefined && own.cpuMs > 0 && !own.asleep);
    }
    t.equal(readThread(0), undefined);
  });

  t.test('counts a working thread by its CPU time and a sleeping one by the clock', async (t) => {
    const time = new ThreadTime();
    time.look(0, { cpuMs: 100, asleep: false }, 1, 0, 0);
    t.strictSame(time.spent(5000, { cpuMs: 130, asleep: false }), { job: 30, step: 30 });
    t.strictSame(time.spent(5000, undefined), { job: 5000, step: 5000 });
    time.look(4000, { cpuMs: 120, asleep: true }, 1, 1, 0);
    t.strictSame(time.spent(5000, { cpuMs: 130, asleep: true }), { job: 5000, step: 1000 });
  });

  t.test('is patient with sleep where busy threads get little of a processor, and not any more after it', async (t) => {
    const time = new ThreadTime();
    t.equal(time.patience, 1);
    for (let i = 0; i < 400; i += 1) time.look(i * 50, { cpuMs: i * 10, asleep: false }, 1, i, 0);
    t.ok(time.patience > 4 && time.patience < 6, `a fifth of a processor: ${time.patience}`);
    for (let i = 0; i < 400; i += 1) time.look(20_000 + i, { cpuMs: 4000 + i, asleep: false }, i + 2, 0, 0);
    t.ok(time.patience < 1.1);
  });
});
