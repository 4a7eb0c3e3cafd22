import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHash } from 'node:crypto';
import t from 'tap';
import { gazeAt, glanceTurnAt } from '../../src/avatar/motion.js';
import { mouthTrack } from '../../src/avatar/mouth-track.js';
import { GESTURES, type GestureName } from '../../src/avatar/presenter-pack.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { DRAW, DRAW_STRIDE, DrawList } from '../../src/core/media/picture.js';
import { VISEMES } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { frame, loader, rate, script, steady } from './presenter-rig.js';

const load = loader(t);
const mei = await load('mei');

t.test('paints the same frames for the same seed and schedule, and others for another seed', async (t) => {
  const hash = (seed: number): string => {
    const runtime = script(new PresenterRuntime(mei, rate, seed));
    const h = createHash('sha256');
    for (let n = 0; n < 400; n += 1) h.update(frame(runtime, n).join());
    return h.digest('hex');
  };
  t.equal(hash(1), hash(1));
  t.not(hash(1), hash(2));
});

t.test('paints a frame independently of the frames painted before it', async (t) => {
  const all = script(new PresenterRuntime(mei, rate, 5));
  const few = script(new PresenterRuntime(mei, rate, 5));
  for (let n = 0; n < 300; n += 1) {
    const items = frame(all, n);
    if (n % 41 === 0) t.same(frame(few, n), items, `frame ${n}`);
  }
});

t.test('moves every gesture to its pose and back to idle without jumps', async (t) => {
  const idleRuntime = new PresenterRuntime(mei, rate, 9);
  for (const name of GESTURES) {
    const runtime = new PresenterRuntime(mei, rate, 9);
    runtime.gesture(frameIndex(10), name);
    let moved = 0;
    let last = -1;
    for (let n = 0; n < 200; n += 1) {
      const items = frame(runtime, n);
      const same = items.join() === frame(idleRuntime, n).join();
      if (!same) {
        moved += 1;
        last = n;
      }
      if (n < 10) t.ok(same, `${name}: nothing before its frame`);
    }
    t.ok(moved > 15, `${name} is seen (${moved} frames)`);
    t.ok(last > 0 && last < 130, `${name} is over by frame ${last}`);
  }
});

t.test('queues overlapping gestures, drops late ones, and accepts any number', async (t) => {
  const arm = (items: number[]): number => items.at(-DRAW_STRIDE)!;
  const waveSteps = new Set(mei.gestures.find((g) => g.name === 'wave')!.right!.steps.map((i) => mei.sprites[i]!.id));
  const pointSteps = new Set(mei.gestures.find((g) => g.name === 'point')!.right!.steps.map((i) => mei.sprites[i]!.id));
  const seen = (first: GestureName, second: GestureName, at: number, what: Set<number>): boolean => {
    const runtime = new PresenterRuntime(mei, rate, 1);
    runtime.gesture(frameIndex(0), first);
    runtime.gesture(frameIndex(at), second);
    for (let n = 0; n < 250; n += 1) if (what.has(arm(frame(runtime, n)))) return true;
    return false;
  };
  t.ok(seen('wave', 'point', 70, pointSteps), 'a cue near the end waits');
  t.notOk(seen('wave', 'point', 10, pointSteps), 'one at the beginning is dropped');
  t.ok(seen('wave', 'point', 10, waveSteps));
  const flooded = new PresenterRuntime(mei, rate, 1);
  for (let i = 0; i < 1000; i += 1) {
    flooded.gesture(frameIndex(i * 200), 'wave');
    flooded.speak(frameIndex(i * 200), steady('aa', 20));
  }
  const bands = shown(frame(flooded, 5), idsOf(mei.bodyUpper)).length;
  t.equal(frame(flooded, 5).length, (11 + bands) * DRAW_STRIDE, 'ten parts, the torso, and the jaw of a wide mouth');
});

