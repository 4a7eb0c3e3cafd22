import { Worker } from 'node:worker_threads';
import t from 'tap';
import { ThreadStaller } from '../../../scripts/proof/stall-thread.js';

/** A thread that tells all its silences of more than 100 ms, as long as it lives. */
const begin = (): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     let last = Date.now();
     setInterval(() => { const now = Date.now(); if (now - last > 100) parentPort.postMessage(now - last); last = now; }, 5);
     parentPort.postMessage(0);`,
    { eval: true },
  );
const silence = (worker: Worker): Promise<number> => new Promise((resolve) => worker.once('message', resolve));

t.test('a thread is stalled, and so is one that came after it had ended', async (t) => {
  const staller = new ThreadStaller();
  t.teardown(() => staller.close());
  for (let i = 0; i < 2; i += 1) {
    const worker = begin();
    await silence(worker);
    const told = silence(worker);
    while (!staller.stall(worker.threadId, 300)) await new Promise((go) => setTimeout(go, 5));
    t.ok((await told) >= 290);
    await worker.terminate();
  }
  t.equal(staller.stall(-1, 300), false);
});
