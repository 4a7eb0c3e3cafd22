import t from 'tap';
import { BitrateAdapter, type OutputLoad } from '../../src/encoder/adapt-bitrate.js';

const load = (id: string, queueMs: number, packetsDropped = 0, connected = true): OutputLoad => ({
  id,
  connected,
  queueMs,
  packetsDropped,
});

/** Samples once a second from `fromS` on; returns the changes as [second, kbps]. */
function run(adapter: BitrateAdapter, fromS: number, seconds: number, outputs: (s: number) => OutputLoad[]) {
  const changes: [number, number][] = [];
  for (let s = fromS; s < fromS + seconds; s += 1) {
    const kbps = adapter.look(s * 1000, outputs(s));
    if (kbps !== undefined) changes.push([s, kbps]);
  }
  return changes;
}

t.test('lowers the rate step by step to the minimum under lasting congestion', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  t.same(
    run(adapter, 0, 60, () => [load('a', 3000)]),
    [
      [5, 1750],
      [15, 1230],
      [25, 1000],
    ],
  );
});

t.test('ignores a hiccup of five seconds and short queues', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  t.same(
    run(adapter, 0, 300, (s) => [load('a', s % 30 < 5 ? 3000 : 100)]),
    [],
  );
});

t.test('counts dropped packets as congestion even when the queue is short again', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  const changes = run(adapter, 0, 12, (s) => [load('a', 100, s * 30)]);
  t.same(changes, [[6, 1750]]);
});

t.test('ignores one congested output of three and reacts to two of three', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  const three = (bad: number): OutputLoad[] => [0, 1, 2].map((i) => load(`o${i}`, i < bad ? 4000 : 50));
  t.same(
    run(adapter, 0, 120, () => three(1)),
    [],
  );
  t.equal(run(adapter, 120, 9, () => three(2)).length, 1);
});

t.test('counts a peer whose estimate is below the rate as congested, whatever its queue', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  t.same(
    run(adapter, 0, 30, () => [{ ...load('a', 0), estimateKbps: 1600 }]),
    [[5, 1750]],
    'down to what it can take, and no further',
  );
  const calm = new BitrateAdapter(2500, 1000);
  t.same(
    run(calm, 0, 60, () => [{ ...load('a', 0), estimateKbps: 2200 }]),
    [],
    'an estimate near the rate is one',
  );
});

t.test('ignores outputs that are not connected', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  t.same(
    run(adapter, 0, 100, (s) => [load('down', 9000, s * 100, false), load('up', 20)]),
    [],
  );
  t.same(
    run(adapter, 100, 100, (s) => [load('down', 9000, s * 100, false)]),
    [],
  );
});

t.test('returns to exactly the wanted rate after calm, one step a minute', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  run(adapter, 0, 26, () => [load('a', 3000)]);
  t.equal(adapter.current, 1000);
  const changes = run(adapter, 26, 400, () => [load('a', 50)]);
  t.same(
    changes.map(([, kbps]) => kbps),
    [1250, 1560, 1950, 2440, 2500],
  );
  t.ok(changes.every(([s], i) => i === 0 || s - changes[i - 1]![0] >= 60));
});

t.test('does not retry a link of 1.6 Mbit/s every minute for a day', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  let dropped = 0;
  const changes = run(adapter, 0, 86_400, () => {
    if (adapter.current > 1600) dropped += 10;
    return [load('a', adapter.current > 1600 ? 2000 : 60, dropped)];
  });
  t.ok(changes.length < 220, `${changes.length} changes in a day`);
  t.ok(adapter.current <= 1950);
});

t.test('applies another wanted rate at once', async (t) => {
  const adapter = new BitrateAdapter(2500, 1000);
  run(adapter, 0, 20, () => [load('a', 3000)]);
  adapter.want(1200, 1200);
  t.equal(adapter.current, 1200);
  t.same(
    run(adapter, 20, 60, () => [load('a', 3000)]),
    [],
    'with the least as high as the wish it stays',
  );
});
