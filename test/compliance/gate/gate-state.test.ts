import t, { type Test } from 'tap';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { FrameRecords, SCAN } from '../../../src/compliance/gate/buffers/frame-records.js';
import { SoundRing } from '../../../src/compliance/gate/buffers/sound-ring.js';
import { FrameStore } from '../../../src/compliance/gate/delayed-gate.js';
import { MuteRamp } from '../../../src/compliance/gate/gate-commands.js';
import { CodePlaces, JUDGED, type OnCode, Replacement } from '../../../src/compliance/gate/replacement.js';
import { RectList } from '../../../src/core/media/picture.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { sampled } from '../../kit/whole.js';
import { H, K as GATE_K, Rig, W, WHOLE } from './gate-rig.js';
import { K, OrderRig, shadeOf } from './order-rig.js';

t.test('canvas copy', async (t) => {
  t.test('copies only changed tiles', async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 60; i += 1) rig.clean(i === 0 ? WHOLE : []);
    const before = rig.gate.counters.copiedBytes;
    for (let i = 0; i < 10; i += 1) rig.clean([0, 0, 32, 32]);
    t.ok(rig.gate.counters.copiedBytes - before <= 10 * 32 * 32 * 1.5);
  });
});

t.test('frame records', async (t) => {
  function open(records: FrameRecords, sequence: number, ...[x = 0, y = 0, w = 0, h = 0]: number[]): void {
    const damage = new RectList(1);
    if (w > 0) damage.push(x, y, w, h);
    records.begin(sequence, frameIndex(sequence + 100), damage);
  }

  t.test('a record reused a ring later holds nothing of the earlier frame', async (t) => {
    const records = new FrameRecords(4, new TileGrid(320, 192));
    open(records, 1, 0, 0, 32, 32);
    records.place(1, 3, SCAN.posted);
    records.verdicts[records.slot(1)] = 1;
    records.suspicious[records.tilesAt(1)] = 1;
    open(records, 5, 64, 64, 32, 32);
    t.equal(records.frame(5), 105);
    t.equal(records.buffer(5), -1);
    t.equal(records.scans[records.slot(5)], SCAN.none);
    t.equal(records.verdicts[records.slot(5)], 0);
    t.equal(records.suspicious[records.tilesAt(5)], 0);
    t.notOk(records.touches(5, 0, 0, 32, 32));
    t.ok(records.touches(5, 70, 70, 2, 2));
  });

  t.test('touchedSince covers the frames after the one being judged, up to the newest', async (t) => {
    const records = new FrameRecords(8, new TileGrid(320, 192));
    open(records, 0, 0, 0, 32, 32);
    open(records, 1, 128, 0, 32, 32);
    open(records, 2, 256, 0, 32, 32);
    t.notOk(records.touchedSince(0, 0, 32, 32), 'its own damage is part of its scan');
    t.ok(records.touchedSince(128, 0, 32, 32));
    t.ok(records.touchedSince(256, 0, 32, 32));
    records.judgedTo = 1;
    t.notOk(records.touchedSince(128, 0, 32, 32));
    t.ok(records.touchedSince(256, 0, 32, 32));
  });
});

