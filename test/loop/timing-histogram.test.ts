import t from 'tap';
import { TimingHistogram } from '../../src/loop/loop-board.js';

t.test('gives quantiles right to a few per cent over five decades', async (t) => {
  const h = new TimingHistogram();
  for (let us = 1; us <= 100_000; us += 1) h.record(us);
  t.equal(h.count, 100_000);
  for (const q of [0.01, 0.5, 0.9, 0.99, 0.999]) {
    const want = (q * 100_000) / 1000;
    const got = h.quantileMs(q);
    t.ok(Math.abs(got - want) / want < 0.07, `${q}: ${got} for ${want}`);
  }
  t.equal(h.maxMs, 100);
});

t.test('answers zero when empty and clamps absurd values', async (t) => {
  const h = new TimingHistogram();
  t.equal(h.quantileMs(0.5), 0);
  h.record(-5);
  h.record(1e12);
  t.equal(h.count, 2);
  t.ok(h.quantileMs(1) > 0);
});

t.test('shares counts between two views of one buffer', async (t) => {
  const buffer = new SharedArrayBuffer(4096);
  const writer = new TimingHistogram(buffer);
  const reader = new TimingHistogram(buffer);
  writer.record(2000);
  t.equal(reader.count, 1);
  t.ok(Math.abs(reader.quantileMs(0.5) - 2) < 0.15);
});
