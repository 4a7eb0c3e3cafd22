import t from 'tap';
import { RuleActions } from '../../../src/moderation/packs/rule-table.js';
import { silentLog } from '../../../src/core/log.js';
import { i420Size } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import type { FrameHit, LedgerEntry } from '../../../src/core/verdict.js';
import { Debounce, PictureSampler, type WordsWatchOptions } from '../../../src/room/watches/picture-sampler.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const CONTACT: FrameHit = { rule: '3.2', kind: 'phone', text: '138', box: { x: 2, y: 2, width: 20, height: 8 } };

function rig(t: { teardown(f: () => unknown): void }, more: Partial<WordsWatchOptions> = {}) {
  const notes: LedgerEntry[] = [];
  const seen: { rgba: Uint8Array }[] = [];
  const state = {
    holds: 0,
    stops: [] as string[],
    kept: 0,
    hits: [] as FrameHit[],
    verdict: 'clean' as 'clean' | 'violation' | 'review',
  };
  const watch = new PictureSampler({
    width: 64,
    height: 32,
    enabled: () => true,
    everySeconds: 0,
    kernels: loadKernels(),
    canvas: async () => new Uint8Array(i420Size(64, 32)).fill(235, 0, 64 * 32).fill(128, 64 * 32),
    ownTexts: () => [{ x: 30, y: 10, width: 10, height: 4 }],
    read: async (picture) => {
      seen.push(picture);
      return { verdict: state.verdict, hits: state.hits, lines: [] };
    },
    actions: new RuleActions({}),
    evidence: { picture: () => void (state.kept += 1) },
    note: (entry) => notes.push(entry),
    onHold: () => void (state.holds += 1),
    onStop: (rule) => state.stops.push(rule),
    frame: () => frameIndex(7),
    log: silentLog,
    ...more,
  });
  t.teardown(() => watch.close());
  return { watch, notes, seen, state };
}

t.test('shows the slate for words that break a rule until a reading is clean', async (t) => {
  const { watch, notes, state } = rig(t);
  await watch.sample();
  t.equal(watch.holding, false);
  state.hits = [CONTACT];
  state.verdict = 'violation';
  await watch.sample();
  await watch.sample();
  t.equal(watch.holding, true);
  t.same([state.holds, state.kept], [1, 1], 'logged and kept once');
  t.match(notes, [{ rule: '3.2', surface: 'frame', action: 'blank', frame: 7, evidence: '138' }]);
  state.hits = [];
  state.verdict = 'clean';
  await watch.sample();
  t.equal(watch.holding, false);
  t.equal(state.holds, 2);
  t.match(notes.at(-1), { action: 'resume' });
});

t.test('paints over the engine’s own texts before reading', async (t) => {
  const { watch, seen } = rig(t);
  await watch.sample();
  const at = (x: number, y: number): number => seen[0]!.rgba[(y * 64 + x) * 4]!;
  t.equal(at(32, 12), 128);
  t.equal(at(25, 5), 128, 'with a margin');
  t.ok(at(5, 5) > 250, 'the rest is unchanged');
});

t.test('leaves a doubtful reading to a person; ignores a failed one', async (t) => {
  const { watch, notes, state } = rig(t);
  state.hits = [CONTACT];
  state.verdict = 'review';
  await watch.sample();
  t.match(notes, [{ action: 'review' }]);
  state.hits = [{ rule: '3.2', kind: 'unread-text', text: 'died' }];
  await watch.sample();
  t.equal(watch.holding, false);
  t.equal(notes.length, 1);
  const failing = rig(t, { canvas: () => Promise.reject(new Error('gone')) });
  await failing.watch.sample();
  t.equal(failing.watch.holding, false);
});