t.test('frame store', async (t) => {
  const kernels = loadKernels();

  t.test('returns frames unchanged and in order', async (t) => {
    for (const size of [96, 102, 6144, 12_301]) {
      const random = seededRandom(size);
      const store = new FrameStore(size, 40, kernels);
      const waiting: Uint8Array[] = [];
      const frame = new Uint8Array(size);
      const out = new Uint8Array(size);
      for (let i = 0; i < 400; i += 1) {
        const kind = random();
        if (kind < 0.2) for (let k = 0; k < size; k += 1) frame[k] = random() * 256;
        else if (kind < 0.8) for (let k = 0; k < 5; k += 1) frame[Math.floor(random() * size)] = random() * 256;
        store.push(frame);
        waiting.push(frame.slice());
        if (waiting.length < 40 && random() < 0.4) continue;
        const skipped = random() < 0.1;
        store.shift(skipped ? undefined : out);
        const expected = waiting.shift()!;
        if (!skipped && Buffer.compare(out, expected) !== 0) return t.fail(`frame ${i} of ${size} bytes differs`);
      }
      t.equal(store.count, waiting.length);
    }
  });

  t.test('stores nothing for unchanged frames and frees memory with the need', async (t) => {
    const size = 1_000_000;
    const store = new FrameStore(size, 64, kernels);
    const frame = new Uint8Array(size).fill(9);
    store.push(frame);
    const first = store.bytes;
    for (let i = 0; i < 20; i += 1) store.push(frame);
    t.equal(store.bytes, first);
    t.ok(store.heldBytes <= 4_200_000, `${store.heldBytes} bytes`);
    const random = seededRandom(5);
    for (let i = 0; i < 30; i += 1) {
      for (let k = 0; k < size; k += 1) frame[k] = random() * 256;
      store.push(frame);
    }
    t.ok(store.heldBytes > 30_000_000 && store.heldBytes < 45_000_000, `${store.heldBytes} bytes of noise`);
    while (store.count > 0) store.shift(undefined);
    t.equal(store.bytes, 0);
    t.ok(store.heldBytes <= 8_400_000, `${store.heldBytes} bytes after it`);
    t.throws(() => store.shift(undefined), RangeError);
  });

  t.test('refuses more frames than its capacity', async (t) => {
    const store = new FrameStore(96, 2, kernels);
    store.push(new Uint8Array(96));
    store.push(new Uint8Array(96));
    t.throws(() => store.push(new Uint8Array(96)), RangeError);
  });
});

t.test('sound ring', async (t) => {
  t.test('keeps each frame’s sound and length until the ring wraps', async (t) => {
    const ring = new SoundRing(3, 4);
    const pcm = new Float32Array(8);
    for (let n = 0; n < 20; n += 1) {
      const samples = 3 + (n % 2);
      ring.put(n, pcm.fill(n), samples, undefined);
      for (let s = Math.max(0, n - 2); s <= n; s += 1) {
        const own = ring.audio(s).subarray(0, ring.samples(s) * 2);
        t.strictSame(
          [...own],
          Array.from({ length: (3 + (s % 2)) * 2 }, () => s),
        );
      }
    }
  });
});

t.test('code places', async (t) => {
  type Rect = readonly [x: number, y: number, width: number, height: number];

  const rects = (...all: Rect[]): RectList => {
    const list = new RectList();
    for (const r of all) list.push(...r);
    return list;
  };
  const placesOf = (places: CodePlaces, slot: number): number[][] | undefined => {
    const out = new RectList();
    if (!places.addTo(slot, out)) return undefined;
    return Array.from({ length: out.count }, (_, i) => [...out.items.subarray(i * 4, i * 4 + 4)]);
  };

  t.test('returns a frame’s codes, and none for a frame with an unjudged part', async (t) => {
    const places = new CodePlaces(4);
    places.put(1, rects([10, 10, 40, 40], [100, 20, 30, 30]));
    places.unknown(2);
    t.same(placesOf(places, 0), []);
    t.same(placesOf(places, 1), [
      [10, 10, 40, 40],
      [100, 20, 30, 30],
    ]);
    t.equal(placesOf(places, 2), undefined);
  });

  t.test('merges the codes after the seventh into one rectangle', async (t) => {
    const places = new CodePlaces(1);
    places.put(0, rects(...Array.from({ length: 10 }, (_, i): Rect => [i * 50, 0, 20, 20])));
    const found = placesOf(places, 0)!;
    t.equal(found.length, 8);
    t.same(found[7], [350, 0, 120, 20]);
  });

  t.test('a trail follows a moving code until a frame in which it was not read', async (t) => {
    const places = new CodePlaces(8);
    for (let n = 0; n < 4; n += 1) places.put(n, rects([n * 15, 0, 40, 40]));
    places.put(4, rects([300, 0, 40, 40]));
    places.unknown(5);
    places.begin(rects([60, 0, 40, 40]));
    t.ok([3, 2, 1, 0].every((slot) => places.follow(slot)));
    places.begin(rects([60, 0, 40, 40]));
    t.notOk(places.follow(0), 'the first rectangle does not overlap the last one');
    t.notOk(places.follow(4), 'another code elsewhere is not the same');
    t.notOk(places.follow(5), 'nobody knows');
  });
});

