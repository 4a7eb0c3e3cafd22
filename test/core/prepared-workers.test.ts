import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import t from 'tap';
import { PreparedWorkers } from '../../src/core/processes/spawn-worker.js';

const module = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', (word) => parentPort.postMessage({ word }));
  `)}`,
);
const dying = new URL(`data:text/javascript,${encodeURIComponent('throw new Error("no")')}`);
const built = 'file:///x.js';

t.test('hands out a prepared thread once, and it works as any other', async (t) => {
  const prepared = new PreparedWorkers();
  prepared.prepare(module, built);
  const worker = prepared.take(module)!;
  t.equal(prepared.take(module), undefined);
  worker.postMessage('a');
  const [{ word }] = (await once(worker, 'message')) as [{ word: string }];
  t.equal(word, 'a');
  await worker.terminate();
});

t.test('forgets a thread that died before it was taken', async (t) => {
  const started = once(process, 'worker') as Promise<[Worker]>;
  const prepared = new PreparedWorkers();
  prepared.prepare(dying, built);
  const [dead] = await started;
  dead.ref(); // by itself it keeps nothing alive
  await new Promise((resolve) => dead.once('exit', resolve));
  t.equal(prepared.take(dying), undefined);
});
