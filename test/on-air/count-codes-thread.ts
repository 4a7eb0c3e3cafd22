import { parentPort, workerData } from 'node:worker_threads';
import { holdsCode } from './code-parts.js';
import { whole } from '../kit/whole.js';

/** One frame of this many is also read by the slower detector. */
const JSQR_STEP = 4;

const { width, height } = workerData as { width: number; height: number };
let [count, seen] = [0, 0];
let last: Promise<unknown> = Promise.resolve();

parentPort!.on('message', (message: Uint8Array | 'count') => {
  last = last.then(async () => {
    if (message === 'count') return parentPort!.postMessage(count);
    if (message.length !== width * height) throw new Error(`a frame of ${message.length} bytes`);
    if (await holdsCode(message, width, height, whole || seen % JSQR_STEP === 0)) count += 1;
    seen += 1;
  });
  // A frame that cannot be searched must fail the test, not pass as one without a code.
  last.catch((error: unknown) => {
    throw error;
  });
});