t.test('follows the mouth track and rests outside of it', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 4);
  runtime.speak(frameIndex(15), steady('PP', 5, 0));
  runtime.speak(frameIndex(10), steady('aa', 5));
  const idsOf = (viseme: string, level: number): Set<number> => {
    const at = VISEMES.indexOf(viseme as 'aa') * 4 + level;
    return new Set([...mei.sway, ...mei.nod].map((p) => mei.sprites[p.mouths[at]!]!.id));
  };
  const shows = (n: number, ids: Set<number>): boolean => {
    const items = frame(runtime, n);
    for (let i = 0; i < items.length; i += DRAW_STRIDE) if (ids.has(items[i]!)) return true;
    return false;
  };
  for (const n of [0, 9]) t.ok(shows(n, idsOf('sil', 0)), `rest at ${n}`);
  for (let n = 10; n < 15; n += 1) t.ok(shows(n, idsOf('aa', 3)), `open at ${n}`);
  for (let n = 15; n < 20; n += 1) t.ok(shows(n, idsOf('PP', 0)), `pressed at ${n}`);
  for (const n of [20, 40]) t.ok(shows(n, idsOf('sil', 0)), `rest at ${n}`);
});

t.test('blinks ten to thirty times a minute, each for three to six frames', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 11);
  const closed = new Set(mei.sway.map((p) => mei.sprites[p.eyes[6]!]!.id));
  const half = new Set(mei.sway.map((p) => mei.sprites[p.eyes[5]!]!.id));
  let blinks = 0;
  let run = 0;
  for (let n = 0; n < 1800; n += 1) {
    const items = frame(runtime, n);
    const shut = items.some((id, i) => i % DRAW_STRIDE === 0 && (closed.has(id) || half.has(id)));
    if (shut) run += 1;
    else if (run > 0) {
      blinks += 1;
      t.ok(run >= 3 && run <= 6, `a blink of ${run} frames`);
      run = 0;
    }
  }
  t.ok(blinks >= 10 && blinks <= 30, `${blinks} blinks`);
});

/** Sprites of a kind that a frame shows. */
const shown = (items: number[], ids: ReadonlySet<number>): number[] =>
  items.filter((id, i) => i % DRAW_STRIDE === 0 && ids.has(id));
const idsOf = (indices: readonly number[]): Set<number> => new Set(indices.map((i) => mei.sprites[i]!.id));

/** The items of the torso, from the hips up. */
function torsoOf(items: number[]): number[][] {
  const ids = idsOf(mei.bodyUpper);
  const found: number[][] = [];
  for (let at = 0; at < items.length; at += DRAW_STRIDE)
    if (ids.has(items[at]!)) found.push(items.slice(at, at + DRAW_STRIDE));
  return found;
}

t.test('moves torso and idle arms between gestures by a few pixels at most', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 3);
  const bodies = new Set<number>();
  const arms = new Set<number>();
  for (let n = 0; n < 450; n += 1) {
    const items = frame(runtime, n);
    for (const id of shown(items, idsOf(mei.bodyUpper))) bodies.add(id);
    for (const id of shown(items, idsOf([...mei.idleLeft, ...mei.idleRight]))) arms.add(id);
  }
  t.equal(mei.bodyUpper.length, 24, 'three steps of breath at eight parts of two pixels');
  t.ok(bodies.size >= 12, `${bodies.size} pictures of the torso in 15 s`);
  t.equal(arms.size, mei.idleLeft.length + mei.idleRight.length, 'every picture of the idle arms');
  t.ok(mei.shiftPx > 2 && mei.shiftPx <= 4, `${mei.shiftPx} px`);
});

t.test(
  'gestures with either arm and with both through a whole minute of talk, never the same twice running',
  async (t) => {
    const runtime = new PresenterRuntime(mei, rate, 5);
    for (let line = 0; line < 10; line += 1) runtime.speak(frameIndex(line * 180), steady('E', 168, 150));
    const right = idsOf(mei.idleRight);
    const left = idsOf(mei.idleLeft);
    const kinds: string[] = [];
    let [stillness, longest, torso, before] = [0, 0, 0, ''];
    let active = '';
    for (let n = 0; n < 1800; n += 1) {
      const items = frame(runtime, n);
      const now = `${shown(items, right).length === 0 ? 'right ' : ''}${shown(items, left).length === 0 ? 'left' : ''}`;
      if (now !== '' && active === '') kinds.push(now);
      active = now;
      stillness = now === '' ? stillness + 1 : 0;
      longest = Math.max(longest, stillness);
      const body = torsoOf(items).join();
      if (body !== before) torso += 1;
      before = body;
    }
    t.same([...new Set(kinds)].sort(), ['left', 'right ', 'right left']);
    t.ok(kinds.length >= 9, `${kinds.length} gestures`);
    t.ok(
      kinds.every((kind, i) => i === 0 || kind !== kinds[i - 1]),
      kinds.join(', '),
    );
    t.ok(longest < 240, `${longest} frames without one`);
    t.ok(torso >= 0.6 * 1800, `the torso moves in ${torso} of 1800 frames`);
  },
);

