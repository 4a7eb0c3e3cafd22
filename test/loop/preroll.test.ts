import t from 'tap';
import { framesAhead, Preroll } from '../../src/loop/preroll.js';

function start(frames: number, slotMs: number, busy: (made: number[]) => boolean) {
  const made: number[] = [];
  return new Promise<{ made: number[]; next: number }>((resolve) => {
    new Preroll({
      frames,
      slotMs,
      busy: () => busy(made),
      step: (n) => made.push(n),
      done: (next) => resolve({ made, next }),
    }).begin();
  });
}

t.test('makes frames in order; the clock begins with the next one', async (t) => {
  const { made, next } = await start(5, 60_000, () => false);
  t.same(made, [0, 1, 2, 3, 4]);
  t.equal(next, 5);
});

t.test('waits for busy frames, at most for twice the slots', async (t) => {
  let asked = 0;
  const { made } = await start(2, 60_000, (so) => so.length === 1 && (asked += 1) < 4);
  t.same(made, [0, 1]);
  t.equal(asked, 4, 'the second frame was made once the first was accepted');
  const beganMs = performance.now();
  const hung = await start(3, 10, (so) => so.length === 1);
  t.same(hung.made, [0]);
  t.equal(hung.next, 1, 'the clock continues after the last frame');
  t.ok(performance.now() - beganMs >= 60);
});

t.test('makes no frames ahead when none are needed', async (t) => {
  const { made, next } = await start(0, 33, () => false);
  t.same(made, []);
  t.equal(next, 0);
});

t.test('stops when cancelled', async (t) => {
  const made: number[] = [];
  const ahead = new Preroll({
    frames: 3,
    slotMs: 33,
    busy: () => false,
    step: (n) => made.push(n),
    done: () => t.fail('the clock must not begin'),
  });
  ahead.begin();
  ahead.cancel();
  await new Promise((resolve) => setImmediate(resolve));
  t.same(made, []);
});

t.test("fills the window and the encoder's look-ahead", async (t) => {
  t.equal(framesAhead({ lookAheadFrames: 20, encoderFrames: 10 }), 30);
  t.equal(framesAhead({ lookAheadFrames: 20, windowFrames: 20 }), 20);
});

t.test('waits for a frame whose clips are not read', async (t) => {
  const asked: number[] = [];
  await new Promise<void>((resolve) => {
    new Preroll({
      frames: 2,
      slotMs: 60_000,
      busy: (n) => asked.push(n) === 2,
      step: () => undefined,
      done: () => resolve(),
    }).begin();
  });
  t.same(asked, [0, 1, 1]);
});

t.test('makes no preroll with a dump window', async (t) => {
  t.equal(framesAhead({ lookAheadFrames: 20, windowFrames: 90, encoderFrames: 10 }), 0);
});
