import t from 'tap';
import { EFFORT, passesOf, OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { Rig, WHOLE } from './gate-rig.js';

t.test('a code in an undamaged area stays in violation without another scan', async (t) => {
  const rig = new Rig({ minimumHoldMs: 0 });
  for (let i = 0; i < 12; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const bad = rig.submit([200, 100, 40, 40]);
  rig.scanner.finish(bad, OUTCOME.violation, [[200, 100, 40, 40]]);
  rig.release();
  for (let i = 0; i < 5; i += 1) {
    const n = rig.submit([0, 0, 32, 32]);
    const job = rig.scanner.job(n);
    const looked = job?.rects.some(([x = 0, , w = 0]) => x <= 200 && x + w >= 240) ?? false;
    // A whole sweep or the check of each second may scan it; it still finds the code.
    rig.scanner.finish(n, looked ? OUTCOME.violation : OUTCOME.clean, looked ? [[200, 100, 40, 40]] : []);
    rig.release();
  }
  const gone = rig.submit([200, 100, 40, 40]);
  t.ok(
    rig.scanner
      .job(gone)!
      .rects.some(([x = 0, y = 0, w = 0, h = 0]) => x <= 174 && y <= 74 && x + w >= 266 && y + h >= 166),
    'the whole area is scanned again once it is damaged',
  );
  t.ok((rig.scanner.job(gone)!.effort & EFFORT.deep) !== 0, 'at full effort');
  rig.scanner.finishAll();
  rig.release();
  for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 32, 32]);
  rig.drain();
  t.strictSame([...new Set(rig.outcomes(bad, gone - 1))], ['violation']);
  t.equal(rig.left.at(-1)!.outcome, 'released');
});

t.test('an area whose scan failed is scanned again in the next frame and not shown before', async (t) => {
  const rig = new Rig();
  // A frame without enhanced passes, which have a box of their own.
  for (let i = 0; i < 73; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const failed = rig.submit([160, 64, 64, 64]);
  rig.scanner.finish(failed, OUTCOME.failed);
  rig.release();
  const next = rig.submit([0, 0, 32, 32]);
  t.ok(
    rig.scanner.job(next)!.rects.some(([x = 0, y = 0]) => x <= 160 && y <= 64 && x > 0),
    'asked again',
  );
  rig.release();
  for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
  t.strictSame(rig.outcomes(failed, failed + 1), ['unjudged', 'released']);
  t.equal(rig.events.filter((e) => e.type === 'scan-failed').length, 1);
});

t.test('a failed scan with enhanced passes leaves nothing judged', async (t) => {
  const rig = new Rig();
  // An area that was new four frames before is scanned with it.
  for (let i = 0; i < 75; i += 1) rig.clean(i === 0 ? WHOLE : i === 71 ? [288, 160, 32, 32] : [0, 0, 32, 32]);
  const failed = rig.submit([160, 64, 64, 64]);
  t.ok(passesOf(rig.scanner.job(failed)!.effort) !== 0, 'it is a frame with enhanced passes');
  const [x = 0, y = 0, w = 0, h = 0] = rig.scanner.job(failed)!.other;
  rig.scanner.finish(failed, OUTCOME.failed);
  rig.release();
  const next = rig.submit([0, 0, 32, 32]);
  const read = rig.scanner.job(next)!.rects;
  t.ok(
    read.some(([a = 0, b = 0, c = 0, d = 0]) => a <= x && b <= y && a + c >= x + w && b + d >= y + h),
    'the box of the passes is read again',
  );
  rig.scanner.finishAll();
  rig.release();
  for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 32, 32]);
  t.equal(rig.outcomes(failed, failed + 1)[0], 'unjudged');
  t.equal(rig.left.at(-1)!.outcome, 'released');
});

t.test('large areas whose scan failed come back within two rounds, even if nobody draws there again', async (t) => {
  for (const parts of [
    [[0, 64, 320, 128]],
    [
      [0, 64, 144, 128],
      [176, 64, 144, 128],
    ],
  ]) {
    const rig = new Rig({ minimumHoldMs: 0 });
    for (let i = 0; i < 40; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 16, 16]);
    const failed = rig.submit(...parts);
    rig.scanner.finish(failed, OUTCOME.failed);
    rig.release();
    for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 16, 16]);
    t.strictSame([...new Set(rig.outcomes(failed - 2, failed))], ['unjudged']);
    t.strictSame([...new Set(rig.outcomes(failed + 10, failed + 30))], ['released']);
  }
});
