import t from 'tap';
import { RateLimited } from '../../src/core/rate-limited.js';
import { LastingQueue, pointOfNoReturn, refuseWhenLate, SerialQueue, withinCall } from '../../src/core/serial-queue.js';

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

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

t.test('refuses a task whose call ends while it waits, and never does it', async (t) => {
  const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
  const first = turns.take(() => pause(150));
  let isDone = false;
  const edit = withinCall(40, () => turns.take(async () => void (isDone = true)));
  await t.rejects(edit, { code: 'E_TIMEOUT', details: { applied: false } });
  await first;
  await turns.take(async () => undefined);
  t.equal(isDone, false);
});

t.test('does not keep the next task waiting for one that was given up and changes nothing', async (t) => {
  const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
  let isDone = false;
  const slow = withinCall(40, () =>
    turns.take(async (signal) => {
      await pause(150);
      pointOfNoReturn(signal);
      isDone = true;
    }),
  );
  const next = turns.take(async () => isDone);
  await t.rejects(slow, { code: 'E_TIMEOUT', details: { applied: false } });
  t.equal(await next, false);
  await pause(150);
  t.equal(isDone, false);
});

t.test('says that a task takes effect which had begun to, and the next task waits for it', async (t) => {
  const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
  let isDone = false;
  const slow = withinCall(40, () =>
    turns.take(async (signal) => {
      pointOfNoReturn(signal);
      await pause(120);
      isDone = true;
    }),
  );
  const next = turns.take(async () => isDone);
  await t.rejects(slow, { code: 'E_TIMEOUT', found: /takes effect/, details: { applied: true } });
  t.equal(isDone, false, 'answered in time');
  t.equal(await next, true);
});

t.test('an undo takes effect when the edit inside it does', async (t) => {
  const history = new SerialQueue({ limitMs: 10_000, where: 'undo' });
  const products = new SerialQueue({ limitMs: 10_000, where: 'products' });
  const undo = withinCall(40, () =>
    history.take(() =>
      products.take(async (signal) => {
        pointOfNoReturn(signal);
        await pause(120);
      }),
    ),
  );
  await t.rejects(undo, { code: 'E_TIMEOUT', details: { applied: true } });
});

t.test('refuses a change outside a queue when its call is over', async (t) => {
  t.doesNotThrow(() => refuseWhenLate('say'));
  await withinCall(20, async () => {
    refuseWhenLate('say');
    await pause(40);
    t.throws(() => refuseWhenLate('say'), { code: 'E_TIMEOUT', where: 'say' });
  });
});

t.test('work of the room itself goes on when the call that it came with is over', async (t) => {
  const slow = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('written'), 30));
  await t.rejects(
    withinCall(1, () => new SerialQueue().take(slow)),
    { code: 'E_TIMEOUT' },
  );
  t.equal(await withinCall(1, () => new LastingQueue().take(slow)), 'written');
});
