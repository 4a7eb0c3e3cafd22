import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { addonPath } from '../../src/native/load-addon.js';

const skip = !existsSync(addonPath()) && 'the addon is not built';

/** Calls a kernel without pause, like a scan thread. */
const BUSY = `
  const { Kernels } = require(${JSON.stringify(addonPath())});
  const kernels = new Kernels('');
  const [a, b] = [new Uint8Array(16), new Uint8Array(16)];
  require('node:worker_threads').parentPort.postMessage('ready');
  for (;;) kernels.countDifferences(a, b);
`;

t.test('survives a thread that ends during kernel calls', { skip }, async (t) => {
  // A call that begins after its thread was ended can't throw: without handling for that, Node aborts.
  for (let round = 0; round < 12; round += 1) {
    const worker = new Worker(BUSY, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    t.equal(await worker.terminate(), 1);
  }
});