t.test(
  'leans the torso in bands that meet, each by less than a pixel a frame and apart from its neighbour',
  async (t) => {
    const runtime = new PresenterRuntime(mei, rate, 5);
    for (let line = 0; line < 10; line += 1) runtime.speak(frameIndex(line * 180), steady('E', 168, 150));
    runtime.gesture(frameIndex(300), 'present');
    const { torso, shiftPx } = mei;
    const phases = mei.bodyUpper.map((i) => mei.sprites[i]!);
    let before: number[] = [];
    let [step, apart, left, right, changed, bands] = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 1800; n += 1) {
      const items = torsoOf(frame(runtime, n));
      let bottom = torso.line;
      const moves = items.map((item) => {
        t.equal(item[DRAW.clipY]! + item[DRAW.clipH]!, bottom);
        bottom = item[DRAW.clipY]!;
        const index = phases.findIndex(({ id }) => id === item[DRAW.bitmap]);
        return item[DRAW.x]! - phases[index]!.x + (2 * (index % torso.phases)) / torso.phases;
      });
      for (const [i, move] of moves.entries()) {
        if (i > 0) apart = Math.max(apart, Math.abs(move - moves[i - 1]!));
        if (i < before.length) step = Math.max(step, Math.abs(move - before[i]!));
        if (before[i] !== move) changed += 1;
        bands += 1;
      }
      t.ok(bottom <= phases[0]!.y, 'up to the top of the torso');
      t.ok(Math.abs(moves[0]!) <= 0.5, 'and the lowest stays where the hips are');
      left = Math.min(left, moves.at(-1)!);
      right = Math.max(right, moves.at(-1)!);
      before = moves;
    }
    t.ok(step < 1, `${step} px from frame to frame`);
    t.ok(apart <= 0.5, `${apart} px from band to band`);
    t.ok(
      right - left > shiftPx,
      `${left} to ${right} px at the neck, ${shiftPx} px of lean to a side at the shoulders`,
    );
    t.ok(changed < bands / 3, `${changed} of ${bands} bands are drawn again`);
  },
);

t.test('shows a gesture that is asked for twice with another movement the second time', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 1);
  const present = idsOf(mei.gestures.find((g) => g.name === 'present')!.right!.steps);
  const movesAt = (n: number): boolean => shown(frame(runtime, n), present).length > 0;
  const idle = idsOf(mei.idleRight);
  for (const at of [0, 120, 240, 1200]) runtime.gesture(frameIndex(at), 'present');
  t.ok(movesAt(14), 'the first');
  t.notOk(movesAt(134));
  t.equal(shown(frame(runtime, 134), idle).length, 0, 'an arm moves all the same');
  t.ok(movesAt(254), 'the third is the first again');
  t.ok(movesAt(1214), 'and so is one after a long pause');
});

t.test('gives way with its own gestures to one that a line asks for', async (t) => {
  const point = idsOf(mei.gestures.find((g) => g.name === 'point')!.right!.steps);
  for (let at = 0; at < 170; at += 12) {
    const runtime = new PresenterRuntime(mei, rate, 5);
    runtime.speak(frameIndex(0), steady('E', 240, 150));
    runtime.gesture(frameIndex(at), 'point');
    let first = -1;
    for (let n = 0; n < 300 && first < 0; n += 1) if (shown(frame(runtime, n), point).length > 0) first = n;
    t.ok(first >= at && first < at + 20, `asked for at ${at}, begun at ${first}`);
  }
});

t.test('sinks the chin with a wide mouth and not with a small one', async (t) => {
  const jaws = idsOf([...mei.sway, ...mei.nod].flatMap((p) => p.jaws));
  const depth = (openness: number): number => {
    const runtime = new PresenterRuntime(mei, rate, 4);
    runtime.speak(frameIndex(0), steady('aa', 30, openness));
    const [id] = shown(frame(runtime, 10), jaws);
    const pose = mei.sway.findIndex((p) => p.jaws.some((j) => mei.sprites[j]!.id === id));
    return pose < 0 ? 0 : 1 + mei.sway[pose]!.jaws.findIndex((j) => mei.sprites[j]!.id === id);
  };
  t.same([60, 120, 190, 255].map(depth), [0, 1, 2, 3]);
  const bottom = (index: number): number => mei.sprites[index]!.y + mei.sprites[index]!.bitmap.height;
  const [small, , wide] = mei.sway[0]!.jaws;
  t.ok(bottom(wide!) > bottom(small!), 'a wide mouth has the lower chin');
});

