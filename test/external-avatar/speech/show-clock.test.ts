import t from 'tap';
import { ShowClock } from '../../../src/external-avatar/speech/whip-speech.js';

const rate = { num: 30, den: 1 };

t.test('sees through the steps of the frame counter, and waits for a show that has not begun', async (t) => {
  let frame = 0;
  const clock = new ShowClock(rate, () => frame);
  t.equal(clock.atMs(0), Infinity);
  const startsMs = 5000;
  const off: number[] = [];
  for (let nowMs = 0; nowMs < 20_000; nowMs += 20 + (nowMs % 3)) {
    frame = Math.max(0, Math.floor((nowMs - startsMs) / (1000 / 30)));
    clock.look(nowMs);
    if (nowMs < startsMs) t.ok(clock.atMs(30) > nowMs + 900, 'the first line has not begun');
    if (nowMs > startsMs + 1000) off.push(clock.atMs(900) - (startsMs + 30_000));
  }
  t.ok(Math.max(...off) < 25 && Math.min(...off) > -25, `${Math.min(...off)} to ${Math.max(...off)} ms`);
});

t.test('follows a counter that jumps', async (t) => {
  let frame = 100;
  const clock = new ShowClock(rate, () => frame);
  clock.look(1000);
  t.ok(Math.abs(clock.atMs(100) - 1000) < 1e-6);
  frame = 400;
  clock.look(1020);
  t.ok(Math.abs(clock.atMs(400) - 1020) < 1e-6);
});
