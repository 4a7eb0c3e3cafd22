import t from 'tap';
import { frameIndex, type FrameRate } from '../../../src/core/time.js';
import { ClipRateControl } from '../../../src/scene/runtime/clip-rate-control.js';

const rate: FrameRate = { num: 30, den: 1 };

/** A show whose scan threads finish `perFrame` frames per frame time; drawn frames wait for their scans. */
function show(perFrame: number) {
  const changes: { frame: number; step: number }[] = [];
  const pace = new ClipRateControl(rate, ({ frame, step }) => changes.push({ frame, step }));
  let waiting = 0;
  let n = 0;
  let most = 0;
  const play = (frames: number): void => {
    for (const end = n + frames; n < end; n += 1) {
      pace.look(frameIndex(n), Math.ceil(waiting), 0);
      if (n % pace.step === 0) waiting += 1;
      waiting = Math.max(0, waiting - perFrame);
      most = Math.max(most, waiting);
    }
  };
  return { pace, changes, play, most: () => most, setSpeed: (speed: number) => (perFrame = speed) };
}

t.test('shows each frame while the scan keeps up', async (t) => {
  const { pace, changes, play } = show(1);
  play(3000);
  t.equal(pace.step, 1);
  t.same(changes, []);
});

t.test('slows clips as soon as scans wait, before one is late', async (t) => {
  for (const speed of [0.8, 0.6, 0.4, 0.25]) {
    const { pace, play, most } = show(speed);
    play(30 * 60);
    t.ok(most() < 7, `${speed}: ${most()} scans waited at most, of the seven for which there is time`);
    t.ok(pace.step >= 1 / speed - 1, `${speed}: one frame in ${pace.step}`);
  }
});

t.test('always shows at least one frame in six', async (t) => {
  const { pace, play } = show(0.01);
  play(900);
  t.equal(pace.step, 6);
});

t.test('counts scans coalesced for lateness, whatever the backlog', async (t) => {
  const pace = new ClipRateControl(rate, () => undefined);
  t.notOk(pace.look(frameIndex(0), 0, 0));
  t.ok(pace.look(frameIndex(1), 0, 1));
  t.equal(pace.step, 3);
  t.notOk(pace.look(frameIndex(2), 0, 1), 'what was counted once does not count again');
});

t.test('ignores a backlog while no clip plays', async (t) => {
  const changes: unknown[] = [];
  const pace = new ClipRateControl(rate, (event) => changes.push(event));
  pace.begin();
  for (let n = 0; n < 60; n += 1) pace.look(frameIndex(n), 12, n, false);
  t.same(changes, []);
  t.ok(pace.look(frameIndex(60), 12, 60, true), 'and do as soon as one does');
});

t.test('speeds clips up by one step a second after the scan has caught up', async (t) => {
  const { pace, changes, play, setSpeed } = show(0.2);
  play(20);
  t.equal(pace.step, 6);
  setSpeed(1);
  play(160);
  t.equal(pace.step, 1);
  t.same(
    changes.map(({ step }) => step),
    [3, 6, 4, 3, 2, 1],
  );
  const shrunk = changes.slice(2).map(({ frame }) => frame);
  t.same(
    shrunk.slice(1).map((frame, i) => frame - shrunk[i]!),
    [30, 30, 30],
  );
});

t.test('settles under lasting overload, with retries down to one a minute', async (t) => {
  const { changes, play } = show(0.6);
  play(30 * 60 * 10);
  const lastMinutes = changes.filter(({ frame }) => frame > 30 * 60 * 5);
  t.ok(lastMinutes.length <= 12, `${lastMinutes.length} changes in the last five minutes`);
  t.ok(lastMinutes.length >= 2, 'it goes on trying');
});

t.test('retries quickly again after a good minute', async (t) => {
  const { pace, changes, play, setSpeed } = show(0.6);
  play(30 * 60 * 5);
  setSpeed(1);
  play(30 * 60 * 4);
  t.equal(pace.step, 1);
  const before = changes.length;
  setSpeed(0.6);
  play(30);
  setSpeed(1);
  play(120);
  t.same(
    changes.slice(before).map(({ step }) => step),
    [3, 2, 1],
  );
});
