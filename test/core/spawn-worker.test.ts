import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { prepareWorker, spawnWorker } from '../../src/core/spawn-worker.js';

const module = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.once('message', (word) => parentPort.postMessage({ word, threadId }));
  `)}`,
);
const dying = new URL(`data:text/javascript,${encodeURIComponent('throw new Error("no")')}`);
const built = 'file:///x.js';

t.test('a thread that was prepared is taken once, and works as any other', async (t) => {
  prepareWorker(module, built);
  const first = spawnWorker(module, built);
  const second = spawnWorker(module, built);
  first.postMessage('a');
  second.postMessage('b');
  const [[one], [two]] = await Promise.all([once(first, 'message'), once(second, 'message')]);
  t.equal(one.word, 'a');
  t.equal(two.word, 'b');
  t.not(one.threadId, two.threadId);
  await Promise.all([first.terminate(), second.terminate()]);
});

t.test('one that died before it was taken is followed by another', async (t) => {
  const started = once(process, 'worker') as Promise<[Worker]>;
  prepareWorker(dying, built);
  const [dead] = await started;
  dead.ref(); // it keeps nothing alive by itself
  await new Promise((resolve) => dead.once('exit', resolve));
  const next = spawnWorker(dying, built);
  t.not(next, dead);
  await t.rejects(once(next, 'message'), /no/, 'its own end is told');
});
