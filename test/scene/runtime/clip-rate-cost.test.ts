import t from 'tap';
import { frameIndex, type FrameRate } from '../../../src/core/time.js';
import { ClipRateControl } from '../../../src/scene/runtime/clip-rate-control.js';

const rate: FrameRate = { num: 30, den: 1 };
const FRAME_MS = 1000 / 30;
const AHEAD = 30;
/** Deadline of a scan, in frames. */
const IN_TIME = 7;

/** Scan cost of a frame in which a film advances, and of a still one. */
interface Film {
  readonly moving: number;
  readonly standing: number;
}

/** Expensive scans every thirteen frames, as the luma is read round-robin. */
const turns = (n: number): number => (n % 13 === 0 ? 2.2 : 0.9);

/** A show with scan threads that take jobs in order, on a clock of its own; verdicts are taken in in the order of the frames. */
function show(film: Film, { threads = 2, first = [] as readonly number[] } = {}) {
  const changes: { frame: number; step: number }[] = [];
  const pace = new ClipRateControl(
    rate,
    ({ frame, step }) => changes.push({ frame, step }),
    () => threads,
  );
  const cost = (n: number): number => first[n] ?? (n % pace.step === 0 ? film.moving : film.standing) * turns(n);
  const free = Array.from({ length: threads }, () => 0);
  const waiting: { n: number; ms: number; doneAt: number }[] = [];
  let n = 0;
  let late = 0;
  // Preroll frames: each is scanned before the next one is drawn.
  for (; n < AHEAD; n += 1) {
    pace.look(frameIndex(n), 1, 0);
    pace.scanned(frameIndex(n), cost(n));
  }
  pace.begin();
  const play = (frames: number): void => {
    for (const end = n + frames; n < end; n += 1) {
      const now = n * FRAME_MS;
      while (waiting.length > 0 && waiting[0]!.doneAt <= now) {
        const done = waiting.shift()!;
        pace.scanned(frameIndex(done.n), done.ms);
        if (done.doneAt > (done.n + IN_TIME) * FRAME_MS) late += 1;
      }
      pace.look(frameIndex(n), waiting.filter(({ doneAt }) => doneAt > now).length, 0);
      const thread = free.indexOf(Math.min(...free));
      const ms = cost(n);
      free[thread] = Math.max(free[thread]!, now) + ms;
      waiting.push({ n, ms, doneAt: free[thread]! });
    }
  };
  return { pace, changes, play, late: () => late, setFilm: (next: Film) => (film = next) };
}

t.test('has the clip rate set when the clock asks for its first frame', async (t) => {
  for (const moving of [50, 65, 100]) {
    const { changes, play, late } = show({ moving, standing: moving / 3 });
    play(1);
    t.equal(changes[0]?.frame, AHEAD, `${moving} ms`);
    play(30 * 30);
    t.equal(late(), 0, `${moving} ms: no scan came too late`);
  }
});

t.test('speeds up a film whose scans get cheaper', async (t) => {
  const { pace, changes, play, late, setFilm } = show({ moving: 90, standing: 30 });
  play(60);
  t.equal(changes[0]!.step, 6);
  setFilm({ moving: 40, standing: 14 });
  play(30 * 20);
  t.equal(pace.step, 1);
  t.equal(late(), 0);
  const steps = changes.map(({ step }) => step);
  t.same(
    steps,
    steps.toSorted((a, b) => b - a),
    'it never went back',
  );
});

t.test('does not try a rate that is measured not to fit', async (t) => {
  const { pace, changes, play, late } = show({ moving: 65, standing: 21 });
  play(30 * 60 * 10);
  t.equal(late(), 0);
  t.equal(pace.step, 2);
  t.ok(changes.length <= 5, `${changes.length} changes in ten minutes`);
});

t.test('never slows a calm film, however expensive its first pictures', async (t) => {
  for (const moving of [5, 12, 20]) {
    const { changes, play } = show({ moving, standing: 4 }, { first: [600, 440, 180, 60, 40, 30] });
    play(30 * 60);
    t.same(changes, [], `${moving} ms`);
  }
});

t.test('allows one thread half the load of two', async (t) => {
  const one = show({ moving: 20, standing: 7 }, { threads: 1 });
  one.play(30 * 10);
  t.ok(one.changes.length > 0);
  t.equal(one.late(), 0);
});

t.test('slows a film that begins mid-show before a backlog builds up', async (t) => {
  for (const moving of [65, 75, 100]) {
    const { changes, play, late, setFilm } = show({ moving: 8, standing: 4 });
    play(300);
    setFilm({ moving, standing: moving / 3 });
    play(30 * 30);
    t.ok(changes.length > 0);
    t.ok(late() <= 1, `${moving} ms: ${late()} scans came too late`);
  }
});

t.test('leaves a show without a large clip alone', async (t) => {
  const changes: number[] = [];
  const pace = new ClipRateControl(rate, ({ step }) => changes.push(step));
  for (let n = 0; n < 300; n += 1) {
    if (n === AHEAD) pace.begin();
    pace.look(frameIndex(n), 1, 0, false);
    pace.scanned(frameIndex(n), 200);
  }
  t.same(changes, []);
});
