import { Worker } from 'node:worker_threads';
import t from 'tap';
import { ThreadStaller } from '../../../../scripts/bench/proof/stall-thread.js';

/** A thread that reports each of its gaps of more than 100 ms. */
const begin = (): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     let last = Date.now();
     setInterval(() => { const now = Date.now(); if (now - last > 100) parentPort.postMessage(now - last); last = now; }, 5);
     parentPort.postMessage(0);`,
    { eval: true },
  );
const silence = (worker: Worker): Promise<number> => new Promise((resolve) => worker.once('message', resolve));

t.test('stalls the chosen thread, whatever threads came and went before', async (t) => {
  const staller = new ThreadStaller();
  t.teardown(() => staller.close());
  for (let i = 0; i < 3; i += 1) {
    const [other, worker] = [begin(), begin()];
    await Promise.all([silence(other), silence(worker)]);
    const told = silence(worker);
    let stalled = false;
    void told.then(() => (stalled = true));
    // The inspector reports a new worker with a delay.
    for (let n = 0; n < 50 && !stalled; n += 1) {
      staller.stall(worker.threadId, 300);
      await new Promise((go) => setTimeout(go, 400));
    }
    t.ok((await told) >= 290);
    await Promise.all([other.terminate(), worker.terminate()]);
  }
});