t.test('applies the room’s action: a warning shows, a stop ends the room', async (t) => {
  const warned = rig(t, { actions: { action: () => 'warn' } });
  warned.state.hits = [CONTACT];
  warned.state.verdict = 'violation';
  await warned.watch.sample();
  t.equal(warned.watch.holding, false);
  const stopped = rig(t, { actions: { action: () => 'stop' } });
  stopped.state.hits = [CONTACT];
  stopped.state.verdict = 'violation';
  await stopped.watch.sample();
  t.same(stopped.state.stops, ['3.2']);
  t.equal(stopped.watch.holding, true);
});

/** A clock that the test advances. */
function madeUpClock() {
  let nowMs = 0;
  let waiting: { atMs: number; due: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs: number, due: () => void): () => void {
      const one = { atMs: nowMs + delayMs, due };
      waiting.push(one);
      return () => void (waiting = waiting.filter((w) => w !== one));
    },
    async goTo(ms: number): Promise<void> {
      while (true) {
        const [first] = waiting.filter((w) => w.atMs <= ms).sort((a, b) => a.atMs - b.atMs);
        if (first === undefined) break;
        nowMs = first.atMs;
        waiting = waiting.filter((w) => w !== first);
        first.due();
        // Callbacks it started run before the clock goes on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      nowMs = ms;
    },
  };
}

t.test('reads the picture although layers change all the time', async (t) => {
  const clock = madeUpClock();
  const { watch, seen, state } = rig(t, { everySeconds: 5, clock });
  for (let ms = 0; ms < 40_000; ms += 900) {
    await clock.goTo(ms);
    watch.changed();
  }
  t.ok(seen.length >= 7, `read ${seen.length} times in 40 s`);
  state.hits = [CONTACT];
  state.verdict = 'violation';
  await clock.goTo(46_000);
  t.equal(watch.holding, true);
  state.hits = [];
  state.verdict = 'clean';
  for (let ms = 46_000; ms < 52_000; ms += 900) {
    await clock.goTo(ms);
    watch.changed();
  }
  t.equal(watch.holding, false, 'the slate ends as well');
});

t.test('reads soon after the first of many changes, without an interval', async (t) => {
  const clock = madeUpClock();
  const { watch, seen } = rig(t, { clock });
  await clock.goTo(60_000);
  t.equal(seen.length, 0);
  for (let ms = 60_000; ms < 62_000; ms += 500) {
    await clock.goTo(ms);
    watch.changed();
  }
  t.equal(seen.length, 1, 'within 1.5 s');
  await clock.goTo(80_000);
  t.equal(seen.length, 2, 'and again after the last of them');
});

t.test('brings a reading forward, never postpones it, and cancels it on close', async (t) => {
  const clock = madeUpClock();
  let looks = 0;
  const next = new Debounce(() => (looks += 1), clock);
  next.within(5000);
  next.within(1000);
  next.within(3000);
  await clock.goTo(1000);
  t.equal(looks, 1);
  await clock.goTo(10_000);
  t.equal(looks, 1, 'one reading');
  next.within(100);
  next.close();
  next.within(100);
  await clock.goTo(20_000);
  t.equal(looks, 1);
});

t.test(
  'skips a reading after changes where equal layers were read clean; never one at an interval or under a slate',
  async (t) => {
    const kept: unknown[] = [];
    const earlier = { isClean: () => true, begin: () => (reading: unknown) => void kept.push(reading) };
    const once = rig(t, { earlier });
    await once.watch.sample();
    t.equal(once.seen.length, 0);
    const regular = rig(t, { earlier, everySeconds: 60 });
    await regular.watch.sample();
    t.equal(regular.seen.length, 1);
    t.match(kept, [{ hits: [], lines: [] }], 'and keeps what it read');
    const state = { clean: false };
    const held = rig(t, { earlier: { ...earlier, isClean: () => state.clean } });
    held.state.hits = [CONTACT];
    held.state.verdict = 'violation';
    await held.watch.sample();
    state.clean = true;
    await held.watch.sample();
    t.equal(held.seen.length, 2);
    t.equal(held.watch.holding, true);
  },
);