t.test('looks towards a head turn before the head moves', async (t) => {
  let turns = 0;
  for (let ms = 0; ms < 600_000; ms += 10) {
    const gaze = gazeAt(ms, 5, false);
    const turn = glanceTurnAt(ms, 5, 0);
    if ((gaze === 1 || gaze === 2) && gazeAt(ms - 10, 5, false) !== gaze) {
      turns += 1;
      t.equal(turn, 0, `the head is still at ${ms}`);
      t.equal(Math.sign(glanceTurnAt(ms + 700, 5, 0)), gaze === 1 ? -1 : 1, 'and turned 0.7 s later');
    }
  }
  t.ok(turns > 5, `${turns} glances in ten minutes`);
});

t.test('rarely blinks twice within 0.6 s, with or without gestures', async (t) => {
  const closed = idsOf(mei.sway.map((p) => p.eyes[6]!));
  let pairs = 0;
  let blinks = 0;
  for (let seed = 0; seed < 12; seed += 1) {
    const runtime = new PresenterRuntime(mei, rate, seed);
    for (let n = 20; n < 900; n += 110) runtime.gesture(frameIndex(n), 'present');
    let last = -Infinity;
    let before = false;
    for (let n = 0; n < 900; n += 1) {
      const shut = shown(frame(runtime, n), closed).length > 0;
      if (shut && !before) {
        blinks += 1;
        if (n - last < 18) pairs += 1;
        last = n;
      }
      before = shut;
    }
  }
  t.ok(blinks > 100, `${blinks} blinks`);
  t.ok(pairs / blinks < 0.06, `${pairs} of ${blinks} came in pairs`);
});

t.test('leaves half of all listening frames unchanged and changes mostly the mouth while talking', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 2);
  let unchanged = 0;
  let before = frame(runtime, 0).join();
  for (let n = 1; n < 900; n += 1) {
    const now = frame(runtime, n).join();
    if (now === before) unchanged += 1;
    before = now;
  }
  t.ok(unchanged > 450, `${unchanged} of 899 frames`);
});

t.test('paints without lasting allocations', async (t) => {
  const runtime = script(new PresenterRuntime(mei, rate, 8));
  const list = new DrawList();
  const run = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) {
      list.clear();
      runtime.paint(frameIndex(n), list);
    }
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  run(0, 20_000);
  const before = held();
  run(20_000, 120_000);
  const grown = held() - before;
  t.ok(grown < 1_000_000, `${grown} bytes over 100,000 frames`);
});

t.test('shows closed lips on screen for a mouth track of real phonemes', async (t) => {
  const track = mouthTrack(
    [
      { ipa: 'a', startSample: 0, endSample: 6000 },
      { ipa: 'm', startSample: 6000, endSample: 8000 },
      { ipa: 'a', startSample: 8000, endSample: 16_000 },
    ],
    16_000,
    rate,
  );
  const runtime = new PresenterRuntime(mei, rate, 1);
  runtime.speak(frameIndex(0), track);
  const pressed = new Set(mei.sway.map((p) => mei.sprites[p.mouths[VISEMES.indexOf('PP') * 4]!]!.id));
  const items = frame(runtime, 4);
  t.ok(items.some((id, i) => i % DRAW_STRIDE === 0 && pressed.has(id)));
});

t.test('drifts slowly and in any case, whatever is said: planes of a set follow it', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 5);
  const busy = script(new PresenterRuntime(mei, rate, 5));
  let least = 0;
  let most = 0;
  for (let n = 0; n < 1800; n += 1) {
    const drift = runtime.driftAt(frameIndex(n));
    if (drift !== busy.driftAt(frameIndex(n))) return t.fail(`frame ${n} depends on the schedule`);
    if (Math.abs(drift - runtime.driftAt(frameIndex(n + 1))) > 8) return t.fail(`a jump at frame ${n}`);
    least = Math.min(least, drift);
    most = Math.max(most, drift);
  }
  t.ok(least < -100 && least >= -256 && most > 100 && most <= 256, `${least} to ${most}`);
});
