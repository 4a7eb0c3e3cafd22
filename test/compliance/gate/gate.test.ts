import t from 'tap';
import { seededRandom } from '../../../src/core/random.js';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { H, K, Rig, W, WHOLE } from './gate-rig.js';
import { sampled } from '../../kit/whole.js';

t.test('releases a frame exactly k frames after it was drawn, and in order', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 40; i += 1) {
    rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    t.equal(rig.left.length, Math.max(0, i + 1 - K));
  }
  rig.drain();
  t.strictSame(
    rig.left.map((r) => r.frame),
    Array.from({ length: 40 }, (_, i) => i),
  );
  t.equal(rig.gate.counters.released, 40);
});

t.test('replaces a code in a single frame, with the frames just before it, for the hold time', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 30; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const bad = rig.submit([100, 100, 60, 60]);
  rig.scanner.finish(bad, OUTCOME.violation, [[100, 100, 60, 60]]);
  rig.release();
  // The next frame removes the code again.
  for (let i = 0; i < 80; i += 1) rig.clean(i === 0 ? [100, 100, 60, 60] : [0, 0, 32, 32]);
  rig.drain();
  t.strictSame([...new Set(rig.outcomes(0, bad - K - 1))], ['released'], 'earlier releases are unchanged');
  t.strictSame([...new Set(rig.outcomes(bad - K + 1, bad))], ['violation'], 'the window before it is replaced too');
  t.strictSame([...new Set(rig.outcomes(bad + 1, bad + 20))], ['hold-time']);
  const back = rig.left.find((r) => r.frame > bad && r.outcome === 'released')!;
  t.ok(back.frame >= bad - K + 30 && back.frame < bad + 35, `back at ${back.frame - bad} frames after`);
  t.ok(
    rig.left.filter((r) => r.outcome === 'replaced').every((r) => r.picture[0] === 7),
    'the slate is shown',
  );
  t.equal(rig.events.filter((e) => e.type === 'violation').length, 1);
  t.match(
    rig.events.find((e) => e.type === 'resumed'),
    { replacedFrames: rig.gate.counters.replaced },
  );
});

t.test('hold shows the last clean picture for at most a second, then the slate', async (t) => {
  const rig = new Rig({ onCode: 'hold' });
  for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  for (let i = 0; i < 60; i += 1) {
    const n = rig.submit([100, 100, 60, 60]);
    rig.scanner.finish(n, OUTCOME.violation, [[100, 100, 60, 60]]);
    rig.release();
  }
  const shown = rig.left.filter((r) => r.outcome === 'replaced').map((r) => (r.picture[0] === 7 ? 'slate' : 'held'));
  t.equal(shown.indexOf('slate'), 30);
  t.equal(shown.lastIndexOf('held'), 29);
});

t.test('property: every released frame equals the canvas at its time, and the counters add up', async (t) => {
  for (const seed of sampled([1, 2, 3, 4, 5, 6], 2)) {
    const random = seededRandom(seed);
    const pick = (n: number): number => Math.floor(random() * n);
    const rig = new Rig({ minimumHoldMs: 200 });
    const drawn: Uint8Array[] = [];
    const bad = new Set<number>();
    const open: number[] = [];
    const lent: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const damage: number[][] = i === 0 ? [WHOLE] : [];
      for (let d = pick(4); d > 0; d -= 1) {
        const x = pick(W / 2 - 4) * 2;
        const y = pick(H / 2 - 4) * 2;
        damage.push([x, y, 2 + 2 * pick((W - x) / 2 - 1), 2 + 2 * pick((H - y) / 2 - 1)]);
      }
      for (const [x = 0, y = 0, w = 0, h = 0] of damage) paint(rig.canvas, x, y, w, h, pick(256));
      drawn.push(rig.canvas.slice());
      open.push(rig.submit(...damage));
      // Verdicts arrive in any order, some late, some as violations.
      for (let f = pick(4); f > 0 && open.length > 0; f -= 1) {
        const frame = open.splice(pick(Math.min(open.length, 4)), 1)[0]!;
        const roll = random();
        if (roll < 0.02) {
          const [x = 0, y = 0] = rig.scanner.job(frame)?.rects[0] ?? [];
          if (rig.scanner.finish(frame, OUTCOME.violation, [[x, y, 20, 20]])) bad.add(frame);
        } else rig.scanner.finish(frame, roll < 0.04 ? OUTCOME.failed : OUTCOME.clean);
      }
      if (rig.gate.ready()) {
        const r = rig.gate.release();
        if (r.outcome === 'released' && !same(r.picture, drawn[r.frame]!))
          t.fail(`seed ${seed}: frame ${r.frame} differs`);
        if (r.outcome === 'released' && bad.has(r.frame)) t.fail(`seed ${seed}: frame ${r.frame} was in violation`);
        rig.left.push({ frame: r.frame, outcome: r.outcome, cause: r.cause, picture: r.picture });
        lent.push(r.token);
        if (lent.length > 2) rig.gate.recycle(lent.shift()!);
      }
      const c = rig.gate.counters;
      if (c.released + c.replaced + c.inWindow !== c.rendered) t.fail('the counters do not add up');
    }
    rig.drain();
    const c = rig.gate.counters;
    t.equal(c.released + c.replaced, 300);
    t.equal(
      Object.values(c.byCause).reduce((a, b) => a + b),
      c.replaced,
    );
    t.equal(c.releasedUnjudged, 0);
    t.ok(c.released > 20 && c.replaced > 10, `seed ${seed}: ${c.released} released, ${c.replaced} replaced`);
  }
});

function paint(frame: Uint8Array, x: number, y: number, w: number, h: number, value: number): void {
  for (let row = y; row < y + h; row += 1) frame.fill(value, row * W + x, row * W + x + w);
  for (let row = y / 2; row < (y + h) / 2; row += 1) {
    for (const plane of [W * H, (W * H * 5) / 4]) {
      const at = plane + (row * W) / 2 + x / 2;
      frame.fill(value ^ 85, at, at + w / 2);
    }
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
