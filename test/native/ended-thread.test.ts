import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { addonPath } from '../../src/native/load-addon.js';

const skip = !existsSync(addonPath()) && 'the addon is not built';

/** Calls a kernel without pause, as a scan thread does. */
const BUSY = `
  const { Kernels } = require(${JSON.stringify(addonPath())});
  const kernels = new Kernels('');
  const [a, b] = [new Uint8Array(16), new Uint8Array(16)];
  require('node:worker_threads').parentPort.postMessage('ready');
  for (;;) kernels.countDifferences(a, b);
`;

t.test('survives a thread that ends during kernel calls', { skip }, async (t) => {
  // A call that begins when its thread may not run any more can't throw: unless that is allowed for, Node aborts.
  for (let round = 0; round < 12; round += 1) {
    const worker = new Worker(BUSY, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    t.equal(await worker.terminate(), 1);
  }
});
