import t from 'tap';
import { DeliveryQueue } from '../../src/core/delivery-queue.js';
import { until } from '../encoder/synthetic-room.js';

t.test('keeps order, retries, and counts dropped items', async (t) => {
  const got: [number, number][] = [];
  const faults: string[] = [];
  let failures = 2;
  const queue = new DeliveryQueue<number>({
    send: async (item, dropped) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      failures -= 1;
      if (failures >= 0) return 'away';
      got.push([item, dropped]);
      return '';
    },
    onFailure: (fault) => faults.push(fault),
    waitsMs: [1, 1],
  });
  for (let i = 1; i <= 130; i += 1) queue.push(i);
  t.ok(await until(() => got.at(-1)?.[0] === 130, 5000));
  t.same(got.slice(0, 3), [
    [1, 0],
    [31, 29],
    [32, 0],
  ]);
  t.same(faults, []);
  await queue.close();
  queue.push(131);
  t.equal(got.length, 101, 'nothing after the end');
});

t.test('gives up after the last wait, reports it once, and continues with the next item', async (t) => {
  const got: number[] = [];
  const faults: string[] = [];
  const queue = new DeliveryQueue<number>({
    send: async (item) => {
      got.push(item);
      return item === 1 ? 'status 500' : '';
    },
    onFailure: (fault) => faults.push(fault),
    waitsMs: [1, 1, 1],
  });
  queue.push(1);
  queue.push(2);
  t.ok(await until(() => got.includes(2), 2000));
  t.same(got, [1, 1, 1, 1, 2]);
  t.same(faults, ['status 500']);
  await queue.close();
});

t.test('does not wait at close for a receiver that never answers', async (t) => {
  const queue = new DeliveryQueue<number>({
    send: (_item, _dropped, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true })),
    onFailure: () => t.fail('no failure is reported after close'),
    waitsMs: [],
    goodbyeMs: 20,
  });
  queue.push(1);
  const beganMs = performance.now();
  await Promise.all([queue.close(), queue.close()]);
  t.ok(performance.now() - beganMs < 1000);
});
