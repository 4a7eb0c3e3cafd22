import t from 'tap';
import { HangWatch, type ProcessActivity } from '../../../src/encoder/process/hang-watch.js';

/** Checks ten times a second, with one input per check; returns the times of the first suspicion and of the hang. */
function quiet(watch: HangWatch, fromMs: number, untilMs: number, inputs: (ms: number) => number) {
  let suspectMs = -1;
  for (let ms = fromMs; ms <= untilMs; ms += 100) {
    const { suspect, hung } = watch.look(inputs(ms), ms);
    if (suspect && suspectMs < 0) suspectMs = ms;
    if (hung !== undefined) return { suspectMs, hungMs: ms, how: hung.how };
  }
  return { suspectMs, hungMs: -1, how: '' };
}

t.test('allows an encoder silence according to its observed state', async (t) => {
  for (const [activity, suspectMs, hungMs] of [
    ['stopped', 1200, 1300],
    ['asleep', 1200, 1800],
    ['working', 2000, 3000],
  ] as const) {
    const watch = new HangWatch(18, (): ProcessActivity => activity);
    watch.begin();
    watch.look(30, 1000);
    watch.packetOut(30, 1000);
    const found = quiet(watch, 1100, 5000, (ms) => 30 + (ms - 1000) / 33);
    t.strictSame(found, { suspectMs, hungMs, how: activity });
  }
});

t.test('suspects nothing without input or in a late check', async (t) => {
  const watch = new HangWatch(18, () => 'stopped');
  watch.begin();
  watch.look(30, 1000);
  watch.packetOut(30, 1000);
  t.strictSame(
    quiet(watch, 1100, 9000, () => 32),
    { suspectMs: -1, hungMs: -1, how: '' },
  );
  t.strictSame(watch.look(500, 20_000), { suspect: false }, 'this thread was held up');
  const asleep = new HangWatch(18, () => 'asleep');
  asleep.begin();
  asleep.look(30, 1000);
  asleep.packetOut(30, 1000);
  t.strictSame(asleep.look(45, 1300), { suspect: false }, 'so were the packets in its queue');
  t.strictSame(asleep.look(48, 1400), { suspect: true });
  t.match(watch.look(500, 20_100), { suspect: true, hung: { how: 'stopped' } });
});

t.test("counts a preloaded process's ten seconds from its first input", async (t) => {
  const watch = new HangWatch(18, () => 'working');
  watch.begin();
  t.equal(quiet(watch, 100, 60_000, () => 0).hungMs, -1);
  const found = quiet(watch, 60_100, 90_000, (ms) => (ms - 60_000) / 33);
  t.strictSame(found, { suspectMs: -1, hungMs: 70_100, how: 'before its first packet' });
});