t.test('counters', async (t) => {
  const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);

  /** Counts each value, `none` for undefined. */
  function tally(values: readonly (string | undefined)[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value ?? 'none'] = (counts[value ?? 'none'] ?? 0) + 1;
    return counts;
  }

  const withoutZeros = (values: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(values).filter(([, n]) => n > 0));

  /** Compares the counters with the released frames. */
  function compare(t: Test, rig: OrderRig): void {
    const { rendered, released, replaced, inWindow, byCause, sound } = rig.gate.counters;
    const { left } = rig;
    t.equal(rendered, rig.n);
    t.equal(inWindow, rig.n - left.length);
    t.equal(rendered, released + replaced + inWindow);
    t.strictSame(withoutZeros({ none: released, ...byCause }), tally(left.map((l) => l.cause)));
    t.equal(sum(byCause), replaced);
    t.equal(sound.rendered, rig.n);
    t.equal(sound.inWindow, rig.n - left.length);
    t.equal(sound.rendered, sound.released + sound.muted + sound.inWindow);
    t.strictSame(withoutZeros({ none: sound.released, ...sound.byCause }), tally(left.map((l) => l.muted)));
    t.equal(sum(sound.byCause), sound.muted);
  }

  for (const windowFrames of [0, 60]) {
    const depth = Math.max(K, windowFrames);
    t.test(`counters of frames and sound add up in every situation, in a window of ${depth}`, async (t) => {
      const rig = new OrderRig(windowFrames);
      const run = (frames: number, code = false, sound: number = SOUND.clean): void => {
        rig.tick(frames, code, sound);
        compare(t, rig);
      };
      run(depth + 20);
      run(4, false, SOUND.violation);
      run(1, true);
      run(2, false, SOUND.unjudged);
      run(depth + 60);
      rig.gate.setMute(true);
      run(10);
      rig.gate.setBlank(true);
      run(5);
      rig.gate.setMute(false);
      rig.gate.setBlank(false);
      run(10);
      rig.gate.dump();
      run(depth + 10);
      rig.gate.setRisk(true);
      run(7);
      rig.gate.setRisk(false);
      run(10);
      const { byCause, sound, releasedUnjudged } = rig.gate.counters;
      t.equal(byCause.dumped, depth);
      t.equal(byCause.operator, 5);
      t.equal(byCause.risk, 7);
      t.ok(byCause.violation > 0 && byCause['hold-time'] > 0);
      t.equal(sound.byCause.violation, 4);
      t.equal(sound.byCause.unjudged, 2);
      t.equal(sound.byCause.operator, 15 + 3, 'including the ramp of three frames back to full level');
      t.equal(sound.byCause.risk, 7 + 3);
      t.equal(sound.byCause.dumped, depth + 3);
      // The show ends: frames leave in order, and none remains.
      rig.drain();
      compare(t, rig);
      t.equal(rig.gate.counters.inWindow, 0);
      t.equal(sound.inWindow, 0);
      t.equal(releasedUnjudged, 0);
    });

    t.test(`releases unjudged sound as silence, in a window of ${depth}`, async (t) => {
      const rig = new OrderRig(windowFrames);
      rig.tick(10);
      rig.tick(3, false, SOUND.unjudged);
      rig.tick(1, false, 7);
      rig.tick(10);
      rig.drain();
      t.strictSame(
        rig.left.map((l) => l.peak),
        [...full(10), 0, 0, 0, 0, ...full(10)],
      );
      t.ok(rig.left.every((l) => (l.muted === 'unjudged') === (l.peak === 0)));
    });
  }

  const full = (n: number): number[] => Array.from({ length: n }, () => 0.5);

  t.test('counts a picture released against its verdict, whatever the gate intended', async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const { judge } = rig.gate as unknown as { judge: { verdict: (sequence: number) => number } };
    judge.verdict = () => JUDGED.clean;
    const bad = rig.submit([100, 100, 60, 60]);
    rig.scanner.finish(bad, OUTCOME.violation, [[100, 100, 60, 60]]);
    rig.scanner.finishAll();
    rig.release();
    for (let i = 0; i < K; i += 1) rig.clean();
    t.equal(rig.left.find((l) => l.frame === bad)?.outcome, 'released', 'the gate was made to let it through');
    t.ok(rig.gate.counters.releasedUnjudged > 0);
  });

  t.test('counts a repeated picture that is not the clean one', async (t) => {
    const rig = new Rig({ onCode: 'hold' });
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    t.equal(rig.gate.counters.releasedUnjudged, 0);
    const { pool } = rig.gate as unknown as { pool: { take: (sequence: number) => number; clean: number } };
    const bad = rig.submit([100, 100, 60, 60]);
    rig.scanner.finish(bad, OUTCOME.violation, [[100, 100, 60, 60]]);
    // Overwrites the picture that is kept for repetition.
    (pool as unknown as { filledAt: Float64Array }).filledAt[pool.clean] = bad;
    rig.scanner.finishAll();
    rig.release();
    for (let i = 0; i < K; i += 1) rig.clean();
    t.ok(rig.gate.counters.releasedUnjudged > 0);
  });

  t.test('counts a picture of another frame released in place of a clean one', async (t) => {
    const rig = new Rig();
    const rects = new RectList(1);
    rects.push(0, 0, 320, 192);
    for (let i = 0; i < K + 1; i += 1) {
      rig.gate.submit(frameIndex(i), rig.canvas, rects, rig.silence, 1600, SOUND.clean);
      rig.scanner.finishAll();
    }
    const { judge } = rig.gate as unknown as { judge: { records: { buffer: (sequence: number) => number } } };
    const { records } = judge;
    const buffer = records.buffer.bind(records);
    records.buffer = (sequence) => buffer(sequence + 1);
    rig.gate.recycle(rig.gate.release().token);
    t.equal(rig.gate.counters.releasedUnjudged, 1);
  });
});

