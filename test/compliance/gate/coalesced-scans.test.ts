import t from 'tap';
import { seededRandom } from '../../../src/core/random.js';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { H, Rig, W, WHOLE } from './gate-rig.js';

type Box = readonly [x: number, y: number, w: number, h: number];
const meets = (a: readonly number[], b: Box): boolean =>
  a[0]! < b[0] + b[2] && b[0] < a[0]! + a[2]! && a[1]! < b[1] + b[3] && b[1] < a[1]! + a[3]!;

/** Ends a frame's scan as a real one would: with the codes of its picture inside the scanned areas. */
function finishScan(rig: Rig, frame: number, codes: readonly Box[]): void {
  const { rects } = rig.scanner.job(frame)!;
  const hits = codes.filter((code) => rects.some((r) => meets(r, code))).map((code) => [...code]);
  rig.scanner.finish(frame, hits.length > 0 ? OUTCOME.violation : OUTCOME.clean, hits);
}

/** Ticks whose scans wait, one per damage; returns their frames. */
const wait = (rig: Rig, ...damage: number[][]): number[] =>
  damage.map((rect) => {
    const n = rig.submit(rect);
    rig.release();
    return n;
  });

t.test('only the last of coalesced scans has a verdict, and the show continues after it', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const [first = 0, second = 0, third = 0] = wait(rig, [0, 0, 32, 32], [64, 64, 32, 32], [0, 0, 32, 32]);
  rig.scanner.join(first, second);
  rig.scanner.join(second, third);
  for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
  t.strictSame(rig.outcomes(first - 1, third + 1), ['released', 'unjudged', 'unjudged', 'released', 'released']);
  t.equal(rig.gate.counters.scanJoined, 2);
  t.equal(rig.gate.counters.scanPending, 0);
});

t.test(
  'frames between two coalesced ones wait for the later scan, because they contain the earlier damage',
  async (t) => {
    const rig = new Rig({ lookAheadFrames: 16 });
    for (let i = 0; i < 30; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const code: Box = [128, 64, 40, 40];
    const frames = wait(rig, [...code], ...Array.from({ length: 14 }, () => [0, 0, 32, 32]));
    const [drawn = 0, next = 0] = frames;
    const last = frames.at(-1)!;
    rig.scanner.join(drawn, last);
    // Their own scans are clean, as if the code were outside the scanned areas.
    for (const n of frames.slice(1, -1)) rig.scanner.finish(n);
    for (let i = 0; i < 5; i += 1) wait(rig, [0, 0, 32, 32]);
    t.strictSame([...new Set(rig.outcomes(drawn, next + 2))], ['unjudged']);
  },
);

t.test(
  'releases a frame only if its slices were read in time, not in a scan coalesced with a much later one',
  async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const before = rig.clean([0, 0, 32, 32]);
    const waiting = wait(rig, ...Array.from({ length: 6 }, () => [0, 0, 32, 32]));
    for (const n of waiting.slice(0, -1)) rig.scanner.join(n, n + 1);
    for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
    // A round is five frames here: a slice read in the last of six frames counts for the second of them at the
    // earliest.
    t.strictSame(rig.outcomes(before, before), ['unjudged']);
    t.strictSame([...new Set(rig.outcomes(waiting[0]!, waiting.at(-2)!))], ['unjudged']);
    t.strictSame(rig.outcomes(waiting.at(-1)!, waiting.at(-1)!), ['released']);
  },
);

t.test('every frame finds a buffer while a thread is stuck, and the show continues one scan later', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  rig.scanner.inHand = rig.n;
  for (let i = 0; i < 60; i += 1) {
    rig.submit([0, 0, 32, 32]);
    rig.release();
  }
  t.equal(rig.gate.counters.noBuffer, 0);
  rig.scanner.inHand = -1;
  const back = rig.n;
  for (let i = 0; i < 60; i += 1) rig.clean([0, 0, 32, 32]);
  rig.drain();
  const { counters } = rig.gate;
  t.ok(counters.scanJoined > 30, `${counters.scanJoined} joined`);
  t.equal(counters.noBuffer, 0);
  t.equal(rig.outcomes(back + 5, back + 5)[0] === 'unjudged', false, 'nothing is left to be scanned again');
});

t.test('property: no frame with a code is released, whatever scans are coalesced', async (t) => {
  let released = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const random = seededRandom(seed);
    const pick = (n: number): number => Math.floor(random() * n);
    const rig = new Rig({ minimumHoldMs: 100, lookAheadFrames: 16 });
    const drawn: Box[][] = [];
    const codes: Box[] = [];
    let open: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const damage: number[][] = i === 0 ? [WHOLE] : [[0, 0, 32, 32]];
      if (random() < 0.02) {
        const code: Box = [pick(W - 64) & ~1, (32 + pick(H - 96)) & ~1, 40, 40];
        codes.push(code);
        damage.push([...code]);
      }
      if (codes.length > 0 && random() < 0.2) damage.push([...codes.shift()!]);
      drawn.push([...codes]);
      open.push(rig.submit(...damage));
      // A thread that finishes some scans and coalesces others, in bursts.
      for (let work = pick(2) === 0 ? pick(8) : 0; work > 0; work -= 1) {
        open = open.filter((n) => rig.scanner.job(n)?.done === false);
        const [frame] = open;
        if (frame === undefined) break;
        // With two threads one may be working on a frame in between.
        const into = open[1 + pick(2)];
        if (into !== undefined && random() < 0.3) rig.scanner.join(frame, into);
        else finishScan(rig, frame, drawn[frame]!);
      }
      rig.release();
    }
    const leaked = rig.left.filter((r) => r.outcome === 'released' && drawn[r.frame]!.length > 0);
    t.strictSame(
      leaked.map((r) => r.frame),
      [],
      `seed ${seed}`,
    );
    released += rig.left.filter((r) => r.outcome === 'released').length;
    t.equal(rig.gate.counters.releasedUnjudged, 0);
    t.ok(rig.gate.counters.scanJoined > 20);
  }
  t.ok(released > 500, `the show goes on: ${released} frames released`);
});
