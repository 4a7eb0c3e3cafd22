import t, { type Test } from 'tap';
import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { JUDGED } from '../../../src/compliance/gate/replacement.js';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { Rig, WHOLE } from './gate-rig.js';
import { K, OrderRig } from './order-rig.js';

const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);

/** Counts each value, `none` for undefined. */
function tally(values: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value ?? 'none'] = (counts[value ?? 'none'] ?? 0) + 1;
  return counts;
}

const withoutZeros = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, n]) => n > 0));

/** Compares the counters with the released frames. */
function compare(t: Test, rig: OrderRig): void {
  const { rendered, released, replaced, inWindow, byCause, sound } = rig.gate.counters;
  const { left } = rig;
  t.equal(rendered, rig.n);
  t.equal(inWindow, rig.n - left.length);
  t.equal(rendered, released + replaced + inWindow);
  t.strictSame(withoutZeros({ none: released, ...byCause }), tally(left.map((l) => l.cause)));
  t.equal(sum(byCause), replaced);
  t.equal(sound.rendered, rig.n);
  t.equal(sound.inWindow, rig.n - left.length);
  t.equal(sound.rendered, sound.released + sound.muted + sound.inWindow);
  t.strictSame(withoutZeros({ none: sound.released, ...sound.byCause }), tally(left.map((l) => l.muted)));
  t.equal(sum(sound.byCause), sound.muted);
}

for (const windowFrames of [0, 60]) {
  const depth = Math.max(K, windowFrames);
  t.test(`counters of frames and sound add up in every situation, in a window of ${depth}`, async (t) => {
    const rig = new OrderRig(windowFrames);
    const run = (frames: number, code = false, sound: number = SOUND.clean): void => {
      rig.tick(frames, code, sound);
      compare(t, rig);
    };
    run(depth + 20);
    run(4, false, SOUND.violation);
    run(1, true);
    run(2, false, SOUND.unjudged);
    run(depth + 60);
    rig.gate.setMute(true);
    run(10);
    rig.gate.setBlank(true);
    run(5);
    rig.gate.setMute(false);
    rig.gate.setBlank(false);
    run(10);
    rig.gate.dump();
    run(depth + 10);
    rig.gate.setRisk(true);
    run(7);
    rig.gate.setRisk(false);
    run(10);
    const { byCause, sound, releasedUnjudged } = rig.gate.counters;
    t.equal(byCause.dumped, depth);
    t.equal(byCause.operator, 5);
    t.equal(byCause.risk, 7);
    t.ok(byCause.violation > 0 && byCause['hold-time'] > 0);
    t.equal(sound.byCause.violation, 4);
    t.equal(sound.byCause.unjudged, 2);
    t.equal(sound.byCause.operator, 15 + 3, 'including the ramp of three frames back to full level');
    t.equal(sound.byCause.risk, 7 + 3);
    t.equal(sound.byCause.dumped, depth + 3);
    // The show ends: frames leave in order, and none remains.
    rig.drain();
    compare(t, rig);
    t.equal(rig.gate.counters.inWindow, 0);
    t.equal(sound.inWindow, 0);
    t.equal(releasedUnjudged, 0);
  });

  t.test(`releases unjudged sound as silence, in a window of ${depth}`, async (t) => {
    const rig = new OrderRig(windowFrames);
    rig.tick(10);
    rig.tick(3, false, SOUND.unjudged);
    rig.tick(1, false, 7);
    rig.tick(10);
    rig.drain();
    t.strictSame(
      rig.left.map((l) => l.peak),
      [...full(10), 0, 0, 0, 0, ...full(10)],
    );
    t.ok(rig.left.every((l) => (l.muted === 'unjudged') === (l.peak === 0)));
  });
}

const full = (n: number): number[] => Array.from({ length: n }, () => 0.5);

t.test('counts a picture released against its verdict, whatever the gate intended', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const { judge } = rig.gate as unknown as { judge: { verdict: (sequence: number) => number } };
  judge.verdict = () => JUDGED.clean;
  const bad = rig.submit([100, 100, 60, 60]);
  rig.scanner.finish(bad, OUTCOME.violation, [[100, 100, 60, 60]]);
  rig.scanner.finishAll();
  rig.release();
  for (let i = 0; i < K; i += 1) rig.clean();
  t.equal(rig.left.find((l) => l.frame === bad)?.outcome, 'released', 'the gate was made to let it through');
  t.ok(rig.gate.counters.releasedUnjudged > 0);
});

t.test('counts a repeated picture that is not the clean one', async (t) => {
  const rig = new Rig({ onCode: 'hold' });
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  t.equal(rig.gate.counters.releasedUnjudged, 0);
  const { pool } = rig.gate as unknown as { pool: { take: (sequence: number) => number; clean: number } };
  const bad = rig.submit([100, 100, 60, 60]);
  rig.scanner.finish(bad, OUTCOME.violation, [[100, 100, 60, 60]]);
  // Overwrites the picture that is kept for repetition.
  (pool as unknown as { filledAt: Float64Array }).filledAt[pool.clean] = bad;
  rig.scanner.finishAll();
  rig.release();
  for (let i = 0; i < K; i += 1) rig.clean();
  t.ok(rig.gate.counters.releasedUnjudged > 0);
});

t.test('counts a picture of another frame released in place of a clean one', async (t) => {
  const rig = new Rig();
  const rects = new RectList(1);
  rects.push(0, 0, 320, 192);
  for (let i = 0; i < K + 1; i += 1) {
    rig.gate.submit(frameIndex(i), rig.canvas, rects, rig.silence, 1600, SOUND.clean);
    rig.scanner.finishAll();
  }
  const { judge } = rig.gate as unknown as { judge: { records: { buffer: (sequence: number) => number } } };
  const { records } = judge;
  const buffer = records.buffer.bind(records);
  records.buffer = (sequence) => buffer(sequence + 1);
  rig.gate.recycle(rig.gate.release().token);
  t.equal(rig.gate.counters.releasedUnjudged, 1);
});
