import t from 'tap';
import { frameIndex } from '../../src/core/time.js';
import { FrameSteps, type LoadCounters } from '../../src/loop/frame-steps.js';

const WINDOW = 20;

/** A room of 30 frames a second; `fault` says for each slot whether a frame was released without a verdict. */
function rig(fps = 30) {
  const steps: [number, number][] = [];
  const one = new FrameSteps({ num: fps, den: 1 }, WINDOW, ({ frame, fps: now }) => void steps.push([frame, now]));
  const load: LoadCounters = { unjudged: 0, joined: 0, refused: 0, overrun: 0 };
  let n = 0;
  const run = (slots: number, fault: (n: number) => boolean, patient = false): void => {
    for (const end = n + slots; n < end; n += 1) {
      one.plan(false);
      if (fault(n)) load.unjudged += 1;
      one.look(frameIndex(n), load, patient);
    }
  };
  return { one, steps, load, run };
}
const never = (): boolean => false;
const always = (): boolean => true;

t.test('stays at the full rate for a stall and for a few late verdicts', async (t) => {
  const { steps, run } = rig();
  run(700, never);
  run(7, always);
  run(700, never);
  run(3000, (n) => n % 11 === 0);
  t.strictSame(steps, []);
});

t.test('goes down one step where one verdict in five is late, and two where nearly all are', async (t) => {
  const slowly = rig();
  slowly.run(700, never);
  slowly.run(450, (n) => n % 5 === 0);
  t.equal(slowly.steps[0]?.[1], 20);
  const fast = rig();
  fast.run(700, never);
  fast.run(200, always);
  t.strictSame(
    fast.steps.map(([, fps]) => fps),
    [15, 5],
    'within seconds',
  );
});

t.test('does not count what was under way when the step changed', async (t) => {
  const { steps, run } = rig();
  run(700, never);
  run(45 + WINDOW, always);
  run(200, never);
  t.equal(steps.length, 2, 'one step down and one up');
});

t.test('comes back after a calm time, which doubles each time that was too early', async (t) => {
  const { one, steps, run } = rig();
  // A machine that carries 20 frames a second.
  for (let i = 0; i < 60; i += 1) run(60, () => one.isFull);
  const ups = steps.filter(([, fps]) => fps === 30).map(([n]) => n);
  t.ok(ups.length >= 3, `${ups.length} tries`);
  const gaps = ups.slice(1).map((n, i) => n - ups[i]!);
  for (const [i, gap] of gaps.slice(1).entries()) t.ok(gap > gaps[i]! * 1.5 || gap > 1800, `${gaps}`);
});

t.test('draws evenly at each step, and feeds the encoder at least every second slot', async (t) => {
  const { one, run } = rig();
  run(700, never);
  const seen = new Map<number, { drawn: number; fed: number; gap: number }>();
  for (let round = 0; round < 4; round += 1) {
    run(1, always);
    while (!seen.has(one.fps)) {
      if (seen.size === 4) break;
      let [drawn, fed, gap, widest] = [0, 0, 0, 0];
      if (one.isFull) {
        run(10, always);
        continue;
      }
      for (let i = 0; i < 60; i += 1) {
        one.plan(false);
        if (one.draws) drawn += 1;
        gap = one.feeds ? 1 : gap + 1;
        widest = Math.max(widest, gap);
        if (one.feeds) fed += 1;
        if (one.draws) t.ok(one.feeds);
      }
      seen.set(one.fps, { drawn, fed, gap: widest });
      run(320, (n) => n % 4 === 0);
    }
  }
  for (const [fps, { drawn, fed, gap }] of seen) {
    t.ok(Math.abs(drawn - fps * 2) <= 1, `${drawn} pictures in two seconds at ${fps}`);
    t.ok(fed >= 29, `${fed} to the encoder`);
    t.ok(gap <= 2);
  }
  t.ok(seen.size >= 2);
});

t.test('draws at its rate where the thread is woken for every fifth slot alone', async (t) => {
  const { one, run } = rig();
  run(700, never);
  run(200, always);
  t.equal(one.fps, 5);
  let drawn = 0;
  for (let i = 0; i < 150; i += 1) {
    one.plan(i % 5 !== 0);
    if (one.draws) drawn += 1;
  }
  t.ok(drawn >= 14, `${drawn} pictures in five seconds`);
});

t.test('waits for a film to go slower first, and leaves a slow room as it is', async (t) => {
  const film = rig();
  film.run(700, never);
  film.run(200, always, true);
  t.strictSame(film.steps, []);
  const slow = rig(3);
  slow.run(900, always);
  t.strictSame(slow.steps, []);
  t.ok(slow.one.draws);
});

t.test('keeps the full rate where fewer frames cure nothing, for a time that doubles', async (t) => {
  const { steps, run } = rig();
  run(700, never);
  // A quota stops the process for six tenths of each second, whatever is drawn.
  run(5400, (n) => n % 30 < 18);
  const at = (n: number): number => steps.findLast(([from]) => from <= n)?.[1] ?? 30;
  const full = Array.from({ length: 5400 }, (_, i) => at(700 + i)).filter((fps) => fps === 30).length;
  t.ok(full > 5400 * 0.7, `${full} of 5400 slots at the full rate`);
});

t.test('keeps the last step where it shows more than the full rate', async (t) => {
  const { one, steps, run } = rig();
  run(700, never);
  // All frames late at the full rate, half of the half seconds without a picture in the last step.
  run(3600, (n) => one.isFull || n % 60 < 30);
  const slow = steps.filter(([n]) => n > 1300).filter(([, fps]) => fps === 30).length;
  t.ok(slow <= 3, `${slow} trials of the full rate`);
  t.equal(one.fps, 5);
});