t.test('delayed gate', async (t) => {
  t.test('a deep window ends the slate although a code is still far behind', async (t) => {
    const rig = new OrderRig(120);
    rig.tick(30);
    rig.tick(1, true);
    rig.tick(89);
    rig.tick(1, true);
    rig.tick(200);
    rig.drain();
    const released = rig.left.filter((l) => l.frame > 31 && l.frame < 110 && l.cause === undefined).length;
    t.ok(released > 35, `${released} frames between the two codes left as drawn`);
    t.equal(rig.left[30]!.cause, 'violation');
    t.equal(rig.left[120]!.cause, 'violation');
  });

  t.test('shows the slate while the encoder holds all pictures, and overwrites none', async (t) => {
    const rig = new OrderRig(20);
    rig.keepsTokens = true;
    rig.tick(40);
    const held = rig.left.filter((l) => l.shade !== 7);
    t.equal(held.length, 3, 'the encoder’s maximum, plus one');
    t.ok(rig.left.slice(3).every((l) => l.cause === 'unjudged' && l.shade === 7));
    t.same(
      rig.pictures.map((p) => p[0]),
      [shadeOf(0), shadeOf(1), shadeOf(2)],
      'handed-out pictures are unchanged',
    );
  });
});

t.test('gate', async (t) => {
  t.test('releases a frame exactly k frames after it was drawn, and in order', async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 40; i += 1) {
      rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
      t.equal(rig.left.length, Math.max(0, i + 1 - GATE_K));
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
    t.strictSame([...new Set(rig.outcomes(0, bad - GATE_K - 1))], ['released'], 'earlier releases are unchanged');
    t.strictSame(
      [...new Set(rig.outcomes(bad - GATE_K + 1, bad))],
      ['violation'],
      'the window before it is replaced too',
    );
    t.strictSame([...new Set(rig.outcomes(bad + 1, bad + 20))], ['hold-time']);
    const back = rig.left.find((r) => r.frame > bad && r.outcome === 'released')!;
    t.ok(back.frame >= bad - GATE_K + 30 && back.frame < bad + 35, `back at ${back.frame - bad} frames after`);
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
});

t.test('judge', async (t) => {
  t.test(
    'replaces a frame without a verdict by the last clean one, and a late verdict serves later frames',
    async (t) => {
      const rig = new Rig();
      for (let i = 0; i < 22; i += 1) {
        rig.canvas.fill(60 + i, 0, 1000);
        rig.clean(i === 0 ? WHOLE : [0, 0, 320, 32]);
      }
      rig.canvas.fill(200, 0, 1000);
      const late = rig.submit([0, 0, 320, 32]);
      rig.release();
      for (let i = 0; i < GATE_K; i += 1) {
        rig.submit([0, 0, 320, 32]);
        for (let f = late + 1; f < rig.n; f += 1) rig.scanner.finish(f);
        rig.release();
      }
      t.strictSame(rig.outcomes(late, late), ['unjudged']);
      t.strictSame(
        rig.outcomes(late - 5, late - 1),
        ['released', 'unjudged', 'unjudged', 'unjudged', 'unjudged'],
        'nor are the four before released, whose slice was due in the late scan',
      );
      t.equal(rig.left.at(-1)!.picture[0], 60 + 17, 'the last clean picture is repeated');
      rig.scanner.finish(late);
      for (let i = 0; i < GATE_K + 1; i += 1) rig.clean([0, 0, 320, 32]);
      t.strictSame([...new Set(rig.outcomes(late + 1, rig.n))], ['released'], 'one late scan costs one frame');
      t.equal(rig.gate.counters.scanLate, 1);
      t.equal(rig.gate.counters.releasedUnjudged, 0);
    },
  );
});

t.test('look back', async (t) => {
  t.test('a fade-in condemns earlier frames that looked like a code together with the readable one', async (t) => {
    const rig = new Rig({ lookAheadFrames: 30 });
    for (let i = 0; i < 40; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const first = rig.n;
    for (let i = 0; i < 20; i += 1) {
      const n = rig.submit([100, 100, 60, 60]);
      rig.scanner.finish(n, OUTCOME.clean, [], [[100, 100, 60, 60]]);
      rig.release();
    }
    const read = rig.submit([100, 100, 60, 60]);
    rig.scanner.finish(read, OUTCOME.violation, [[100, 100, 60, 60]]);
    rig.release();
    for (let i = 0; i < 40; i += 1) rig.clean([100, 100, 60, 60]);
    t.strictSame([...new Set(rig.outcomes(first, read))], ['violation']);
    t.equal(rig.outcomes(first - 1, first - 1)[0], 'released');
  });
});

t.test('mute ramp', async (t) => {
  const BLOCK = 1600;
  const sine = (block: number): Float32Array =>
    Float32Array.from(
      { length: BLOCK * 2 },
      (_, i) => 0.8 * Math.sin((2 * Math.PI * 440 * (block * BLOCK + (i >> 1))) / 48_000),
    );

  /** Maximum second difference of the left channel: a click is a corner in the wave. */
  function sharpest(blocks: readonly Float32Array[]): number {
    const left = blocks.flatMap((b) => Array.from({ length: BLOCK }, (_, i) => b[2 * i]!));
    let most = 0;
    for (let i = 2; i < left.length; i += 1)
      most = Math.max(most, Math.abs(left[i]! - 2 * left[i - 1]! + left[i - 2]!));
    return most;
  }

  t.test('mute and unmute take exactly three frames without a click', async (t) => {
    const ramp = new MuteRamp(3 * BLOCK);
    const blocks = Array.from({ length: 20 }, (_, i) => {
      if (i === 4) ramp.set(true);
      if (i === 12) ramp.set(false);
      const block = sine(i);
      ramp.apply(block, BLOCK);
      return block;
    });
    const untouched = sharpest(Array.from({ length: 20 }, (_, i) => sine(i)));
    t.ok(sharpest(blocks) < untouched * 1.05, `${sharpest(blocks)} against ${untouched}`);
    t.strictSame(blocks[3], sine(3), 'every sample before it is unchanged');
    t.ok(blocks[7]!.every((v) => v === 0) && blocks[11]!.every((v) => v === 0), 'silent from the fourth block on');
    t.notOk(blocks[6]!.slice(0, BLOCK).every((v) => v === 0));
    t.strictSame(blocks[15], sine(15), 'and at full level three blocks after its end');
  });

  t.test('a mute cancelled half way turns round from there', async (t) => {
    const ramp = new MuteRamp(3 * BLOCK);
    const blocks = Array.from({ length: 8 }, (_, i) => {
      ramp.set(i === 1);
      const block = sine(i);
      ramp.apply(block, BLOCK);
      return block;
    });
    t.ok(sharpest(blocks) < sharpest([sine(0), sine(1)]) * 1.05);
    t.strictSame(blocks[7], sine(7));
    t.notOk(ramp.active);
  });
});

t.test('replacement', async (t) => {
  const HOLD = 30;
  const QUIET = 8;
  const MAX_HELD = 30;

  function replacement(onCode: OnCode): Replacement {
    return new Replacement(onCode, HOLD, QUIET, MAX_HELD);
  }

  /** `frames` frames with a code; `proven` decides for each whether it can be shown obscured in time. */
  function run(one: Replacement, frames: number, proven: (frame: number) => boolean): string[] {
    const shown: string[] = [];
    for (let i = 0; i < frames; i += 1) {
      one.step(JUDGED.violation, undefined, true, true, proven(i));
      shown.push(one.shown);
    }
    return shown;
  }

  t.test('shows the slate when a proof is late for longer than a picture may be held', async (t) => {
    const shown = run(replacement('blur'), MAX_HELD + 5, () => false);
    t.strictSame(new Set(shown.slice(0, MAX_HELD)), new Set(['last-clean']));
    t.strictSame(new Set(shown.slice(MAX_HELD)), new Set(['slate']));
  });

  t.test('shows the picture again once proofs are in time, although the code remains', async (t) => {
    const lateUntil = MAX_HELD + 5;
    const shown = run(replacement('blur'), 200, (frame) => frame >= lateUntil);
    const back = shown.indexOf('obscured');
    t.equal(back, MAX_HELD + HOLD, 'after the minimum time of a slate');
    t.strictSame(new Set(shown.slice(back)), new Set(['obscured']), 'and it stays');
  });

  t.test('intermittent proofs do not make the slate flicker', async (t) => {
    const shown = run(replacement('pixelate'), 300, (frame) => frame > MAX_HELD && frame % QUIET !== 0);
    t.strictSame(new Set(shown.slice(MAX_HELD)), new Set(['slate']));
  });

  t.test('a slate chosen for codes stays as long as the code', async (t) => {
    for (const onCode of ['slate', 'hold'] as const) {
      const shown = run(replacement(onCode), 200, () => true);
      t.equal(shown.at(-1), 'slate', onCode);
      t.notOk(shown.includes('obscured'), onCode);
    }
  });

  t.test('holds the last judged picture while a machine is busy, and the slate is the last step', async (t) => {
    const one = new Replacement('slate', HOLD, QUIET, MAX_HELD, 300);
    const shown: string[] = [];
    for (let i = 0; i < 310; i += 1) {
      one.step(JUDGED.unjudged, undefined, false, true);
      shown.push(one.shown);
    }
    t.strictSame(new Set(shown.slice(0, 300)), new Set(['last-clean']));
    t.strictSame(new Set(shown.slice(300)), new Set(['slate']));
  });

  t.test(
    'leaves the slate of a busy machine once most frames are judged, and that of a code when all are',
    async (t) => {
      const back = (first: number): number => {
        const one = new Replacement('slate', HOLD, QUIET, MAX_HELD, MAX_HELD);
        for (let i = 0; i < MAX_HELD + 1; i += 1) one.step(first, undefined, false, true);
        for (let i = 0; i < 300; i += 1) {
          one.step(i % 4 === 0 ? JUDGED.unjudged : JUDGED.clean, undefined, false, true);
          if (one.shown === 'own') return i;
        }
        return Infinity;
      };
      t.ok(back(JUDGED.unjudged) < HOLD + 2 * QUIET);
      t.equal(back(JUDGED.violation), Infinity);
    },
  );
});
