import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { spawnWorker } from '../../src/core/processes/spawn-worker.js';

/** Number of frames with a code, by the detectors at full effort, on two threads where available. */
export async function countCodes(frames: readonly Uint8Array[], width: number, height: number): Promise<number> {
  const threads = Math.min(2, availableParallelism());
  const counts = Array.from({ length: threads }, async (_, thread) => {
    const worker = spawnWorker(new URL('./count-codes-thread.js', import.meta.url), import.meta.url, {
      workerData: { width, height },
    });
    for (let i = thread; i < frames.length; i += threads) {
      // A copy of its own: sending a view of the recording would send its whole memory for each frame.
      const frame = Uint8Array.from(frames[i]!);
      worker.postMessage(frame, [frame.buffer]);
    }
    worker.postMessage('count');
    const [count] = (await once(worker, 'message')) as [number];
    await worker.terminate();
    return count;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
