import t from 'tap';
import { frameIndex } from '../../src/core/time.js';
import { MAX_CATCH_UP_MS, TickClock } from '../../src/loop/tick-clock.js';

const rate = { num: 30, den: 1 };

t.test('keeps slots at exact multiples of the frame time, also after a day', async (t) => {
  const clock = new TickClock(rate, 1_000_000);
  for (let n = 0; n < 30 * 60; n += 1) clock.advance();
  t.equal(clock.next, 1800);
  t.equal(clock.dueUs(), 1_000_000 + 60_000_000);
});

t.test('starts with a later slot due at once', async (t) => {
  const clock = new TickClock(rate, 5_000_000, frameIndex(30));
  t.equal(clock.next, 30);
  t.equal(clock.dueUs(), 5_000_000);
  clock.advance();
  t.equal(clock.dueUs(), 5_033_333);
});

t.test("misses no slot within a slot's time", async (t) => {
  const clock = new TickClock(rate, 0);
  t.equal(clock.missedSlots(0), 0);
  t.equal(clock.missedSlots(33_000), 0);
  t.equal(clock.latenessUs(5000), 5000);
});

t.test('counts each passed slot as a repeat', async (t) => {
  const clock = new TickClock(rate, 0);
  t.equal(clock.missedSlots(34_000), 1);
  t.equal(clock.missedSlots(101_000), 3);
  t.equal(clock.givenUpMs, 0);
});

t.test('skips the time of a long sleep and continues media time', async (t) => {
  const clock = new TickClock(rate, 0);
  const hour = 3_600_000_000;
  t.equal(clock.missedSlots(hour), 1, 'at most one repeat is left');
  t.equal(clock.next, 0, 'no slot is skipped');
  t.ok(clock.latenessUs(hour) < MAX_CATCH_UP_MS * 1000);
  t.ok(Math.abs(clock.givenUpMs - 3_600_000) < 50);
  clock.advance();
  clock.advance();
  t.ok(clock.latenessUs(hour) < 0, 'after the repeat the clock is on time again');
});
