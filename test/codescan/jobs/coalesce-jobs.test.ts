import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { RectList } from '../../../src/core/media/picture.js';
import { SharedFrameScannerClient } from '../../../src/codescan/jobs/frame-scanner-client.js';
import { FrameScanner } from '../../../src/codescan/jobs/frame-scanner.js';
import { JobCoalescer } from '../../../src/codescan/jobs/coalesce-jobs.js';
import {
  createScanHandle,
  EFFORT,
  finderRects,
  findersOnly,
  JOB,
  JOB_STATE,
  passesOf,
  OUTCOME,
  ScanMemory,
  slotEffort,
  slotRects,
} from '../../../src/codescan/jobs/scan-memory.js';
import { drawCode, makeCode, plainFrame } from '../../kit/draw-code.js';

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
  client.post(0, 8, list([0, 64, 32, 32], [96, 0, 32, 32]), Int32Array.of(50, 120, 80, 10), effort(EFFORT.cr, 1, 1, 2));
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
  t.strictSame(boxes(rects), [read, [32, 0, 32, 32], [0, 64, 32, 32], [0, 0, 8, 8], [64, 0, 32, 32], [96, 0, 32, 32]]);
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
    found.slice(from, to).some(([a = 0, b = 0, c = 0, d = 0]) => a <= x && b <= y && a + c >= x + w && b + d >= y + h);
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
