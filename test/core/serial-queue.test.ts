import t from 'tap';
import { RateLimited } from '../../src/core/rate-limited.js';
import { SerialQueue } from '../../src/core/serial-queue.js';

t.test('runs tasks in order, also after a failed one', async (t) => {
  const turns = new SerialQueue();
  const done: number[] = [];
  const piece = (n: number, fails = false): Promise<number> =>
    turns.take(async () => {
      await Promise.resolve();
      done.push(n);
      if (fails) throw new Error('no');
      return n;
    });
  const first = piece(1);
  const second = piece(2, true);
  const third = piece(3);
  t.equal(await first, 1);
  await t.rejects(second, { message: 'no' });
  t.equal(await third, 3);
  t.same(done, [1, 2, 3]);
});

t.test('a rate limit is due at once, and again after its interval', (t) => {
  let now = 5;
  const seldom = new RateLimited(100, () => now);
  t.same([seldom.due, seldom.due], [true, false]);
  now = 104;
  t.equal(seldom.due, false);
  now = 105;
  t.equal(seldom.due, true);
  t.end();
});

t.test('gives up a task that hangs, aborts its signal and goes on', async (t) => {
  const turns = new SerialQueue({ limitMs: 50, where: 'PUT /api/presenter' });
  let given: AbortSignal | undefined;
  const hanging = turns.take((signal) => {
    given = signal;
    return new Promise(() => undefined);
  });
  const next = turns.take(async () => 'next');
  await t.rejects(hanging, { code: 'E_TIMEOUT', where: 'PUT /api/presenter', found: /changes nothing/ });
  t.equal(await next, 'next');
  t.equal(given?.aborted, true);
  let isDone = false;
  const late = turns.take(async (signal) => {
    await new Promise((done) => setTimeout(done, 100));
    signal.throwIfAborted();
    isDone = true;
  });
  await t.rejects(late, { code: 'E_TIMEOUT' });
  await new Promise((done) => setTimeout(done, 100));
  t.equal(isDone, false, 'what was refused is not done later');
});
